"""A segment that damages the store at every start costs itself, and nobody else."""

from pathlib import Path

import httpx
import pytest

from collector.journal.segment import Folders, segments
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.store.migrate import migrate
from collector.store.store import open_store
from tests.builders import request, span
from tests.loopback import http
from tests.segments import seal
from tests.service import Service, until


@pytest.mark.faults
def test_the_core_starts_again_a_few_times_and_then_loads_all_others(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    broken = seal(folders, [request(span("kept"), span("lost"), span("kept")).SerializeToString()])
    store = open_store(f"chdb://{tmp_path / 'store'}")
    migrate(store)
    SegmentReader(store, Cuts()).insert(folders.sealed, [broken])
    store.command("ALTER TABLE spans DELETE WHERE name = 'lost' SETTINGS mutations_sync = 2")
    store.close()
    (folders.sealed / f"{broken.id}.mishaps").write_text("2026-10-30 12:00:00 UTC DamagedStore: once\n" * 2)
    seal(folders, [request(span()).SerializeToString()])

    with Service(tmp_path) as service:
        body = request(span()).SerializeToString()
        headers = {"content-type": "application/x-protobuf"}
        traces = f"{service.url('otlp_http')}/v1/traces"
        assert http.post(traces, content=body, headers=headers).status_code == 200

        until(lambda: not segments(folders.sealed), 120, service.log)
        until(lambda: kept(service) == (4, 1, True), 120, service.log)

        assert service.log().count('"segments_not_loaded"') == 2
        assert "their spans are on disk, in journal/sealed" in service.log()


def kept(service: Service) -> tuple[int, int, bool] | None:
    """Spans stored and set aside, and whether the damage is; the core may be about to start once more."""
    try:
        stats = service.stats()
    except httpx.HTTPError:
        return None
    spans = stats["spans"]
    return spans["stored"], spans["quarantined"], stats["journal"]["damaged_bytes"] > 0
