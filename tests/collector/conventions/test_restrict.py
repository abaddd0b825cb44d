"""What is compiled for a segment's own names reads it exactly as the whole table would."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from collector.conventions.restrict import Vocabulary, restrict
from collector.conventions.table import Source, table
from collector.journal.segment import Folders
from collector.loader import segment_reader
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.loader.statement import load_statement
from collector.store.migrate import migrate
from collector.store.store import Store, open_store
from tests.builders import request, span
from tests.segments import seal

SOURCES: list[Source] = [r.source for r in table().kinds] + [s for f in table().fields for s in f.sources]
EVERYTHING = Vocabulary(
    attributes=frozenset([*table().attributes(), *(source.prefix for source in SOURCES if source.prefix)]),
    events=frozenset(source.event for source in SOURCES if source.event),
    scopes=frozenset(source.scope.rstrip("*") for source in SOURCES if source.scope),
)
JSON = (
    '{"lc_agent_name": "writer", "ls_integration": "langchain_create_agent", "thread_id": "t",'
    ' "goto": "edit", "agent_name": "billing", "coworker": "editor", "input": 5, "output": {"goto": "edit"}}'
)
VALUES = st.sampled_from(
    ["writer", "5", 7, JSON, "None", "", "GraphInterrupt", ["stop"], "transfer_to_billing"]
)
SPANS = st.sampled_from([
    "writer", "writer.run", "handoff to billing", "execute_tool transfer_to_billing", "crewai.workflow",
    "message.send", "Function: x", "agent_run [writer]", "tools/call x",
])  # fmt: skip
EVENT_KEYS = sorted({source.key for source in SOURCES if source.event and source.key})
WORDS: dict[str, set[str]] = defaultdict(set)
for rule in table().kinds:
    WORDS[rule.source.key or ""].update(rule.map)
for source in SOURCES:
    for key, value in source.equals.items():
        WORDS[key].add(value)


@st.composite
def segments(draw: st.DrawFn) -> list[list[ExportTraceServiceRequest]]:
    """Some segments, each of spans that speak with the names of a few of the table's rules."""
    rules = st.lists(st.sampled_from(SOURCES), min_size=1, max_size=8)
    numbers = itertools.count(1)
    return [
        [draw(exports(some, next(numbers))) for _ in range(6)]
        for some in draw(st.lists(rules, min_size=4, max_size=4))
    ]


@st.composite
def exports(draw: st.DrawFn, rules: list[Source], number: int) -> ExportTraceServiceRequest:
    names = sorted({name for source in rules for name in source.attributes()})
    names += [source.prefix + "0" for source in rules if source.prefix]
    events = {source.event for source in rules if source.event and draw(st.booleans())}
    sent = span(
        draw(SPANS),
        {name: draw(value_of(name)) for name in names if draw(st.booleans())},
        span_id=number.to_bytes(8, "big"),
        parent=draw(st.sampled_from([b"", b"\xff" * 8])),
        error=draw(st.sampled_from([None, "refused"])),
        events=[(event, dict.fromkeys(EVENT_KEYS, draw(VALUES))) for event in sorted(events)],
        start_ns=10**18,
    )
    scopes = [source.scope.rstrip("*") for source in rules if source.scope]
    return request(sent, scope=draw(st.sampled_from([*scopes, "tests"])))


def value_of(name: str) -> st.SearchStrategy[Any]:
    return st.one_of(VALUES, st.sampled_from(sorted(WORDS[name]))) if WORDS[name] else VALUES


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(f"chdb://{tmp_path_factory.mktemp('restrict') / 'store'}")
    migrate(store)
    yield store
    store.close()


def read(store: Store, folder: Path, exported: list[ExportTraceServiceRequest]) -> list[dict[str, Any]]:
    """Load the exports as one segment and return what was made of each."""
    folders = Folders(folder)
    segment = seal(folders, [body.SerializeToString() for body in exported], received_unix_nano=10**18)
    SegmentReader(store, Cuts()).insert(folders.sealed, [segment])
    rows = store.query("SELECT * EXCEPT (segment, trace_id) FROM spans ORDER BY span_id")
    store.command("TRUNCATE TABLE spans")
    return rows


def test_the_whole_vocabulary_leaves_the_whole_table() -> None:
    assert restrict(table(), EVERYTHING) == table()


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=segments())
def test_a_segments_own_names_yield_what_the_whole_table_yields(
    sent: list[list[ExportTraceServiceRequest]], store: Store, tmp_path: Path
) -> None:
    by_their_names = [row for exported in sent for row in read(store, tmp_path, exported)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            segment_reader,
            "load_statement",
            lambda shape: load_statement(replace(shape, vocabulary=EVERYTHING)),
        )
        by_the_whole_table = read(store, tmp_path, list(itertools.chain(*sent)))

    assert len(by_their_names) == sum(map(len, sent))
    # a pending span takes its parent's id, so ids do not order the rows
    assert sorted(by_their_names, key=repr) == sorted(by_the_whole_table, key=repr)
