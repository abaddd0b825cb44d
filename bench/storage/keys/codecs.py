"""Bytes of the whole rows under the keys and under codecs, and of single columns."""

from collections.abc import Sequence
from datetime import datetime

from bench.storage.keys.candidates import CANDIDATES, Candidate, command, create
from bench.storage.keys.copying import COPY_S
from bench.storage.meter import cpu_s
from collector.store.statement import statement
from collector.store.store import Store

COPIES = 8
CODECS = ("LZ4", "ZSTD(1)", "ZSTD(3)")


def compare(store: Store, newest: datetime) -> None:
    """Print a table of whole rows, and one of columns."""
    print("\n| key | codec | bytes a span | CPU us a span: written, merged |\n|---|---|---|---|")
    for candidate in CANDIDATES:
        if candidate.table != "by_trace_and_time":
            _whole(store, candidate, newest, CODECS if candidate is CANDIDATES[0] else ("ZSTD(3)",))
    command(store, "column_codecs.sql")
    command(store, "fill_column_codecs.sql")
    (size,) = store.query(statement(__package__, "table_size.sql"), {"table": "column_codecs"})
    print(f"\n| column and codec, {size['rows']:,} rows | bytes a span |\n|---|---|")
    for row in store.query(statement(__package__, "column_sizes.sql"), {"table": "column_codecs"}):
        print(f"| {row['column']} | {row['bytes'] / size['rows']:.2f} |")
    store.command("DROP TABLE column_codecs SYNC")


def _whole(store: Store, candidate: Candidate, newest: datetime, codecs: Sequence[str]) -> None:
    create(store, candidate, "spans", "whole")
    fill = statement("bench.storage", "copy_spans.sql").replace("INSERT INTO spans", "INSERT INTO whole")
    begun_s = cpu_s()
    for copy in range(COPIES):
        values = {"copies": [copy], "copy_s": COPY_S, "day": newest.date().isoformat()}
        store.command(fill, {**values, "seed": "seed_spans"})
    written_s = cpu_s() - begun_s
    for codec in codecs:
        store.command(f"ALTER TABLE whole MODIFY SETTING default_compression_codec = '{codec}'")
        begun_s = cpu_s()
        store.command("OPTIMIZE TABLE whole FINAL")
        merged_s = cpu_s() - begun_s
        (size,) = store.query(statement(__package__, "table_size.sql"), {"table": "whole"})
        print(
            f"| {candidate.table} | {codec} | {size['bytes'] / size['rows']:.1f} | "
            f"{written_s / size['rows'] * 1e6:.1f}, {merged_s / size['rows'] * 1e6:.1f} |",
            flush=True,
        )
    store.command("DROP TABLE whole SYNC")
