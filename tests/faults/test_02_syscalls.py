"""Scenario 2: each system call that writes, from a request to its verified rows, fails or is the last one."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from collector.journal.quarantined import quarantined
from collector.journal.segment import Folders
from tests.faults.size import SEED, limit_s, note, sized

CALLS = ("write", "pwrite64", "fdatasync", "fsync", "rename", "renameat2", "mkdir", "unlink", "ftruncate")
WAYS = ("error=ENOSPC", "error=EIO", "signal=KILL")
SAMPLE = 3
STARTS_MAX = 4
COMMAND = [sys.executable, "-m", "tests.faults.one_load"]
ROOT = Path(__file__).parents[2]


class Point(NamedTuple):
    call: str
    number: int
    way: str


def run(data_dir: Path, work: str, before: list[str] | None = None) -> tuple[int, dict[str, list[str]]]:
    """Run the process and return how it ended and what it said."""
    ran = subprocess.run(
        [*(before or []), *COMMAND, data_dir, work],
        cwd=ROOT,
        capture_output=True,
        timeout=300,
        check=False,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    said: dict[str, list[str]] = {"acknowledged": [], "stored": []}
    for line in ran.stdout.splitlines():
        for key, ids in json.loads(line).items():
            said[key] += ids
    return ran.returncode, said


def points(data_dir: Path, trace: Path) -> list[Point]:
    """Count the calls of each thread of one undisturbed load: strace numbers them by thread."""
    run(data_dir, "receive", ["strace", "-f", "-qq", "-o", str(trace), "-e", f"trace={','.join(CALLS)}"])
    counts: Counter[tuple[str, str]] = Counter()
    for line in trace.read_text(errors="replace").splitlines():
        if found := re.match(r"(\d+) +([a-z0-9]+)\(", line):
            counts[found[1], found[2]] += 1
    most = {call: max((n for (_, each), n in counts.items() if each == call), default=0) for call in CALLS}
    return [Point(call, n + 1, way) for call in CALLS for n in range(most[call]) for way in WAYS]


def harmed(prepared: Path, data_dir: Path, point: Point) -> bool:
    """Fail at a point, start again until it loads, and compare; say whether the point was hit."""
    shutil.copytree(prepared, data_dir, symlinks=True)
    inject = f"inject={point.call}:{point.way}:when={point.number}"
    code, said = run(data_dir, "receive", ["strace", "-f", "-qq", "-o", "/dev/null", "-e", inject])
    for _ in range(STARTS_MAX):
        code_after, after = run(data_dir, "resume")
        if code_after == 0:
            break
    assert code_after == 0, point
    assert set(said["acknowledged"]) <= set(after["stored"]), point
    assert len(after["stored"]) == len(set(after["stored"])), point
    assert not quarantined(Folders(data_dir).quarantine), point
    shutil.rmtree(data_dir)
    return code != 0


def harmed_each(tmp_path: Path, before: str, calls: tuple[str, ...]) -> tuple[str, int]:
    """Fail at points of these calls, on a store made by `before`; say at how many, and how many were hit."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    prepared = tmp_path / "prepared"
    assert run(prepared, before)[0] == 0
    shutil.copytree(prepared, tmp_path / "counted", symlinks=True)
    every = [point for point in points(tmp_path / "counted", tmp_path / "trace") if point.call in calls]
    chosen = random.Random(SEED).sample(every, sized(SAMPLE, len(every)))
    ended = [point for point in chosen if harmed(prepared, tmp_path / "harmed", point)]
    return f"{len(chosen)} of {len(every)} points", len(ended)


@pytest.mark.faults
@pytest.mark.timeout(limit_s(900, 4 * 3600))
def test_no_system_call_is_a_point_at_which_something_is_lost(tmp_path: Path) -> None:
    size, ended = harmed_each(tmp_path, "resume", CALLS)

    note("2 system calls", size, ended_the_process=ended, lost=0, doubled=0)


@pytest.mark.faults
@pytest.mark.timeout(limit_s(900, 4 * 3600))
def test_no_write_of_an_upgrade_leaves_a_store_that_cannot_be_opened(tmp_path: Path) -> None:
    """chDB says OK to an `ALTER` whose definition was not written: what is left opens no more."""
    size, ended = harmed_each(tmp_path, "older", ("write",))

    note("2 upgrades", size, ended_the_process=ended, unopened=0)
