"""Series with known changes that install with River and NannyML, ours beside theirs.

Of the car loans, value and loan length change half-way through what is looked at; the ratio of debt and the
tenure do not, and an alarm on them is a false one.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import numpy as np

from analytics.drift.bins import bins_of
from analytics.drift.budget import log_threshold
from analytics.drift.detector import fresh, log_prior, run
from analytics.drift.evidence import log_e
from analytics.drift.reference import fit
from analytics.drift.scores import numeric_scores
from bench.drift.comparison import ROOT, asked
from bench.drift.nulls import BUDGET_PER_H, SERIES
from bench.drift.peers.streams import Stream
from bench.drift.report import Row
from bench.drift.size import Size


def rows(_: Size) -> Iterator[Row]:
    """Yield when each change is found."""
    for script, peers in (("river_data", ("on_river",)), ("nannyml_data", ("on_nannyml", "on_river"))):
        known = _known(script)
        streams = [_stream(one) for one in known.values()]
        answers = {name: found for peer in peers for name, found in asked(peer, streams).items()}
        for place, (name, one) in enumerate(known.items()):
            change = one["change_h"] - one["learned_h"]
            theirs = [f"{peer}: {_of(found, place, change)}" for peer, found in answers.items()]
            ours = _told(_ours(streams[place]), change)
            yield Row("data", f"{name}: change after {change} buckets", "found", ours, "; ".join(theirs))


def _stream(one: dict[str, Any]) -> Stream:
    return Stream(np.array(one["seen"]), np.array(one["hours"]), one["learned_h"])


def _known(script: str) -> dict[str, Any]:
    uv = shutil.which("uv", path=f"{os.environ['PATH']}:{ROOT / '.cache' / 'uv' / 'bin'}") or "uv"
    path = ROOT / "bench" / "drift" / "peers" / f"{script}.py"
    command = [uv, "run", "--quiet", "--locked", "--script", path]
    done = subprocess.run(command, capture_output=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _ours(stream: Stream) -> list[int]:
    bins = bins_of(stream.seen)
    scores = numeric_scores(*np.unique(bins[stream.hours < stream.learned_h], return_counts=True))
    buckets = int(stream.hours[-1]) + 1
    each = scores.values[scores.rows(bins)]
    sums = [np.bincount(stream.hours, weights=column, minlength=buckets) for column in each.T]
    sums = np.stack(sums, 1)[:, None]
    n = np.bincount(stream.hours, minlength=buckets)[:, None].astype(float)
    learned, looked = slice(stream.learned_h), slice(stream.learned_h, None)
    # these have no hour of the day
    hours = np.zeros(buckets)
    reference = fit([scores], hours[learned], sums[learned], n[learned])
    evidence = log_e(reference, hours[looked], sums[looked], n[looked])
    _, path = run(fresh(reference), evidence, reference.buckets, log_prior(reference))
    return (np.flatnonzero(path[:, 0] >= log_threshold(SERIES, 1, BUDGET_PER_H)) + 1).tolist()


def _of(found: list[list[int]] | str, place: int, change: int) -> str:
    return found if isinstance(found, str) else _told(found[place], change)


def _told(alarms: list[int], change: int) -> str:
    if not alarms:
        return "no alarm"
    if alarms[0] <= change:
        return f"an alarm {change - alarms[0]} too early"
    return f"found after {alarms[0] - change}"
