"""Values: what stands in a text that hardly stands there by chance. Pure.

Identifiers, numbers of three digits or more, dates, addresses and names: 98.6 % of the values in 1,389 tool
arguments of tau-bench stand word for word in an earlier message, and 64 % of those in one alone
(`reference/detectors.md` 0.8).
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

# Of one text; what comes from outside may be made of nothing else.
VALUES_MAX = 2_000
_CHARACTERS_MIN, _CHARACTERS_MAX = 3, 200
# What parts values in prose and in JSON; commas and colons stand within numbers, times and addresses, too.
_TOKEN = re.compile(r"""[^\s"'`{}\[\]()<>=|;\\]+""")
_PARTS = re.compile(r"[,:]")
_ENDS = ".,:!?*_#-"
_ADDRESS = re.compile(r"https?://.{3,}|[^@]+@[\w-]+\.[\w.-]+")
_NUMBER = re.compile(r"[-+$€£]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.+Z-]*)?|\d{1,2}[/.]\d{1,2}[/.]\d{4}")
_ID = re.compile(r"(?=.*\d)(?=.*[^\W\d])[\w./#-]{4,}")
_NAME = re.compile(r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?")


class Values:
    """Finds the values of texts; each text and word is looked at once, however often it comes.

    Examples
    --------
    >>> sorted(Values().of(['order ORD-1234 of Ada Lovelace:', '1,250.50 at 9:30, {"seat":7}']))
    ['1250.5', 'ada lovelace', 'ord-1234']
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ...]] = {}
        self._texts: dict[str, frozenset[str]] = {}

    def of(self, texts: Iterable[str]) -> frozenset[str]:
        """Return their values in a form in which equal ones are equal, `VALUES_MAX` of each at most."""
        return frozenset[str]().union(*map(self._of, texts))

    def _of(self, text: str) -> frozenset[str]:
        if text not in self._texts:
            self._texts[text] = frozenset(self._found(text))
        return self._texts[text]

    def _found(self, text: str) -> set[str]:
        tokens = _TOKEN.findall(text)
        found: set[str] = set()
        for token in dict.fromkeys(tokens):  # in order: which ones are kept is the same each time
            known = self._known.get(token)
            if known is None:
                known = self._known[token] = tuple(_values_of(token))
            found.update(known)
            if len(found) >= VALUES_MAX:
                break
        found.update(_names(tokens))
        return found


def _values_of(token: str) -> Iterator[str]:
    plain = token.strip(_ENDS)
    if not _CHARACTERS_MIN <= len(plain) <= _CHARACTERS_MAX:
        return
    if _ADDRESS.fullmatch(plain) or _DATE.fullmatch(plain):
        yield plain.casefold()
    elif _NUMBER.fullmatch(plain):
        if sum(map(str.isdigit, plain)) >= _CHARACTERS_MIN:
            yield _number(plain)
    elif _PARTS.search(plain):
        for part in _PARTS.split(plain):
            if part != plain:
                yield from _values_of(part)
    elif _ID.fullmatch(plain):
        yield plain.casefold()


def _number(written: str) -> str:
    """Return a number without what is written for the eye alone."""
    plain = written.strip("+$€£%").replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _names(tokens: list[str]) -> Iterator[str]:
    """Yield names of two words: a sentence begins with one capital letter, seldom with two."""
    for first, second in pairwise(tokens):
        if first[0].isupper() and second[0].isupper():
            last = second.strip(_ENDS)
            if _NAME.fullmatch(first) and _NAME.fullmatch(last):
                yield f"{first} {last}".casefold()
