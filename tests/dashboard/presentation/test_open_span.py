import pytest

from analytics.api.models import Finding, OpenSpan, Page
from dashboard.presentation.open_span import longest_trace, news, of_open_work, reason, table
from tests.dashboard import fleet

SPANS = {span.name: span for span in fleet.open_spans()}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("run_tests", "no progress for 11m 40s"),
        ("crawl sitemap", "nothing reported of it for 1m 35s"),
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
        "run_tests", "stuck", "writer", "12m 04s", "36.4 s", "2m 00s", "20\N{MULTIPLICATION SIGN}",
    ]  # fmt: skip
    assert row.href == f"trace?trace={fleet.STUCK_TRACE}&span={fleet.STUCK_SPAN}"
    assert row.tone == "broken"


def test_what_is_not_known_is_a_dash_not_zero() -> None:
    row = table([SPANS["translate"]], fleet.NOW).rows[0]

    assert {cell.text for cell in row.cells[4:]} == {"\N{EN DASH}"}


def test_pointing_at_the_usual_says_how_it_is_known() -> None:
    learned, unlearned = table([SPANS["run_tests"], SPANS["translate"]], fleet.NOW).rows

    assert learned.cells[4].hint == "half take 30.2 s, 2,140 samples"
    assert unlearned.cells[4].hint == "unlearned, 12 samples"


def found(*detectors: str) -> list[Finding]:
    one = fleet.findings()[0]
    return [one.model_copy(update={"detector": detector}) for detector in detectors]


@pytest.mark.parametrize(
    ("spans", "detectors", "lead"),
    [
        ([], [], "Nothing is open right now."),
        (fleet.open_spans(), [], "Nothing is stuck."),
        (fleet.open_spans(), ["stuck_span", "stuck_span"], "2 stuck."),
        (fleet.open_spans(), ["deadlock", "stuck_span"], "1 deadlock, 1 stuck."),
        (fleet.open_spans(), ["orphan", "stuck_span"], "1 stuck, 1 other finding."),
        (fleet.open_spans(), ["silent_trace", "missed_deadline"], "2 findings."),
    ],
)
def test_the_headline_says_the_worst(spans: list[OpenSpan], detectors: list[str], lead: str) -> None:
    assert news(Page(items=spans), found(*detectors))[0] == lead


def test_only_what_is_about_open_work_belongs_here() -> None:
    listed = of_open_work(found("deadlock", "loop", "silent_trace", "call_cycle"))

    assert [finding.detector for finding in listed] == ["deadlock", "silent_trace"]


def test_an_empty_page_tells_of_the_longest_trace() -> None:
    traces = fleet.summaries(20)

    assert longest_trace(Page(items=traces), "1h").startswith(
        "The longest trace in the last hour took 13m 10s"
    )
    assert "of the newest 20 traces" in longest_trace(Page(items=traces, next="20"), "1h")
    assert longest_trace(Page(items=[]), "1h") == ""
