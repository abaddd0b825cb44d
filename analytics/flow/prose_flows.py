"""Flows by runs of words that stand in both. Pure; O(n log n) of the words, and of spans their square."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from analytics.flow.flow import GIVERS_MAX, Flow, may_take
from analytics.flow.said import Said
from analytics.flow.shingles import Hashes, shingles_of

# Runs of words shared, or the share of all in the output: either shows a flow.
RUNS_MIN = 8
CONTAINED_MIN = 0.3


def prose_flows(spans: Sequence[Said], task: str) -> Iterator[Flow]:
    """Yield the flows of spans in order of their start."""
    *hashes, known = shingles_of([*(span.gives for span in spans), *(span.takes for span in spans), [task]])
    given = [np.setdiff1d(each, known, assume_unique=True) for each in hashes[: len(spans)]]
    taken = hashes[len(spans) :]
    table, owners = _table(given)
    for number, taker in enumerate(spans):
        inputs = _counted(table, owners, taken[number], len(spans))
        outputs = _counted(table, owners, given[number], len(spans))
        for giver in np.flatnonzero(inputs + outputs).tolist():
            runs = inputs[giver] if may_take(spans[giver], taker) else 0
            runs = max(runs, outputs[giver] if taker.span_id in spans[giver].above else 0)
            share = runs / len(given[giver])
            if runs >= RUNS_MIN or (runs and share >= CONTAINED_MIN):
                yield Flow(spans[giver].span_id, taker.span_id, "prose", float(share), ())


def _table(given: Iterable[Hashes]) -> tuple[Hashes, np.ndarray]:
    """Return all that was given in order of its hash, and by whom; without what many gave."""
    each = list(given)
    table = np.concatenate([*each, np.zeros(0, np.uint64)])
    owners = np.repeat(np.arange(len(each)), [len(some) for some in each])
    order = np.argsort(table, kind="stable")
    table, owners = table[order], owners[order]
    _, counts = np.unique(table, return_counts=True)
    few = np.repeat(counts <= GIVERS_MAX, counts)
    return table[few], owners[few]


def _counted(table: Hashes, owners: np.ndarray, wanted: Hashes, spans: int) -> np.ndarray:
    """Return of each span how many of these runs it gave."""
    left = np.searchsorted(table, wanted, "left")
    right = np.searchsorted(table, wanted, "right")
    found = [owners[left[right - left > more] + more] for more in range(GIVERS_MAX)]
    return np.bincount(np.concatenate(found), minlength=spans)
