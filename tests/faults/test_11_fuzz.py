"""Scenario 11: whatever is sent is answered as it should be, in time, and what was accepted is stored."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from collector.journal.segment import Folders, segments
from collector.loader.table import TABLES
from collector.otlp.signal import Signal
from collector.store.store import Store
from tests.collector.receiver.process import ReceiverProcess, receiver_in
from tests.faults.size import SEED, limit_s, note, sized
from tests.fuzz.asked import Asked, asked
from tests.fuzz.door import Door
from tests.fuzz.fuzz import Fuzz, seal_all
from tests.fuzz.heavy import HEAVY
from tests.fuzz.seeds import seeds
from tests.fuzz.sockets import Sockets
from tests.fuzz.structures import requests
from tests.segments import loader_of

STRUCTURES = sized(400, 50_000)
BYTES = sized(10_000, 960_000)
# hypothesis remembers what it has tried, and is slower with each
ROUND = 5_000
FAILED = Path(__file__).parents[1] / "fuzz/failed"
_COVERAGE = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[ReceiverProcess]:
    with receiver_in(tmp_path / "receiver") as started:
        yield started


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.close()


def load(store: Store, folder: Path) -> Mapping[Signal, int]:
    """Load all segments in a folder, and return how many rows there are then; none may be refused."""
    for table in TABLES.values():
        store.command(f"TRUNCATE TABLE {table}")
    folders = Folders(folder)
    folders.create()
    loader = loader_of(store, folders)
    while waiting := segments(folders.sealed):
        loader.load([one for one in waiting if one.signal is waiting[0].signal][:4])
    assert not list(folders.quarantine.iterdir())
    return {signal: store.query(f"SELECT count() AS n FROM {TABLES[signal]}")[0]["n"] for signal in TABLES}


def rows_of(counts: Mapping[str, int]) -> Mapping[str, int]:
    return {signal: counts.get(signal, 0) for signal in TABLES}


def ask_rounds(fuzz: Fuzz, examples: int) -> None:
    for number in range(-(-examples // ROUND)):

        @seed(SEED * 10_000 + number)
        @settings(
            max_examples=min(ROUND, examples - number * ROUND),
            # shrinking writes out strategies that contain themselves, and takes all memory by that
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(requests())
        def ask(request: Asked) -> None:
            fuzz.ask(request)

        ask()


@pytest.mark.timeout(limit_s(900, 7200))
def test_structures_are_answered_and_what_is_accepted_is_stored(
    door: Door, receiver: ReceiverProcess, store: Store, tmp_path: Path
) -> None:
    sockets = Sockets(receiver.process.pid, receiver.http_place, receiver.grpc_address)
    fuzz = Fuzz(door, kept_every=10, sockets=sockets, socket_every=20)

    ask_rounds(fuzz, STRUCTURES)

    sockets.close()
    rows = seal_all(fuzz.kept, tmp_path / "kept")
    assert load(store, tmp_path / "kept") == rows_of(rows)
    assert_well(receiver, store)
    note("11 fuzz: structures", f"{fuzz.inputs} requests", **fuzz.figures(), loaded_rows=sum(rows.values()))


@pytest.mark.skipif(find_spec("atheris") is None, reason="`make fuzz` installs atheris")
@pytest.mark.timeout(limit_s(900, 7200))
def test_bytes_are_answered_and_what_is_accepted_is_stored(
    door: Door, receiver: ReceiverProcess, store: Store, tmp_path: Path
) -> None:
    how = {
        "runs": BYTES,
        "seed": SEED,
        "receiver": [receiver.process.pid, receiver.http_place, receiver.grpc_address],
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.on_bytes", str(tmp_path), json.dumps(how)],
        env=os.environ | {"PYTHONHASHSEED": "0"},
        stderr=subprocess.PIPE,
        check=False,
        text=True,
        errors="replace",
    )
    assert done.returncode == 0, f"add the input to {FAILED}:\n{done.stderr[-6000:]}"

    figures = json.loads((tmp_path / "figures.json").read_text())
    rows = figures.pop("rows")
    assert load(store, tmp_path / "journal") == rows_of(rows)
    assert_well(receiver, store)
    code, features, corpus = _COVERAGE.findall(done.stderr)[-1]
    figures |= {
        "places_reached": code,
        "features": features,
        "corpus": corpus,
        "loaded_rows": sum(rows.values()),
    }
    note("11 fuzz: bytes", f"{BYTES} inputs", **figures)
    grown = [path.read_bytes() for path in (tmp_path / "corpus").iterdir()]
    assert_answered_and_stored(door, store, tmp_path / "grown", grown)


def test_inputs_that_failed_once_and_those_that_the_search_begins_with(
    door: Door, store: Store, tmp_path: Path
) -> None:
    failed = [path.read_bytes() for path in sorted(FAILED.iterdir())]
    assert_answered_and_stored(door, store, tmp_path, [*failed, *seeds()])


def assert_well(receiver: ReceiverProcess, store: Store) -> None:
    """It takes more, and what it took over sockets is stored."""
    assert receiver.http.get("/readyz").status_code == 200
    assert receiver.stop() == 0
    accepted = receiver.snapshot
    rows = {Signal.TRACES: accepted.spans_accepted, Signal.LOGS: accepted.log_records_accepted}
    assert load(store, receiver.folders.data_dir) == rows


def assert_answered_and_stored(door: Door, store: Store, folder: Path, inputs: Sequence[bytes]) -> None:
    fuzz = Fuzz(door)
    for data in inputs:
        fuzz.ask(asked(data))
    rows = seal_all(fuzz.kept, folder)
    assert load(store, folder) == rows_of(rows)


@pytest.mark.parametrize("request_", HEAVY.values(), ids=HEAVY.keys())
def test_half_a_mebibyte_of_anything_is_answered_within_a_second_of_cpu(door: Door, request_: Asked) -> None:
    door.ask(request_).check(request_)
