"""Real runs of two agents (ag2-math) whose prompt or topology switches, found without a model.

Every run is a bucket of its own. Beside the total length of what the agents wrote, which peers see
too, six other series of a run are watched and their evidence is shared.
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analytics.drift import text
from analytics.drift.bins import bins_of
from analytics.drift.detector import fresh, log_prior, run
from analytics.drift.evidence import Margin, log_e
from analytics.drift.mix import shared
from analytics.drift.reference import fit
from analytics.drift.scores import Scores, numeric_scores
from bench.drift.peers.run import asked
from bench.drift.peers.streams import Stream
from bench.drift.report import Row, rate, share
from bench.drift.size import Size

RUNS = Path(__file__).parents[3] / "shared" / "data" / "ag2-math" / "gpt-4.jsonl.gz"
LEARNED, HEALTHY, SWITCHED = 400, 400, 400
# At most one false alarm per 1,000 runs: the sum grows by one a run.
LOG_THRESHOLD = float(np.log(1000))
MEASURES = ("written", "turns", "longest", *text.DESCRIPTORS[1:5])

Floats = NDArray[np.float64]


def rows(size: Size) -> Iterator[Row]:
    """Yield false alarms, power and delay over all switches, ours and river's."""
    if not RUNS.is_file():
        yield Row("ag2-math", f"{RUNS} is not there", "-", "not measured")
        return
    groups = _configurations()
    streams = [
        _stream(groups, before, later, [size.seed, 9, number])
        for number in range(max(size.repeats // 6, 3))
        for before, later in permutations(sorted(groups), 2)
    ]
    required = "<= 1 false alarm per 1,000 runs"
    for name, measures in (("length written alone", slice(1)), ("seven measures", slice(None))):
        alarms = [_alarm(one[:, measures]) for one in streams]
        yield Row("ag2-math", f"prompt or topology switches, {name}", required, _told(alarms))
    seen = [Stream(one[:, 0], np.arange(len(one)), LEARNED) for one in streams]
    for name, found in asked("on_river", seen).items():
        told = found if isinstance(found, str) else _told([one[0] if one else None for one in found])
        yield Row("ag2-math", f"{name}, length written", required, "-", told)


def _configurations() -> dict[tuple[str, str], Floats]:
    groups = defaultdict(list)
    with gzip.open(RUNS, "rt") as file:
        for line in file:
            one = json.loads(line)
            groups[one["prompt"], one["topology"]].append(_measured(one["messages"]))
    return {key: np.array(runs) for key, runs in groups.items() if len(runs) >= LEARNED + HEALTHY}


def _measured(messages: Sequence[dict[str, object]]) -> list[float]:
    written = [str(message.get("content") or "") for message in messages]
    lengths = [len(one) for one in written]
    return [sum(lengths), len(written), max(lengths), *text.descriptors("\n".join(written))[1:5]]


def _stream(groups: dict[tuple[str, str], Floats], before: tuple, later: tuple, seed: list[int]) -> Floats:
    rng = np.random.default_rng([*seed, *(len(part) for part in (*before, *later))])
    first = rng.permutation(groups[before])[: LEARNED + HEALTHY]
    return np.concatenate([first, rng.permutation(groups[later])[:SWITCHED]])


def _alarm(runs: Floats) -> int | None:
    """Return after how many runs behind the reference there is an alarm."""
    path = shared(np.stack([_path(column) for column in runs.T]))
    above = np.flatnonzero(path >= LOG_THRESHOLD)
    return int(above[0]) + 1 if len(above) else None


def _path(values: Floats) -> Floats:
    bins = bins_of(values)
    scores = _scores(bins[:LEARNED])
    sums, n = scores.values[scores.rows(bins)][:, None], np.ones((len(bins), 1))
    # runs have no hour of the day: all of them are at the same one
    hours = np.zeros(len(bins))
    learned, looked = slice(LEARNED), slice(LEARNED, None)
    reference = fit([scores], hours[learned], sums[learned], n[learned], phi_prior=0.4)
    evidence = log_e(reference, hours[looked], sums[looked], n[looked], Margin())
    _, path = run(fresh(reference), evidence, reference.buckets, log_prior(reference))
    return path[:, 0]


def _scores(bins: NDArray[np.int64]) -> Scores:
    return numeric_scores(*np.unique(bins, return_counts=True))


def _told(alarms: Sequence[int | None]) -> str:
    wrong = sum(one is not None and one <= HEALTHY for one in alarms)
    watched = sum(HEALTHY if one is None else min(one, HEALTHY) for one in alarms)
    right = [one - HEALTHY for one in alarms if one is not None and one > HEALTHY]
    median = f"{np.median(right):g} runs" if right else "-"
    alive = len(alarms) - wrong
    return (
        f"false alarms per 1,000 runs {rate(wrong, watched / 1000)}; "
        f"power {share(len(right), alive)}; median delay {median}"
    )
