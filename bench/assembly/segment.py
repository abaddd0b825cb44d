"""Spans into a store, recorded as the loader does it."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from collector.store.statement import statement
from collector.store.store import Store


def add(store: Store, name: str, spans: int, values: Mapping[str, object]) -> None:
    """Run the insert `name` as a segment of so many spans."""
    segment, day = uuid.uuid4().hex, datetime.now(UTC).date().isoformat()
    store.command(statement("bench.assembly", name), {"segment": segment, "day": day, **values})
    recorded = {"segments": [segment], "rows": [spans], "signal": "traces", "day": day}
    store.command(statement("collector.loader", "record_segments.sql"), recorded)
