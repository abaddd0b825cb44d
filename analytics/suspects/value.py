"""Values in a text that cannot be guessed: numbers, ids and addresses. Pure.

Which are worth asking for follows `reference/detectors.md` 3.13: numbers of three digits or more, ids, URLs,
files. Small numbers count steps, people and columns, and stand everywhere.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

VALUES_MAX = 400
_URL = re.compile(r"https?://[^\s\"'<>()\[\]{}|`\\]{3,300}")
_ID = re.compile(
    r"\b(?=[A-Za-z0-9_-]{0,63}\d)(?=[A-Za-z0-9_-]{0,63}[A-Za-z])[A-Za-z0-9]{1,40}(?:[_-][A-Za-z0-9]{1,40}){0,6}\b"
)
_NUMBER = re.compile(r"(?<![\w.,/-])(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,15})(?:\.\d{1,10})?(?![\w/]|[.,-]\d)")
_FILE = re.compile(
    r"(?:read_\w{1,20}|load\w{0,20}|open)\(\s{0,3}(?:\w{1,30}\s{0,2}=\s{0,2})?[rf]?[\"']([^\"'\n]{1,200})[\"'](?!\s{0,2},\s{0,2}"
    r"(?:mode\s{0,2}=\s{0,2})?[\"'][wax])"
)
_MEASURE = re.compile(r"\d+-[A-Za-z]+")
_NUMBER_MIN = 100
_ID_CHARACTERS_MIN = 6


class Value(NamedTuple):
    """A value as it stands in a text.

    Parameters
    ----------
    kind
        number, id, URL, or file.
    """

    kind: str
    text: str

    @property
    def number(self) -> float:
        """Of a number: how much it is."""
        return float(self.text.replace(",", ""))


def rare_values(text: str) -> Iterator[Value]:
    """Yield the values of a text that an earlier text should contain, each once; at most `VALUES_MAX`.

    Examples
    --------
    >>> [value.text for value in rare_values("3 orders, A-77Q12: $1,250.50 at https://x.y/z.")]
    ['https://x.y/z', 'A-77Q12', '1,250.50']
    """
    seen: set[str] = set()
    for value in _values(text):
        if value.text not in seen:
            seen.add(value.text)
            yield value
        if len(seen) >= VALUES_MAX:
            return


def _values(text: str) -> Iterator[Value]:
    for match in _URL.finditer(text):
        yield Value("URL", match[0].rstrip(".,;:!?*"))
    text = _URL.sub(" ", text)
    for match in _ID.finditer(text):
        if _is_id(match[0]):
            yield Value("id", match[0])
    for match in _NUMBER.finditer(text):
        value = Value("number", match[0])
        if value.number >= _NUMBER_MIN or "." in value.text:
            yield value


def files_read(code: str) -> Iterator[Value]:
    """Yield the files that code opens to read.

    Examples
    --------
    >>> [file.text for file in files_read('read_csv("a.csv"); open("out.txt", "w")')]
    ['a.csv']
    """
    for match in _FILE.finditer(code):
        yield Value("file", match[1])


def numbers_in(text: str, most: int) -> list[float]:
    """Return every number of a text, small ones too, as many as asked for.

    Examples
    --------
    >>> numbers_in("2 of 1,500 or .5", most=9)
    [2.0, 1500.0, 5.0]
    """
    found = re.finditer(r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,10})?(?!\d)|\d{1,15}(?:\.\d{1,10})?", text)
    return [float(match[0].replace(",", "")) for match, _ in zip(found, range(most), strict=False)]


def _is_id(text: str) -> bool:
    """Whether it is more than a word with a number, such as ``200-meter``."""
    digits = sum(character.isdigit() for character in text)
    return len(text) >= _ID_CHARACTERS_MIN and digits >= 3 and not _MEASURE.fullmatch(text)
