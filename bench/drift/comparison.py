"""Existing tools on the same streams as ours, each in an environment of its own.

Each is run as it is by default, daily where it wants a sample. What does not install or run says so.
A tool that alarms before a change has found nothing: its first alarm is a false one.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.drift.delays import BEFORE_H, after
from bench.drift.families import FAMILIES, Change, Counts, invent
from bench.drift.looks import paths, scored
from bench.drift.nulls import MONTH_H, REFERENCE_H
from bench.drift.peers import streams
from bench.drift.report import Row, delay
from bench.drift.size import Size

ROOT = Path(__file__).parents[2]
PEERS = ("on_river", "on_evidently", "on_nannyml", "on_alibi", "on_prophet")
PER_HOUR = 100
# After an alarm a tool is silent for a day.
MUTE_H = 24

# For each tool, the hours of its alarms on each stream; for one that failed, why.
Alarms = Mapping[str, list[list[int]] | str]


@dataclass(frozen=True, slots=True)
class Case:
    """Streams of a family, healthy or changed, and what is required of the detector."""

    number: str
    family: str
    kind: str = ""
    change: float = 0.0
    required: str = "<= .0015"

    def __str__(self) -> str:
        what = f"{self.kind} {self.change:+g}" if self.kind else "healthy, false alarms per series-month"
        return f"{self.family}, {PER_HOUR}/h: {what}"


CASES = (
    Case("A1", "iid"),
    Case("A1", "diurnal"),
    Case("A1", "ar"),
    Case("A1", "cluster"),
    Case("B1", "diurnal", "median", 0.2, "<= 14 h"),
    Case("B1", "diurnal", "median", 0.5, "<= 4 h"),
    Case("B3", "diurnal", "spread", 1.25, "<= 9 h"),
    Case("B3", "diurnal", "garbage_low", 0.05, "<= 20 h"),
)


def rows(size: Size) -> Iterator[Row]:
    """Yield ours and the peers' figures for each case."""
    made = {case: [_series(size.seed, case, number) for number in range(size.peer_streams)] for case in CASES}
    every = [_stream(one) for case in CASES for one in made[case]]
    answers = {name: found for peer in PEERS for name, found in asked(peer, every).items()}
    for start, case in enumerate(CASES):
        some = slice(start * size.peer_streams, (start + 1) * size.peer_streams)
        told = [f"{name} {_told(case, found, some)}" for name, found in answers.items()]
        yield Row(case.number, str(case), case.required, _ours(case, made[case]), "; ".join(told))


def asked(peer: str, every: Sequence[streams.Stream]) -> Alarms:
    """Return what a peer's script answers, in its own environment."""
    uv = shutil.which("uv", path=f"{os.environ['PATH']}:{ROOT / '.cache' / 'uv' / 'bin'}") or "uv"
    script = ROOT / "bench" / "drift" / "peers" / f"{peer}.py"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "streams.npz"
        streams.write(path, list(every))
        done = subprocess.run(
            [uv, "run", "--quiet", "--locked", "--script", script, path],
            capture_output=True,
            text=True,
            check=False,
        )
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        why = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        return {peer: f"does not run: {why[:120]}"}
    answer: Alarms = json.loads(lines[-1])
    return answer


def _series(seed: int, case: Case, number: int) -> Counts:
    rng = np.random.default_rng([seed, 8, FAMILIES.index(case.family), number])
    change = Change(case.kind, case.change, REFERENCE_H + BEFORE_H) if case.kind else None
    return invent(rng, case.family, PER_HOUR, REFERENCE_H + MONTH_H, change=change)


def _stream(one: Counts) -> streams.Stream:
    return streams.Stream(one.values, one.slot, REFERENCE_H)


def _ours(case: Case, made: Sequence[Counts]) -> str:
    found = list(paths([scored(one, True, REFERENCE_H) for one in made], REFERENCE_H))
    delays = [after(path, BEFORE_H if case.kind else 0) for path in found]
    if case.kind:
        return delay(delays)
    return f"{sum(one is not None for one in delays) / len(delays):g}"


def _told(case: Case, found: list[list[int]] | str, some: slice) -> str:
    if isinstance(found, str):
        return found
    if not case.kind:
        return f"{np.mean([_unmuted(one) for one in found[some]]):.3g}"
    first = [one[0] if one else None for one in found[some]]
    early = sum(one is not None and one <= BEFORE_H for one in first)
    delays = [None if one is None or one <= BEFORE_H else one - BEFORE_H for one in first]
    return f"{delay(delays)}" + (f" ({early} had alarmed before)" if early else "")


def _unmuted(alarms: Sequence[int]) -> int:
    count, until = 0, -1
    for hour in alarms:
        if hour >= until:
            count, until = count + 1, hour + MUTE_H
    return count
