"""Each dialect's names, one small span each, read by the real engine: what no capture shows."""

from collections.abc import Iterator
from typing import Any

import pytest

from collector.conventions.table import table
from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.store.migrate import migrate
from collector.store.store import open_store
from tests.builders import request, span
from tests.captures.labels import CAPTURES, capture_requests
from tests.captures.wire import request_spans
from tests.collector.conventions.case import read_cases
from tests.segments import seal

CASES = read_cases()
ROWS = """
SELECT lower(hex(span_id)) AS id, * REPLACE(
    if(input_key = '', input, attributes[input_key]) AS input,
    if(output_key = '', output, attributes[output_key]) AS output)
FROM spans
"""
UNENDED, PENDING, PARENT = (bytes([number]) * 8 for number in (0xA1, 0xA2, 0xA3))


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """All cases loaded as one segment: span id -> row of `spans`."""
    folder = tmp_path_factory.mktemp("dialects")
    store, folders = open_store(f"chdb://{folder / 'store'}"), Folders(folder)
    migrate(store)
    sent = [case.request(span_id(number)) for number, case in enumerate(CASES)]
    reader = SegmentReader(store, Cuts())
    segment = seal(folders, [body.SerializeToString() for body in [*sent, unfinished()]])
    Loader(store, reader, folders, Quarantine(reader, folders)).load([segment])
    yield {row["id"]: row for row in store.query(ROWS)}
    store.close()


def span_id(number: int) -> bytes:
    return (number + 1).to_bytes(8, "big")


def unfinished() -> Any:
    """A span without an end, and what Logfire sends at a span's start: a child of it without length."""
    pending = {"logfire.span_type": "pending_span", "logfire.pending_parent_id": PARENT.hex()}
    return request(
        span("plan", {"gen_ai.operation.name": "plan"}, span_id=UNENDED, end_ns=0),
        span(
            "run", {"gen_ai.operation.name": "invoke_agent"} | pending, parent=PENDING, start_ns=5, end_ns=5
        ),
    )


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.name for case in CASES])
def test_a_span_reads_as_its_convention_means_it(number: int, rows: dict[str, dict[str, Any]]) -> None:
    contradictions = CASES[number].contradictions(rows[span_id(number).hex()])

    assert not contradictions, "\n".join(contradictions)


def test_a_span_without_an_end_is_open(rows: dict[str, dict[str, Any]]) -> None:
    row = rows[UNENDED.hex()]

    assert (row["open"], row["kind"], row["end"].timestamp()) == (True, "step", 0)


def test_a_pending_span_stands_for_the_open_span_above_it(rows: dict[str, dict[str, Any]]) -> None:
    row = rows[PENDING.hex()]

    assert (row["open"], row["kind"], row["parent_span_id"], row["marks"]) == (
        True, "agent", PARENT, ["pending"],
    )  # fmt: skip


def test_every_attribute_that_the_table_reads_occurs_in_a_case_or_a_capture() -> None:
    captured = (s for name in CAPTURES for file in capture_requests(name) for s in request_spans(file))
    known = {attribute.key for sent in captured for attribute in sent.attributes}
    known |= {name for case in CASES for name in case.attributes}

    assert set(table().attributes()) - known == set()
