"""What is out of bounds is stored with a mark; nothing is lost with it."""

from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.store.store import Store
from tests.builders import SECOND, request, span
from tests.segments import seal

NOW = 1_790_000_000 * SECOND


def load_one(store: Store, folders: Folders, loader: Loader, hostile: Span) -> dict[str, Any]:
    """Store a hostile span beside an ordinary one and return its row."""
    ordinary = span("ordinary", {"gen_ai.agent.name": "planner"})
    loader.load([seal(folders, [request(ordinary, hostile).SerializeToString()])])
    rows = {
        row["name"]: row
        for row in store.query("SELECT *, toString(start) AS s, toString(end) AS e FROM spans")
    }
    assert rows["ordinary"]["agent"] == "planner"
    return next(row for name, row in rows.items() if name != "ordinary")


@pytest.mark.otlp(41, 47)
@pytest.mark.parametrize(
    ("start_ns", "end_ns", "start", "end", "marks"),
    [
        pytest.param(1, 2, "1970-01-01 00:00:00.000000001", "1970-01-01 00:00:00.000000002", [], id="1970"),
        pytest.param(
            7_258_118_400 * SECOND,
            7_258_118_401 * SECOND,
            "2200-01-01 00:00:00.000000000",
            "2200-01-01 00:00:01.000000000",
            [],
            id="2200",
        ),
        pytest.param(
            2**64 - 1,
            2**64 - 1,
            "2262-04-11 23:47:16.854775807",
            "2262-04-11 23:47:16.854775807",
            ["time_clamped"],
            id="beyond what DateTime64 holds",
        ),
        pytest.param(
            NOW, NOW - 5, "2026-09-21 14:13:20.000000000", "2026-09-21 14:13:20.000000000",
            ["end_before_start"], id="end before start",
        ),
        pytest.param(
            NOW, 0, "2026-09-21 14:13:20.000000000", "1970-01-01 00:00:00.000000000", [], id="no end: open",
        ),
    ],
)  # fmt: skip
def test_odd_times_are_kept_or_clamped(
    store: Store,
    folders: Folders,
    loader: Loader,
    start_ns: int,
    end_ns: int,
    start: str,
    end: str,
    marks: list[str],
) -> None:
    row = load_one(store, folders, loader, span("odd", start_ns=start_ns, end_ns=end_ns))

    assert (row["s"], row["e"], row["marks"], row["open"]) == (start, end, marks, end_ns == 0)


def test_a_value_over_the_limit_is_cut_with_a_mark(store: Store, folders: Folders, loader: Loader) -> None:
    row = load_one(store, folders, loader, span("long", {"gen_ai.input.messages": "é" * 5000}))

    assert row["marks"] == ["value_cut"]
    assert row["input"].startswith("é" * 400)
    assert row["input"].endswith(" [cut by doldrums, was 10000 bytes]")


def test_attributes_over_the_limit_are_cut_with_a_count(
    store: Store, folders: Folders, loader: Loader
) -> None:
    row = load_one(store, folders, loader, span("many", {f"key.{i}": i for i in range(100_000)}))

    assert row["marks"] == ["attributes_cut:100000"]
    assert row["attributes"] == {f"key.{i}": str(i) for i in range(8)}


def test_events_over_the_limit_are_cut_with_a_count(store: Store, folders: Folders, loader: Loader) -> None:
    row = load_one(store, folders, loader, span("eventful", events=[(f"e{i}", {}) for i in range(50)]))

    assert row["marks"] == ["events_cut:50"]
    assert row["event_names"] == [f"e{i}" for i in range(8)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(["a", 1, None], '["a",1,null]', id="array"),
        pytest.param({"a": {"b": 1, "c": True}}, '{"a":{"b":1,"c":true}}', id="map of a map"),
        pytest.param([{"role": "user", "n": 2}], '[{"role":"user","n":2}]', id="array of maps"),
        pytest.param(b"\x00\xff", "AP8=", id="bytes"),
        pytest.param(None, "", id="empty value"),
        pytest.param(True, "true", id="boolean"),
        pytest.param(0.5, "0.5", id="double"),
        pytest.param(2**53 + 1, "9007199254740993", id="an integer that a double cannot hold"),
        pytest.param('tab\t "quote" \\ \x00 \u202e', 'tab\t "quote" \\ \x00 \u202e', id="odd characters"),
    ],
)
def test_values_of_any_type_are_kept_as_text(
    store: Store, folders: Folders, loader: Loader, value: object, text: str
) -> None:
    row = load_one(store, folders, loader, span("typed", {"value": value}))

    assert row["attributes"]["value"] == text


def test_what_is_nested_deeper_than_declared_is_kept_as_bytes(
    store: Store, folders: Folders, loader: Loader
) -> None:
    deep: Any = "bottom"
    for _ in range(40):
        deep = [deep]

    row = load_one(store, folders, loader, span("deep", {"value": deep}))

    assert row["attributes"]["value"].startswith('[["')
