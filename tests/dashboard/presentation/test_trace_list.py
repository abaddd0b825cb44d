from dashboard.presentation.time_range import RANGES_S, wider
from dashboard.presentation.trace_list import nothing_matches, table, without_each
from dashboard.source.source import TraceFilter
from tests.dashboard import fleet


def test_a_failed_trace_says_why() -> None:
    row = table([fleet.trace("failed").summary], fleet.NOW).rows[0]

    assert [row.cells[0].text, row.cells[0].note] == ["answer ticket 4711", "planner and researcher"]
    assert [row.cells[1].text, row.cells[1].note] == ["failed", "4 errors · search_web gave up"]
    assert [cell.text for cell in row.cells[2:]] == ["25 min ago", "42.6 s", "6", "1.35k"]


def test_an_open_trace_says_so_far() -> None:
    row = table([fleet.trace("stuck").summary], fleet.NOW).rows[0]

    assert row.cells[1].note == "1 error · 5 spans open"
    assert row.cells[3].text == "13m 10s so far"


def test_what_was_asked_for_is_repeated_when_nothing_matches() -> None:
    chosen = TraceFilter(RANGES_S["1h"], status="error", agent="critic")

    assert (
        nothing_matches(chosen, "1h") == "No trace matches status = failed, agent = critic in the last hour."
    )
    assert nothing_matches(TraceFilter(900), "15m") == "No trace was received in the last 15 minutes."


def test_each_filter_can_be_taken_away_alone() -> None:
    chosen = TraceFilter(3_600, "production", "zzz", "critic", "error")

    assert without_each(chosen) == [
        ("status", "status = failed", TraceFilter(3_600, "production", "zzz", "critic")),
        ("agent", "agent = critic", TraceFilter(3_600, "production", "zzz", status="error")),
        ("q", "text = zzz", TraceFilter(3_600, "production", agent="critic", status="error")),
    ]


def test_ranges_widen_until_the_longest() -> None:
    assert [wider("1h"), wider("7d")] == ["6h", None]
