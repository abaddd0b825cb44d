"""Evidently on streams of texts as those of rows D1 and D2: on how many days it says that they drifted."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.drift.corpus import CHANGES, botocore
from bench.drift.peers.run import run
from bench.drift.report import Row, share
from bench.drift.size import Size
from bench.drift.texts import REFERENCE_H

PER_HOUR, DAY_H = 25, 24
# A look takes a second or two: so many days before the change, and so many after it.
BEFORE_D, AFTER_D = 5, 5
CASES = (("truncated", 0.3), ("refusals", 0.05), ("bullets", 0.1))


def rows(size: Size) -> Iterator[Row]:
    """Yield how many healthy and changed days are called drifted."""
    texts = [one for _, one in botocore()]
    for name, much in CASES:
        told = _asked(size, texts, name, much)
        if isinstance(told, str):
            yield Row("D2", f"{PER_HOUR}/h: {much:.0%} {name}", "-", "-", told)
            continue
        before, after = (
            share(sum(map(sum, days)), sum(map(len, days)))
            for days in ([one[:BEFORE_D] for one in told], [one[BEFORE_D:] for one in told])
        )
        what = f"{PER_HOUR}/h: {much:.0%} {name}, days called drifted"
        yield Row("D2", what, "-", "-", f"Evidently, daily: {after}; healthy days {before}")


def _asked(size: Size, texts: Sequence[str], name: str, much: float) -> list[list[bool]] | str:
    streams: list[dict[str, Any]] = []
    every = list(texts)
    for number in range(size.peer_streams):
        rng = np.random.default_rng([size.seed, 11, number])
        hours = REFERENCE_H + (BEFORE_D + AFTER_D) * DAY_H
        slot = np.repeat(np.arange(hours), rng.poisson(PER_HOUR, hours))
        order = rng.permutation(len(texts))[: len(slot)]
        changed = (slot >= REFERENCE_H + BEFORE_D * DAY_H) & (rng.random(len(slot)) < much)
        for place in np.flatnonzero(changed):
            every.append(CHANGES[name](texts[order[place]], int(order[place])))
            order[place] = len(every) - 1
        days = (slot - REFERENCE_H) // DAY_H
        streams.append(
            {
                "learned": order[slot < REFERENCE_H].tolist(),
                "days": [order[days == day].tolist() for day in range(BEFORE_D + AFTER_D)],
            }
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "streams.json"
        path.write_text(json.dumps({"texts": every, "streams": streams}))
        done = run("on_evidently_text", path)
    if done.returncode:
        return f"does not run: {(done.stderr.strip().splitlines() or ['no answer'])[-1][:120]}"
    found: list[list[bool]] = json.loads(done.stdout.strip().splitlines()[-1])["Evidently, daily"]
    return found
