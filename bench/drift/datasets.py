"""Series with known changes that install with River and NannyML, ours beside theirs."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.drift.bins import bins_of
from analytics.drift.budget import log_threshold
from analytics.drift.detector import fresh, log_prior
from analytics.drift.detector import run as looked
from analytics.drift.evidence import log_e
from analytics.drift.reference import fit
from analytics.drift.scores import Scores, category_scores, numeric_scores
from bench.drift.nulls import BUDGET_PER_H, SERIES
from bench.drift.peers.run import PEERS, Found, asked, run
from bench.drift.peers.streams import Stream
from bench.drift.report import Row
from bench.drift.size import Size

# What looks at a day or an hour of values has none in series of a value each.
_ASKED = {"river_data": ("on_river",), "river_streams": PEERS, "nannyml_data": PEERS}


def rows(_: Size) -> Iterator[Row]:
    """Yield when each change is found."""
    for script, peers in _ASKED.items():
        done = run(script)
        done.check_returncode()
        known: dict[str, Any] = json.loads(done.stdout)
        streams = [_stream(one) for one in known.values()]
        answers = {name: found for peer in peers for name, found in asked(peer, streams).items()}
        for place, (name, one) in enumerate(known.items()):
            change = None if one["change_h"] is None else one["change_h"] - one["learned_h"]
            theirs = [f"{peer}: {_of(found, place, change)}" for peer, found in answers.items()]
            what = f"{name}: nothing changes" if change is None else f"{name}: change after {change} buckets"
            required = "no alarm" if change is None else "found"
            yield Row("data", what, required, _told(_ours(streams[place]), change), "; ".join(theirs))


def _stream(one: dict[str, Any]) -> Stream:
    return Stream(np.array(one["seen"], np.float64), np.array(one["hours"]), one["learned_h"], one["kind"])


def _ours(stream: Stream) -> list[int]:
    ids, scores = _scored(stream)
    buckets = int(stream.hours[-1]) + 1
    each = scores.values[scores.rows(ids)]
    sums = [np.bincount(stream.hours, weights=column, minlength=buckets) for column in each.T]
    sums = np.stack(sums, 1)[:, None]
    n = np.bincount(stream.hours, minlength=buckets)[:, None].astype(float)
    learned, since = slice(stream.learned_h), slice(stream.learned_h, None)
    # these have no hour of the day
    hours = np.zeros(buckets)
    reference = fit([scores], hours[learned], sums[learned], n[learned])
    evidence = log_e(reference, hours[since], sums[since], n[since])
    _, path = looked(fresh(reference), evidence, reference.buckets, log_prior(reference))
    return (np.flatnonzero(path[:, 0] >= log_threshold(SERIES, 1, BUDGET_PER_H)) + 1).tolist()


def _scored(stream: Stream) -> tuple[NDArray[np.int64], Scores]:
    number = stream.kind == "number"
    ids = bins_of(stream.seen) if number else stream.seen.astype(np.int64)
    seen, counts = np.unique(ids[stream.hours < stream.learned_h], return_counts=True)
    return ids, numeric_scores(seen, counts) if number else category_scores(seen, counts, [*map(str, seen)])


def _of(found: Found, place: int, change: int | None) -> str:
    if isinstance(found, str):
        return found
    alarms = found[place]
    return "not made for categories" if alarms is None else _told(alarms, change)


def _told(alarms: list[int], change: int | None) -> str:
    if not alarms:
        return "no alarm"
    if change is None:
        return f"an alarm after {alarms[0]}"
    if alarms[0] <= change:
        return f"an alarm {change - alarms[0]} too early"
    return f"found after {alarms[0] - change}"
