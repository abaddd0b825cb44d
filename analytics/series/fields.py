"""Fields: what a structured answer has at which path, and its shape. Pure; the document is anybody's."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# Of one document: paths that are looked at, how deep they go, and elements of a list.
PATHS_MAX = 200
_NODES_MAX = 5_000
_DEPTH_MAX = 6
_ELEMENTS_MAX = 20
PATH_CHARACTERS_MAX = 100
# A longer string is no word of an enumeration.
VALUE_CHARACTERS_MAX = 40
_SHOWN_CHARACTERS_MAX = 80

Value = str | float


@dataclass(slots=True)
class Structure:
    """A document.

    Parameters
    ----------
    paths
        All that it has, in lists by ``[]``: not more than `PATHS_MAX`.
    values
        By path: words and numbers that stand in no list.
    """

    paths: set[str] = field(default_factory=set)
    values: dict[str, Value] = field(default_factory=dict)

    @property
    def shape(self) -> str:
        """Its paths as a short hash, with the first of them to be read.

        Examples
        --------
        >>> structure({"state": "paid", "items": [{"id": 1}]}).shape
        '7893d8b1 $.items, $.items[], $.items[].id, $.state'
        """
        paths = sorted(self.paths)
        digest = hashlib.blake2s("\0".join(paths).encode(), digest_size=4).hexdigest()
        return f"{digest} {', '.join(paths)[:_SHOWN_CHARACTERS_MAX]}"


def structure(document: Any) -> Structure:
    """Return what a document has where.

    Examples
    --------
    >>> structure({"state": "paid", "total": 3, "sure": True}).values
    {'$.state': 'paid', '$.sure': 'true', '$.total': 3.0}
    """
    found = Structure()
    for path, value in _leaves(document):
        if len(found.paths) >= PATHS_MAX:
            break
        found.paths.add(path)
        if "[]" not in path and (one := _counted(value)) is not None:
            found.values[path] = one
    return found


def _leaves(document: Any) -> Iterator[tuple[str, Any]]:
    """Yield paths with what stands there, in the order of their names, so that a bound cuts all alike."""
    left = [("$", document, 0)]
    for _ in range(_NODES_MAX):
        if not left:
            return
        path, node, depth = left.pop()
        if path != "$":
            yield path, node
        if depth < _DEPTH_MAX:
            left.extend((name, one, depth + 1) for name, one in _members(path, node))


def _members(path: str, node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, Mapping):
        # the last is taken first
        for name in sorted(node, reverse=True)[-PATHS_MAX:]:
            yield f"{path}.{name}"[:PATH_CHARACTERS_MAX], node[name]
    elif isinstance(node, list):
        yield from (
            (f"{path}[]"[:PATH_CHARACTERS_MAX], one)
            for one in node[_ELEMENTS_MAX - 1 :: -1]
            if _is_inner(one)
        )


def _is_inner(node: Any) -> bool:
    return isinstance(node, Mapping | list)


def _counted(value: Any) -> Value | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e300 else None
    if isinstance(value, str) and 0 < len(value) <= VALUE_CHARACTERS_MAX:
        return value
    return None
