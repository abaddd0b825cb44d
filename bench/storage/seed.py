"""The distinct spans that all others are copies of: loaded and assembled for real."""

from datetime import UTC, datetime
from pathlib import Path

from analytics.assembly.assembler import Assembler
from bench.storage.segments import seal
from bench.storage.spans import seed_requests
from collector.journal.segment import Folders
from collector.store.statement import statement
from collector.store.store import Store
from tests.segments import loader_of

SPANS = 159_744
HOURS = 1.5
TABLES = ("spans", "contents", "steps", "traces", "open_spans", "verified_segments")


def sow(store: Store, folder: Path, spans: int = SPANS) -> datetime:
    """Load and assemble the newest spans, of an hour and a half or less; return when that ended."""
    now = datetime.now(UTC)
    last_ns = int(now.timestamp() * 1e9)
    arrivals = seed_requests(spans, last_ns - int(HOURS * 3600e9 * spans / SPANS), last_ns)
    folders = Folders(folder)
    folders.create()
    loads = loader_of(store, folders)
    for segment in seal(folders.sealed, arrivals, now):
        loads.load([segment])
    assembler = Assembler(store)
    while assembler.run_once():
        pass
    assembler.keep_place(assembler.place)
    for table in TABLES:
        store.command(statement(__package__, "keep_seed.sql"), {"table": table, "seed": f"seed_{table}"})
    return now
