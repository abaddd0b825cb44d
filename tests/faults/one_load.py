"""One process that receives, loads and ends: `one_load.py DATA_DIR receive|resume|older`.

It says as JSON lines what it acknowledged and, once all is loaded, what the store holds. `older` is of a
time when the store had fewer migrations: whatever comes next upgrades it.
"""

import json
import os
import sys
from pathlib import Path

import structlog

from collector.journal.journal import Journal
from collector.journal.segment import Folders, segments
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.store import migrate as migrations
from collector.store.migrate import migrate
from collector.store.store import open_store
from tests.builders import request, span

REQUESTS = 5
# The last of them before tables that hold something were changed.
OLDER = "0040_spans_merges_of_eight.sql"


def main(data_dir: str, work: str) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    folders = Folders(Path(data_dir))
    folders.create()
    store = open_store(f"chdb://{data_dir}/store")
    if work == "older":
        names = migrations._names()
        migrations._names = lambda: [name for name in names if name <= OLDER]
    migrate(store)
    journal = Journal(folders, segment_age_s_max=600, free_bytes_min=0, free_ratio_min=0.0)
    for _ in range(REQUESTS if work == "receive" else 0):
        spans = [span(attributes={"text": os.urandom(400).hex()}) for _ in range(50)]
        journal.append(request(*spans).SerializeToString(), len(spans), "default").result(60)
        say({"acknowledged": [one.span_id.hex() for one in spans]})
    journal.close()
    reader = SegmentReader(store, Cuts())
    loader = Loader(store, reader, folders, Quarantine(reader, folders))
    while waiting := segments(folders.sealed):
        loader.load(waiting[:1])
    say({"stored": [row["span_id"].hex() for row in store.query("SELECT span_id FROM spans")]})


def say(what: dict[str, list[str]]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception:  # noqa: BLE001
        structlog.get_logger().exception("ended")
        os._exit(1)
    os._exit(0)
