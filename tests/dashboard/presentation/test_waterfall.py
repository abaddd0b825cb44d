import json

from dashboard.presentation.own_time import own_times
from dashboard.presentation.waterfall import CANCELLED, ERROR, LOST, OPEN, SLOW, columns
from dashboard.wording.moment import SECOND_NS
from tests.dashboard import fleet
from tests.dashboard.big_trace import big_trace

NOW_NS = int(fleet.NOW.timestamp()) * SECOND_NS


def test_times_are_milliseconds_from_the_first_start() -> None:
    drawn = columns(fleet.trace("failed"), NOW_NS)

    assert drawn["start"][:3] == [0.0, 1000.0, 2000.0]
    assert drawn["duration"][:3] == [42_600.0, 40_100.0, 3020.0]
    assert drawn["total"] == 42_600.0


def test_an_open_span_reaches_to_now_whatever_it_says_of_itself() -> None:
    drawn = columns(fleet.trace("stuck"), NOW_NS + 10 * SECOND_NS)

    assert drawn["total"] == 800_000.0
    assert drawn["duration"][9] == 734_000.0
    assert drawn["waits"]["9"] == "writer"


def test_equal_spans_give_equal_columns() -> None:
    """Or a click would send the whole trace again."""
    later = fleet.trace("stuck")
    for span in later.spans:
        span.duration_s += 5 * (span.state == "open")

    assert columns(later, NOW_NS) == columns(fleet.trace("stuck"), NOW_NS)


def test_flags_say_error_open_slow_cancelled_and_lost() -> None:
    trace = fleet.trace("stuck")
    trace.spans[10].state, trace.spans[11].state = "cancelled", "lost"

    flags = columns(trace, NOW_NS)["flags"]

    assert flags[7] == ERROR
    assert flags[9] == OPEN | SLOW
    assert flags[0] == OPEN
    assert flags[10:] == [CANCELLED, LOST]


def test_own_time_is_what_no_child_covers() -> None:
    """Two children overlap, the second outlasts its parent, and a grandchild does not count twice."""
    own = own_times([0, 1, 2, 1], [0.0, 10.0, 12.0, 40.0], [100.0, 50.0, 20.0, 120.0])

    assert own == [10.0, 32.0, 8.0, 80.0]


def test_an_end_before_the_start_has_no_length() -> None:
    trace = fleet.trace("failed")
    trace.spans[2].duration_s = -5.0

    assert columns(trace, NOW_NS)["duration"][2] == 0.0


def test_a_trace_without_spans_can_be_drawn() -> None:
    trace = fleet.trace("failed").model_copy(update={"spans": []})

    assert columns(trace, NOW_NS)["total"] == 0.0


def test_ten_thousand_spans_fit_in_a_megabyte() -> None:
    assert len(json.dumps(columns(big_trace(10_000), NOW_NS))) < 1_000_000


def test_how_the_content_of_a_span_begins_is_one_line_each_way() -> None:
    trace = fleet.trace("failed")
    trace.spans[1].input_preview, trace.spans[1].output_preview = "Find the\n  invoice", "INV-7"
    trace.spans[2].output_preview = "none"

    assert columns(trace, NOW_NS)["previews"] == {"1": "in: Find the invoice\nout: INV-7", "2": "out: none"}
