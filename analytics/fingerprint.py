"""Fingerprint: what names the same thing each time it is found."""

from hashlib import sha256


def fingerprint(*names: str) -> str:
    """Return the fingerprint of what these names make up; names of any length and form.

    Examples
    --------
    >>> fingerprint("planner", "coder") == fingerprint("planner coder")
    False
    """
    return sha256("\0".join(names).encode(errors="replace")).hexdigest()[:32]
