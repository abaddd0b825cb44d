"""Which outputs of a trace were taken in by which spans. Pure; O(n log n) of the words that are looked at.

Definition: `reference/detectors.md` 3.13. What the task says itself, and what stands in many outputs, shows
nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.flow.said import CHARACTERS_MAX, Said
from analytics.flow.shingles import Hashes, shingles_of
from analytics.flow.values import Values

Channel = Literal["explicit", "value", "prose"]

# Outputs in which a value or a run of words may stand and still show where it came from.
GIVERS_MAX = 3
# Values that stand in several outputs show a flow when so many are shared.
SHARED_MIN = 2
# Runs of words shared, or the share of all in the output: either shows a flow.
RUNS_MIN = 8
CONTAINED_MIN = 0.3
# Shared values that are named.
NAMED_MAX = 5


@dataclass(frozen=True, slots=True)
class Flow:
    """What one span gave stands in what another took in, or in what a span above it gave.

    Parameters
    ----------
    channel
        ``explicit``: the id of a call; ``value``: values that hardly stand there by chance; ``prose``: runs
        of words.
    share
        Of what was given, by what is compared: values or runs.
    shared
        Values that stand in both; none for prose.
    """

    source: str
    target: str
    channel: Channel
    share: float
    shared: tuple[str, ...]


def flows_in(spans: Sequence[Said], task: str = "") -> list[Flow]:
    """Return the flows of a trace, by when the taker began: one from each giver to each agent, the first.

    Parameters
    ----------
    task
        What the trace was asked: what stands in it was known to all.

    Examples
    --------
    The cases of `tests/analytics/flow/test_flows_in.py`.
    """
    task = task[:CHARACTERS_MAX]
    ordered = sorted(spans, key=lambda span: (span.start_ns, span.span_id))
    found: dict[tuple[str, str], Flow] = {}
    whos = {span.span_id: span.who for span in ordered}
    for flow in [*_values(ordered, task), *_prose(ordered, task)]:
        found.setdefault((flow.source, whos[flow.target]), flow)
    place = {span.span_id: number for number, span in enumerate(ordered)}
    return sorted(found.values(), key=lambda flow: (place[flow.target], place[flow.source]))


def _takes(giver: Said, taker: Said) -> bool:
    """Say whether one may have taken in what the other gave: it began after that was there."""
    return bool(giver.end_ns) and giver.end_ns <= taker.start_ns and taker.span_id not in giver.above


def _values(spans: Sequence[Said], task: str) -> Iterator[Flow]:
    values = Values()
    known = values.of([task])
    given = [values.of(span.gives) - known for span in spans]
    givers: defaultdict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(given):
        for value in each:
            givers[value].append(number)
    for number, taker in enumerate(spans):
        taken = values.of(taker.takes)
        shared: defaultdict[int, list[str]] = defaultdict(list)
        for value in taken - known:
            for giver in _few(givers.get(value, ()), taker.call_id, value):
                if _takes(spans[giver], taker):
                    shared[giver].append(value)
        for value in given[number]:
            for giver in _few(givers[value], taker.call_id, value):
                if taker.span_id in spans[giver].above:
                    shared[giver].append(value)
        yield from _accepted(spans, taker, shared, given, givers)


def _few(givers: Sequence[int], call_id: str, value: str) -> Sequence[int]:
    return givers if len(givers) <= GIVERS_MAX or value == call_id.casefold() else ()


def _accepted(
    spans: Sequence[Said],
    taker: Said,
    shared: dict[int, list[str]],
    given: Sequence[frozenset[str]],
    givers: dict[str, list[int]],
) -> Iterator[Flow]:
    for giver, values in shared.items():
        ids = {taker.call_id.casefold(), spans[giver].call_id.casefold()} - {""}
        is_explicit = not ids.isdisjoint(values)
        is_alone = any(_first_hands(spans, givers[value]) == 1 for value in values)
        if is_explicit or is_alone or len(values) >= SHARED_MIN:
            share = len(set(values)) / max(1, len(given[giver]))
            named = tuple(sorted(set(values), key=lambda value: (-len(value), value))[:NAMED_MAX])
            channel: Channel = "explicit" if is_explicit else "value"
            yield Flow(spans[giver].span_id, taker.span_id, channel, share, named)


def _first_hands(spans: Sequence[Said], givers: Sequence[int]) -> int:
    """Count the givers; who is above another one passes on what that gave."""
    above = frozenset[str]().union(*(spans[giver].above for giver in givers))
    return sum(spans[giver].span_id not in above for giver in givers)


def _prose(spans: Sequence[Said], task: str) -> Iterator[Flow]:
    *hashes, known = shingles_of([*(span.gives for span in spans), *(span.takes for span in spans), [task]])
    given = [np.setdiff1d(each, known, assume_unique=True) for each in hashes[: len(spans)]]
    taken = hashes[len(spans) :]
    table, owners = _table(given)
    for number, taker in enumerate(spans):
        inputs = _counted(table, owners, taken[number], len(spans))
        outputs = _counted(table, owners, given[number], len(spans))
        for giver in np.flatnonzero(inputs + outputs).tolist():
            runs = inputs[giver] if _takes(spans[giver], taker) else 0
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
