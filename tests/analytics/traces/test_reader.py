"""Lists and single traces as people get them."""

import itertools
from datetime import UTC, datetime

import pytest

from analytics.assembly.assembler import Assembler
from analytics.state.cursor import CursorError
from analytics.traces.preorder import preorder
from analytics.traces.reader import TraceFilters, TraceReader
from collector.store.store import Store
from tests.analytics.loading import loading_into
from tests.builders import SECOND, span

START = 1_790_000_000 * SECOND
LATE = bytes(range(16))
HOSTILE = "'; DROP TABLE spans; -- \\N \t ![x](http://evil.invalid) \u202e"


@pytest.fixture(scope="module")
def reader(opened_store: Store, tmp_path_factory: pytest.TempPathFactory) -> TraceReader:
    """Ten traces, one a second, the last failed; and one of another project. No test changes them."""
    load = loading_into(opened_store, tmp_path_factory.mktemp("traces"))
    spans = [
        span(
            f"run {n}", {"gen_ai.agent.name": "even" if n % 2 == 0 else HOSTILE}, start_ns=START + n * SECOND
        )
        for n in range(9)
    ]
    failed = span("run 9", start_ns=START + 9 * SECOND, error="no route to host")
    load(*spans, failed)
    load(span("late", trace_id=LATE, start_ns=2**64 - 1, end_ns=2**64 - 1), project="late")
    Assembler(opened_store).run_once()
    return TraceReader(opened_store, "default")


def test_a_trace_that_began_at_the_end_of_time_is_listed(opened_store: Store, reader: TraceReader) -> None:
    late = TraceReader(opened_store, "late")

    assert names(late, TraceFilters()) == ["late"]
    assert late.trace(LATE.hex()) is not None


def names(reader: TraceReader, filters: TraceFilters) -> list[str]:
    return [trace.name for trace in reader.page(filters, None, 100).items]


def test_the_newest_stand_first_and_other_projects_do_not(reader: TraceReader) -> None:
    assert names(reader, TraceFilters()) == [f"run {n}" for n in reversed(range(10))]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param(TraceFilters(agent="even"), ["run 8", "run 6", "run 4", "run 2", "run 0"], id="agent"),
        pytest.param(TraceFilters(agent=HOSTILE), ["run 7", "run 5", "run 3", "run 1"], id="hostile agent"),
        pytest.param(TraceFilters(status="error"), ["run 9"], id="failed"),
        pytest.param(TraceFilters(text="no route"), ["run 9"], id="words of the error"),
        pytest.param(TraceFilters(text="RUN 3"), ["run 3"], id="words of the name, in any case"),
        pytest.param(TraceFilters(text="' OR 1=1 --"), [], id="SQL is text"),
        pytest.param(TraceFilters(environment="nowhere"), [], id="environment"),
        pytest.param(
            TraceFilters(
                start_from=datetime.fromtimestamp(1_790_000_002, UTC),
                start_to=datetime.fromtimestamp(1_790_000_004, UTC),
            ),
            ["run 3", "run 2"],
            id="half-open time",
        ),
        pytest.param(TraceFilters(start_to=datetime(1600, 1, 1, tzinfo=UTC)), [], id="to before all time"),
        pytest.param(TraceFilters(start_from=datetime(9999, 1, 1, tzinfo=UTC)), [], id="from after all time"),
        pytest.param(
            TraceFilters(
                start_from=datetime(1600, 1, 1, tzinfo=UTC),
                start_to=datetime(9999, 1, 1, tzinfo=UTC),
                status="error",
            ),
            ["run 9"],
            id="from before to after all time",
        ),
    ],
)
def test_filters_narrow_the_list(reader: TraceReader, filters: TraceFilters, expected: list[str]) -> None:
    assert names(reader, filters) == expected


def test_pages_follow_each_other_without_gap_or_repetition(reader: TraceReader) -> None:
    seen: list[str] = []
    cursor: str | None = None
    for _ in itertools.count():
        page = reader.page(TraceFilters(), cursor, 3)
        seen += [trace.name for trace in page.items]
        cursor = page.next
        if cursor is None:
            break

    assert seen == [f"run {n}" for n in reversed(range(10))]


def test_a_trace_stands_where_its_newest_version_began(opened_store: Store) -> None:
    for trace, version, begun in (("a", 1, 10), ("b", 1, 7), ("a", 2, 5)):
        opened_store.command(
            "INSERT INTO traces (project, trace_id, version, name, start, end, status) SELECT 'again', "
            f"leftPad('{trace}', 16, '0'), {version}, '{trace}', toDateTime64({begun}, 9, 'UTC'), "
            "now64(9), 'ok'"
        )
    reader = TraceReader(opened_store, "again")

    first = reader.page(TraceFilters(), None, 1)
    second = reader.page(TraceFilters(), first.next, 1)

    assert [trace.name for trace in first.items + second.items] == ["b", "a"]
    assert second.next is None
    assert names(reader, TraceFilters(start_from=datetime.fromtimestamp(8, UTC))) == []


def test_a_cursor_that_is_none_of_ours_is_refused(reader: TraceReader) -> None:
    with pytest.raises(CursorError):
        reader.page(TraceFilters(), "nonsense", 3)


def test_everything_of_a_span_is_there(reader: TraceReader) -> None:
    (failed,) = reader.page(TraceFilters(status="error"), None, 1).items
    trace = reader.trace(failed.trace_id)
    assert trace is not None

    detail = reader.span(failed.trace_id, trace.spans[0].span_id)

    assert detail is not None
    assert detail.error_message == "no route to host"
    assert detail.start == "2026-09-21T14:13:29.000000000Z"
    assert detail.resource_attributes == {"service.name": "tests"}


def test_what_is_not_there_is_none(reader: TraceReader) -> None:
    assert reader.trace("0" * 31 + "1") is None
    assert reader.span("0" * 31 + "1", "0" * 15 + "1") is None


def test_a_circle_of_parents_is_shown_once() -> None:
    assert list(preorder({"a": "b", "b": "a"})) == [("a", 0), ("b", 1)]
