"""Shingles: runs of five words by their hashes, sampled by a threshold. Pure.

FracMinHash (Irber et al., 2022, as sourmash has it): a hash is kept when it is below a share of all hashes.
Equal runs are kept or left out together whatever text they stand in, so that containment may be estimated
between texts of different length, which a fixed number of hashes (MinHash) cannot.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from zlib import crc32

import numpy as np
import numpy.typing as npt

WORDS = 5
# Of all texts together: a trace of 2,000 spans stays under a second.
HASHES_MAX = 1_000_000
_WORD = re.compile(r"\w+")
# Odd, so that multiplying loses nothing; the mixing is that of splitmix64 (Steele et al., 2014).
_MULTIPLIERS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F],
    np.uint64,
)

Hashes = npt.NDArray[np.uint64]


def shingles_of(sides: Sequence[Iterable[str]]) -> list[Hashes]:
    """Return the distinct hashes of the texts of each side, sampled alike: the share falls with their number.

    Examples
    --------
    >>> one, other = shingles_of([["the quick brown fox jumps over"], ["a quick brown fox jumps over it"]])
    >>> len(np.intersect1d(one, other))
    1
    """
    words: dict[str, int] = {}
    known: dict[str, Hashes] = {}
    texts = [list(side) for side in sides]
    for text in chain.from_iterable(texts):
        if text not in known:
            known[text] = _hashes(text, words)
    threshold = _threshold(sum(len(known[text]) for side in texts for text in side))
    sampled = {text: hashes[hashes <= threshold] for text, hashes in known.items()}
    return [_together([sampled[text] for text in side]) for side in texts]


def _threshold(total: int) -> np.uint64:
    return np.uint64(2**64 - 1 if total <= HASHES_MAX else int(HASHES_MAX / total * 2**64))


def _together(hashes: Sequence[Hashes]) -> Hashes:
    return hashes[0] if len(hashes) == 1 else np.unique(np.concatenate([*hashes, np.zeros(0, np.uint64)]))


def _hashes(text: str, known: dict[str, int]) -> Hashes:
    words = _WORD.findall(text.casefold())
    for word in words:
        if word not in known:
            known[word] = crc32(word.encode(errors="replace"))
    if len(words) < WORDS:
        return np.zeros(0, np.uint64)
    numbers = np.fromiter((known[word] for word in words), np.uint64, len(words))
    with np.errstate(over="ignore"):
        runs = np.lib.stride_tricks.sliding_window_view(numbers, WORDS) * _MULTIPLIERS
        mixed = runs.sum(axis=1, dtype=np.uint64)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.unique(mixed ^ (mixed >> np.uint64(31)))
