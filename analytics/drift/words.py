"""Words that came and went: which have another share of texts than before. Pure.

Two things must agree. Of all texts the frequencies of 2,048 hashes are known, which many words share:
a text of a page has a tenth of them by chance. Of a sample of texts that are still stored, every word
is known.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, false_discovery_control

from analytics.drift.text import hash_of, terms

Floats = NDArray[np.float64]

# Of the words that are told so many may be chance (Benjamini and Hochberg, over the words that any
# three traces have, of before and after together: which side has them must not choose what is tested).
_CHANCE = 0.05
WORDS_MAX = 10
# What fewer traces say may be about a person (as in analytics/series/answers.py).
TRACES_MIN = 3
_TERM_CHARACTERS_MAX = 60


class Text(NamedTuple):
    """A text that is still stored: of which trace it is, and its words and pairs of words."""

    trace: str
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Side:
    """Texts of before or after.

    Parameters
    ----------
    hashed : shape (HASHES,)
        In how many of all texts each hash occurs.
    n, traces
        All texts, and traces that they are of.
    sample
        Those that were read.
    """

    hashed: Floats
    n: float
    traces: float
    sample: Sequence[Text]


class Word(NamedTuple):
    """A word, or two, and the share of texts of the sample that have it."""

    term: str
    before: float
    after: float
    # place in the sample of the side that has it more often
    example: int


def text_of(trace: str, said: str) -> Text:
    """Return what of a text is looked at."""
    return Text(trace, frozenset(one for one in terms(said) if len(one) <= _TERM_CHARACTERS_MAX))


def changed_words(before: Side, after: Side) -> tuple[list[Word], list[Word]]:
    """Return the words that more texts have after, and those that fewer have, the surest first.

    Were both alike, of the texts that have a word a part would be of after that is the part of all
    texts: binomial, exact where a word is rare [1]_. Texts of one trace are alike: they count as one.

    References
    ----------
    .. [1] J. Przyborowski, H. Wilenski. Homogeneity of results in testing samples from Poisson series.
       Biometrika 31 (1940), 313-323.
    """
    if not (before.sample and after.sample and before.n and after.n):
        return [], []
    more, fewer = _more_often(before, after), _more_often(after, before)
    return _told(more, before, after, of=after), _told(fewer, before, after, of=before)


def _more_often(there: Side, here: Side) -> list[str]:
    """Return the words that more texts have here than there, the surest first."""
    others, counted = _traces_with(there.sample), _traces_with(here.sample)
    either = others + counted
    known = sorted(term for term, traces in either.items() if term and traces >= TRACES_MIN)
    if not known:
        return []
    chance = _chance(*(_sampled(known, side) for side in (others, counted)))
    hashed = _chance(_hashed(there), _hashed(here))[[hash_of(term) for term in known]]
    agreed = np.maximum(false_discovery_control(chance), hashed) <= _CHANCE
    # of a word and a pair with it that are as sure, the word
    order = np.lexsort((np.array([len(term.split()) for term in known]), chance))
    return [known[place] for place in order if agreed[place] and counted[known[place]] >= TRACES_MIN]


class _Counted(NamedTuple):
    """In how many of so many traces each of some words occurs."""

    traces: Floats
    n: float


def _traces_with(sample: Sequence[Text]) -> Counter[str]:
    """Return in how many traces each word occurs; of how many in all is said by the empty word."""
    of: dict[str, set[str]] = {}
    for one in sample:
        of.setdefault(one.trace, set()).update(one.terms)
    return Counter(term for found in of.values() for term in (*found, ""))


def _sampled(known: Sequence[str], traces_with: Mapping[str, int]) -> _Counted:
    return _Counted(np.array([traces_with[term] for term in known], float), traces_with[""])


def _hashed(side: Side) -> _Counted:
    traces = min(side.traces, side.n)
    return _Counted(np.floor(side.hashed * traces / side.n), traces)


def _chance(there: _Counted, here: _Counted) -> Floats:
    """Return how likely as many more here are by chance."""
    both, part = there.traces + here.traces, here.n / max(there.n + here.n, 1)
    return np.asarray(binom.sf(here.traces - 1, both, part))


def _told(surest: Sequence[str], before: Side, after: Side, of: Side) -> list[Word]:
    """Return the first of some words; one that shares a word with one before it says little more."""
    found: list[Word] = []
    said: set[str] = set()
    for term in surest:
        if len(found) < WORDS_MAX and not said & set(term.split()):
            said |= set(term.split())
            example = next(place for place, one in enumerate(of.sample) if term in one.terms)
            found.append(Word(term, _share(term, before.sample), _share(term, after.sample), example))
    return found


def _share(term: str, sample: Sequence[Text]) -> float:
    return sum(term in one.terms for one in sample) / len(sample)
