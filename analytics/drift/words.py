"""Words that came and went: hashes whose share of texts changed, and which words these are. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from analytics.drift.text import HASHES, hash_of, terms

Floats = NDArray[np.float64]

# One word in so many explanations is chance, over all hashes and both directions: Bonferroni, which in
# drift.md 3.5 told words of 3 % of pairs of samples that were alike.
_CHANCE = 0.05 / (2 * HASHES)
WORDS_MAX = 10
# What fewer traces say may be about a person (as in analytics/series/answers.py).
TRACES_MIN = 3
# A word explains a hash that moved as far as that, or more: many words share one.
_PART_MIN = 0.5
_TERM_CHARACTERS_MAX = 60


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of some texts each hash occurs.

    Parameters
    ----------
    texts : shape (HASHES,)
    n, traces
        Texts, and traces that they are of.
    """

    texts: Floats
    n: float
    traces: float


class Told(NamedTuple):
    """A text that is still stored, and of which trace it is."""

    trace: str
    terms: frozenset[str]


class Word(NamedTuple):
    """A word, or two, the share of texts that have it before and after, and which text is an example.

    Parameters
    ----------
    example
        Place among the texts of the side that has it more often.
    """

    term: str
    before: float
    after: float
    example: int


def told(trace: str, text: str) -> Told:
    """Return what of a text is looked up."""
    return Told(trace, frozenset(one for one in terms(text) if len(one) <= _TERM_CHARACTERS_MAX))


def shifted(before: Frequencies, after: Frequencies) -> tuple[list[int], list[int]]:
    """Return the hashes that more texts have after, and those that fewer have, the surest first.

    Were both alike, of the texts that have a hash a part would be of after that is the part of all
    texts: binomial, exact where a hash is rare [1]_. Texts of one trace are alike: they count as one.

    References
    ----------
    .. [1] J. Przyborowski, H. Wilenski. Homogeneity of results in testing samples from Poisson series.
       Biometrika 31 (1940), 313-323.
    """
    if not (before.n and after.n):
        return [], []
    then, now = (np.floor(one.texts * min(one.traces / one.n, 1.0)) for one in (before, after))
    of_after = after.traces / (before.traces + after.traces)
    more, fewer = binom.sf(now - 1, then + now, of_after), binom.cdf(now, then + now, of_after)
    return _surest(np.asarray(more)), _surest(np.asarray(fewer))


def words(
    hashes: Sequence[int], differences: Floats, here: Sequence[Told], there: Sequence[Told]
) -> list[Word]:
    """Return which words hashes are that `here` has more often than `there`; those not found are not told.

    Parameters
    ----------
    differences : shape (HASHES,)
        By how much the share of texts with each hash is larger here.

    Returns
    -------
    `before` is the share there, `after` the share here.
    """
    wanted = set(hashes)
    of: dict[str, int] = {}
    for one in here:
        for term in one.terms - of.keys():
            of[term] = hash_of(term)
    counted, others = _counted(here, of, wanted), _counted(there, of, wanted)
    by_hash: dict[int, list[str]] = {}
    for term in counted:
        by_hash.setdefault(of[term], []).append(term)
    found: list[Word] = []
    for hash_ in hashes:
        if len(found) == WORDS_MAX:
            break
        known = {word for one in found for word in one.term.split()}
        shares = {
            term: _shares(counted[term], len(here), others[term], len(there), float(differences[hash_]))
            for term in by_hash.get(hash_, ())
        }
        for term in sorted(shares, key=lambda each: (shares[each][0] - shares[each][1], each)):
            share_there, share_here = shares[term]
            is_it = share_here - share_there >= _PART_MIN * differences[hash_]
            if is_it and not known & set(term.split()) and _is_of_many(term, here):
                found.append(Word(term, share_there, share_here, _example(term, here)))
                break
    return found


def _surest(chance: Floats) -> list[int]:
    order = np.argsort(chance, kind="stable")
    return [int(hash_) for hash_ in order if chance[hash_] < _CHANCE]


def _counted(texts: Sequence[Told], of: Mapping[str, int], wanted: set[int]) -> Counter[str]:
    return Counter(term for one in texts for term in one.terms if of.get(term) in wanted)


def _shares(here: int, here_n: int, there: int, there_n: int, difference: float) -> tuple[float, float]:
    share = here / here_n
    # no text of there is stored any more: what the hash says of all texts
    return (there / there_n if there_n else max(0.0, share - difference)), share


def _is_of_many(term: str, texts: Sequence[Told]) -> bool:
    return len({one.trace for one in texts if term in one.terms}) >= TRACES_MIN


def _example(term: str, texts: Sequence[Told]) -> int:
    return next(place for place, one in enumerate(texts) if term in one.terms)
