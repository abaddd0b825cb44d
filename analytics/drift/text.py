"""What is counted of a text: seven descriptors, its form and chat phrases, a sketch of 64 numbers. Pure.

Descriptors are numeric series like any other, form and chat phrases categories. The sketch adds up hashed
words and pairs of words on a fixed basis: 64 directions in which other people's texts vary most, fitted
once on docstrings of Python packages (`bench/drift/basis.py`) and shipped with a version. A basis fitted
on the reference itself makes any test against it reject nearly always (drift.md 2.2); one drawn from a
seed spreads what texts vary by over all 2,048 hashes and finds less of it.
"""

import re
import zlib
from collections.abc import Sequence
from importlib.resources import as_file, files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BASIS_VERSION = 1
DESCRIPTORS = (
    "characters",
    "newlines per 1,000",
    "digits per 1,000",
    "punctuation per 1,000",
    "characters a word",
    "different words",
    "markdown per 1,000",
)
HASHES = 2_048
# Longer texts are cut: what a text costs is bounded.
_CHARACTERS_MAX = 20_000
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_PUNCTUATION = re.compile(r"[^\w\s]")
# Blank lines are no part of a match: thousands of them would be looked through once for each.
_MARKDOWN = re.compile(r"(?m)^[ \t]*(?:[-*+]|\d+[.)]|#{1,6}|>)\s|\*\*|`|\|")
# What has the most form of its own comes first.
_FORMS = (
    ("table", re.compile(r"(?m)^[ \t]*\|.*\|[ \t]*$")),
    ("headings", re.compile(r"(?m)^[ \t]*#{1,6}[ \t]")),
    ("list", re.compile(r"(?m)^[ \t]*(?:[-*+]|\d+[.)])[ \t]")),
    ("code", re.compile(r"```|`[^`\n]+`")),
    ("emphasis", re.compile(r"\*\*[^*\n]+\*\*")),
    ("paragraphs", re.compile(r"\n")),
)
_NO_FORM = "one paragraph"
_CHAT = re.compile(
    r"\b(?:sure|certainly|of course|sorry|apologi[sz]e|unfortunately|as an ai|language model|"
    r"i can(?:no|')?t|unable to|i'm|happy to help|let me know|hope this helps|here is|here's)\b"
)


def descriptors(text: str) -> Floats:
    """Return the seven `DESCRIPTORS` of a text.

    Examples
    --------
    >>> descriptors("Sure! Here is 1 list:").round(1).tolist()
    [21.0, 0.0, 47.6, 95.2, 3.0, 1.0, 0.0]
    """
    size = len(text)
    text = text[:_CHARACTERS_MAX]
    words = _WORD.findall(text.lower())
    per_1000 = 1000 / max(len(text), 1)
    return np.array(
        [
            size,
            text.count("\n") * per_1000,
            len(_DIGIT.findall(text)) * per_1000,
            len(_PUNCTUATION.findall(text)) * per_1000,
            sum(map(len, words)) / max(len(words), 1),
            len(set(words)) / max(len(words), 1),
            len(_MARKDOWN.findall(text)) * per_1000,
        ]
    )


def chat_phrases(text: str) -> str:
    """Return how many phrases a text has that assistants say to people.

    Most texts have none: as a number by 1,000 characters, a hundredth of them would be all its tails.

    Examples
    --------
    >>> chat_phrases("Sure! Here is a list."), chat_phrases("A list.")
    ('several', 'none')
    """
    found = len(_CHAT.findall(text[:_CHARACTERS_MAX].lower()))
    return ("none", "one")[found] if found < 2 else "several"


def form(text: str) -> str:
    """Return in which form a text is written.

    A share of texts that are lists, where few were, is found in hours; as a number by 1,000 characters,
    which is nothing for most texts, in days.

    Examples
    --------
    >>> form("- one" + chr(10) + "- two"), form("Done."), form("See `main`.")
    ('list', 'one paragraph', 'code')
    """
    text = text[:_CHARACTERS_MAX].strip()
    return next((name for name, found in _FORMS if found.search(text)), _NO_FORM)


def terms(text: str) -> set[str]:
    """Return the different words of a text and pairs of neighbours.

    Examples
    --------
    >>> sorted(terms("So sorry."))
    ['so', 'so sorry', 'sorry']
    """
    words = _WORD.findall(text[:_CHARACTERS_MAX].lower())
    return {*words, *(f"{first} {second}" for first, second in pairwise(words))}


def hash_of(term: str) -> int:
    """Return its CRC-32 modulo 2,048, of the UTF-8: ClickHouse's ``CRC32`` computes it alike."""
    return zlib.crc32(term.encode("utf-8", "replace")) % HASHES


def hashes(text: str) -> list[int]:
    """Return the different hashes of a text's words and pairs of neighbours."""
    return sorted({hash_of(one) for one in terms(text)})


def sketch(found: Sequence[int], basis: Floats) -> Floats:
    """Return the sketch of a text: its hashes on the basis, at a length that texts of any size share.

    Parameters
    ----------
    found
        `hashes` of the text.
    basis : shape (HASHES, 64)
    """
    return np.asarray(basis[found].sum(0) / np.sqrt(max(len(found), 1)))


def shipped_basis() -> Floats:
    """Return the basis of `BASIS_VERSION`, shape (HASHES, 64)."""
    with as_file(files(__package__) / f"basis_{BASIS_VERSION}.npy") as path:
        return np.asarray(np.load(path, allow_pickle=False), np.float64) / 127
