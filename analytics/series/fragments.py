"""A piece of a text around a word, as one plain line. Pure; the text is anybody's."""

import re
import unicodedata

# On either side of the word.
_AROUND = 60
_CHARACTERS_MAX = 20_000


def fragment(text: str, term: str) -> str:
    """Return the text around the first place of a word, or of two; empty where it is not.

    Examples
    --------
    >>> fragment("Well. I'm sorry, but" + chr(10) + "no.", "sorry but")
    "Well. I'm sorry, but no."
    """
    text = text[:_CHARACTERS_MAX]
    wanted = r"\W+".join(re.escape(word) for word in term.split(" "))
    found = re.search(rf"(?<!\w){wanted}(?!\w)", text, re.IGNORECASE)
    if found is None:
        return ""
    start, end = max(0, found.start() - _AROUND), min(len(text), found.end() + _AROUND)
    return f"{'…' if start else ''}{one_line(text[start:end])}{'…' if end < len(text) else ''}"


def one_line(text: str) -> str:
    """Return a text without what is not printable, spaces instead."""
    shown = "".join(" " if unicodedata.category(letter).startswith(("C", "Z")) else letter for letter in text)
    return " ".join(shown.split())
