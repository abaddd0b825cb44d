"""Loads spans as the service does: as sealed segments, by the loader."""

from collections.abc import Callable
from pathlib import Path

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.store.store import Store
from tests.builders import request
from tests.segments import seal


def loading_into(store: Store, folder: Path) -> Callable[..., None]:
    """Return a function that loads spans as one segment."""
    folders = Folders(folder)
    folders.create()
    reader = SegmentReader(store, Cuts())
    loader = Loader(store, reader, folders, Quarantine(reader, folders))

    def load(*spans: Span, at_ns: int | None = None, project: str = "default") -> None:
        body = request(*spans).SerializeToString()
        loader.load([seal(folders, [body], received_unix_nano=at_ns, project=project)])

    return load
