"""Scenario 20: the clock jumps an hour ahead and back while spans come in."""

import shutil
from pathlib import Path

import pytest

from collector.journal.segment import Folders
from collector.receiver.snapshot import FILE_NAME, read_snapshot
from tests.faults.clients import Clients
from tests.faults.parts import Part, assert_all_stored_once, load_all, settings_in
from tests.faults.size import limit_s, note, sized
from tests.service import until

JUMPS = sized(["+1h", "-1h", "+0"], ["+1h", "+0", "-1h", "+0", "+5s", "-5s", "+1h", "-1h", "+0"] * 5)
LIBRARIES = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")


@pytest.mark.faults
@pytest.mark.timeout(limit_s(900, 3600))
def test_a_clock_that_jumps_loses_nothing_and_ids_go_on_ascending(tmp_path: Path) -> None:
    library = next(iter(LIBRARIES), None)
    if library is None or shutil.which("faketime") is None:
        pytest.skip("faketime is not installed")
    clock = tmp_path / "clock"
    clock.write_text("+0\n")
    environment = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    settings = settings_in(tmp_path / "data")
    parts = [Part(name, settings, environment=environment) for name in ("receiver", "core")]
    for part in parts:
        part.wait_until_ready()
    newest = ["0" * 32]
    with Clients(settings.otlp_http_address.url, rate=50) as clients:
        for jump in JUMPS:
            clock.write_text(f"{jump}\n")
            before, acknowledged = newest_segment(tmp_path), len(clients.acknowledged)
            until(lambda before=before: newest_segment(tmp_path) > before, 60)  # type: ignore[misc]
            until(lambda n=acknowledged: len(clients.acknowledged) > n, 60)  # type: ignore[misc]
            newest.append(newest_segment(tmp_path))
    for part in parts:
        part.wait_until_ready()
    load_all(settings, *parts)

    assert newest == sorted(set(newest))
    assert set(clients.answers) == {200}
    assert_all_stored_once(tmp_path / "data", clients.acknowledged, clients.sent)
    assert not list(Folders(tmp_path / "data").quarantine.iterdir())
    note("20 clock", f"{len(JUMPS)} jumps", acknowledged=len(clients.acknowledged), lost=0, doubled=0)


def newest_segment(folder: Path) -> str:
    """The newest that is sealed: each is above the one before, whatever the clock says."""
    snapshot = read_snapshot(folder / "data" / FILE_NAME)
    return snapshot.sealed_segment if snapshot else "0" * 32
