import pytest

from analytics.api.models import OpenSpan, Page
from dashboard.presentation.open_span import headline, reason, table
from tests.dashboard import fleet

SPANS = {span.name: span for span in fleet.open_spans()}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("run_tests", "no progress for 11m 40s"),
        ("crawl sitemap", "its process has not reported for 1m 35s"),
        ("chat gpt-4o", "longer than 99 of 100 of its like"),
        ("approve deployment", "someone else has to act first"),
        ("translate", "no baseline yet, 12 samples"),
        ("read_file", "over its usual time"),
    ],
)
def test_every_verdict_has_its_reason(name: str, said: str) -> None:
    assert reason(SPANS[name], fleet.NOW) == said


def test_no_progress_is_never_longer_than_the_span() -> None:
    span = SPANS["run_tests"].model_copy(update={"last_progress": "1970-01-01T00:00:00Z"})

    assert reason(span, fleet.NOW) == "no progress for 12m 04s"


def test_a_row_says_so_far_usual_limit_ratio_verdict_and_whom_it_waits_for() -> None:
    row = table([SPANS["run_tests"]], fleet.NOW).rows[0]

    assert [cell.text for cell in row.cells] == [
        "run_tests", "stuck", "writer", "12m 04s", "30.2 s", "2m 00s", "24\N{MULTIPLICATION SIGN}",
    ]  # fmt: skip
    assert row.href == f"trace?trace={fleet.STUCK_TRACE}&span={fleet.STUCK_SPAN}"
    assert row.tone == "broken"


def test_what_is_not_known_is_a_dash_not_zero() -> None:
    row = table([SPANS["translate"]], fleet.NOW).rows[0]

    assert {cell.text for cell in row.cells[4:]} == {"\N{EN DASH}"}


@pytest.mark.parametrize(
    ("spans", "stuck", "lead"),
    [
        ([], 0, "Nothing is open right now."),
        (fleet.open_spans(), 0, "Nothing is stuck."),
        (fleet.open_spans(), 2, "2 stuck."),
    ],
)
def test_the_headline_says_the_worst(spans: list[OpenSpan], stuck: int, lead: str) -> None:
    assert headline(Page(items=spans), stuck)[0] == lead
