"""Who sends far less than usual, told from who has nothing to do, sends in bursts, or was replaced."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.detectors.detector import Outcome, Window
from analytics.detectors.silent_source import SENDS, USUAL, SilentSource
from analytics.detectors.source import Source
from analytics.detectors.source_row import SourceRow
from analytics.inferred.unfinished import Unfinished
from collector.store.store import Store
from tests.analytics.baselines.durations import limits
from tests.analytics.rows import NOW

NOW_NS = int(NOW.timestamp()) * 10**9
DETECTOR = SilentSource()


def row(
    *now: int,
    usual: int = 50,
    n: int | None = None,
    service: str = "agents",
    instance: str = "",
    **fields: Any,
) -> dict[str, Any]:
    """Return a source that sent so much in the last periods, the last first, and its usual number before."""
    before = [usual] * (121 - len(now)) if n is None else [usual] * n + [0] * (121 - len(now) - n)
    periods = [*now, *before]
    known = {
        "project": "shop",
        "fingerprint": f"{service}/{instance}",
        "service": service,
        "service_instance": instance,
        "periods": periods,
        "usual": sorted(periods[1:])[60],
        "reports": sum(periods),
        "heard_ns": NOW_NS - 30 * 10**9 * next((place for place, sent in enumerate(periods) if sent), 121),
    }
    return known | fields


def unfinished(service: str = "agents") -> Unfinished:
    return Unfinished("shop", "1" * 32, "ask", "", ["planner"], [service], 0, NOW_NS, 3, 0, 0, 1)


def look(*rows: dict[str, Any], **window: Any) -> Outcome:
    return DETECTOR.detect(rows, Window(NOW, **window), limits())


def test_a_source_that_stops_is_found_and_said_to_be_silent() -> None:
    outcome = look(row(0, 0), unfinished=[unfinished()])

    (finding,) = outcome.findings
    assert finding.title == "agents has sent nothing for 1m 00s, usually 50 in 30 s"
    assert (finding.severity, finding.grade) == ("S2", "probable")
    assert finding.evidence["unfinished_traces"] == 1
    assert outcome.silent == {Source("shop", "agents")}


def test_who_leaves_nothing_unfinished_may_have_nothing_to_do() -> None:
    (finding,) = look(row(0, 0)).findings

    assert (finding.severity, finding.grade) == ("S3", "suspected")


def test_far_less_than_usual_is_silence_too() -> None:
    (finding,) = look(row(5, 5)).findings

    assert finding.title.startswith("agents sends far less than usual: 5 reports of spans in the last 30 s")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(row(50), id="as usual"),
        pytest.param(row(10), id="a fifth"),
        pytest.param(row(0, usual=0), id="always quiet"),
        pytest.param(row(0, 0, n=30), id="not there for long enough to have a usual rate"),
        pytest.param(row(0, 1, 1, 1, usual=1), id="sends so little that a minute without is chance"),
    ],
)
def test_look_alikes_are_no_findings(source: dict[str, Any]) -> None:
    assert not look(source).findings


def test_who_sends_little_is_found_when_it_is_missed_for_longer() -> None:
    assert look(row(*[0] * 30, usual=1)).findings


def test_who_sends_in_bursts_was_as_quiet_before() -> None:
    bursts = ([0, 0] + [90] * 10) * 11
    quiet = row()
    quiet |= {"periods": bursts[:121], "usual": 90}

    assert not look(quiet).findings


def test_the_guard_holds_already_while_it_may_be_chance() -> None:
    outcome = look(row(0, 3, 3, usual=3))

    assert not outcome.findings
    assert outcome.silent == {Source("shop", "agents")}


def test_a_silent_project_is_one_finding_and_not_one_of_each_process() -> None:
    project = row(0, 0, service="", usual=90)
    service, process = row(0, 0), row(0, 0, instance="agents-1")

    (finding,) = look(project, service, process).findings

    assert finding.fingerprint == "/"
    assert finding.title.startswith("agents has sent nothing")


def test_of_several_silent_services_the_project_is_named() -> None:
    rows = [row(0, 0, service=""), row(0, 0), row(0, 0, service="tools")]

    (finding,) = look(*rows).findings

    assert finding.title.startswith("The whole project (2 services) has sent nothing")
    assert finding.evidence["services"] == ["agents", "tools"]


def test_a_process_whose_work_others_do_was_replaced() -> None:
    """A rolling deployment: the service sends as much as ever."""
    assert not look(row(100, 100, usual=100), row(0, 0, instance="agents-1")).findings


def test_a_process_whose_work_nobody_does_is_found() -> None:
    (finding,) = look(row(50, 50, usual=100), row(0, 0, instance="agents-1")).findings

    assert finding.title.startswith("agents-1 of agents has sent nothing")


def test_it_goes_on_while_it_is_silent_and_resolves_when_it_sends_again() -> None:
    watched = frozenset({("shop", "agents/")})

    assert look(row(*[0] * 80), watched=watched).findings
    again = look(row(50, *[0] * 40), watched=watched)
    assert not again.findings
    assert again.resolutions == {("shop", "agents/"): SENDS}


def test_after_an_hour_nothing_is_expected_of_it() -> None:
    watched = frozenset({("shop", "agents/")})

    outcome = look(row(*[0] * 110), watched=watched)

    assert not outcome.findings
    assert outcome.resolutions == {("shop", "agents/"): USUAL}


def test_names_of_sources_are_shown_as_plain_text() -> None:
    (finding,) = look(row(0, 0, service="age\x1b[31mnts\n" * 50)).findings

    assert finding.title.isprintable()


def send(store: Store, *, ago_s: tuple[int, int], each_s: int, instance: str, project: str = "shop") -> None:
    """Store a span every so many seconds, from so long ago until so long ago."""
    store.command(
        """
        INSERT INTO spans (
            project, segment, received_day, received, trace_id, span_id, name, service,
            service_instance, start)
        SELECT
            {project:String}, lower(hex(toUInt64(toUnixTimestamp64Milli(at)) * 65536)), toDate(at), at,
            MD5(toString(number)), toFixedString('x', 8), 'work', 'agents', {instance:String}, at
        FROM (SELECT number, fromUnixTimestamp64Nano({now_ns:Int64}, 'UTC')
            - toIntervalSecond({first:UInt32} - number * {each:UInt32}) AS at FROM numbers({n:UInt64}))
        """,
        {
            "project": project,
            "instance": instance,
            "now_ns": NOW_NS,
            "first": ago_s[0],
            "each": each_s,
            "n": (ago_s[0] - ago_s[1]) // each_s,
        },
    )


def rows_of(store: Store, window: Window) -> dict[tuple[str, str], SourceRow]:
    rows = [SourceRow(**each) for each in store.query(DETECTOR.sql, DETECTOR.parameters(window))]
    return {(each.service, each.service_instance): each for each in rows}


def test_the_statement_counts_reports_of_processes_services_and_projects(store: Store) -> None:
    send(store, ago_s=(3_600, 60), each_s=2, instance="agents-1")
    send(store, ago_s=(3_600, 0), each_s=10, instance="agents-2")

    rows = rows_of(store, Window(NOW))

    assert set(rows) == {("", ""), ("agents", ""), ("agents", "agents-1")}
    process = rows["agents", "agents-1"]
    assert (process.periods[0], process.periods[5], process.usual, process.usual_before) == (0, 15, 15, 15)
    assert rows["agents", ""].periods[5] == 18
    assert NOW_NS - process.heard_ns == 62 * 10**9


def test_what_is_watched_is_read_however_little_it_sends(store: Store) -> None:
    send(store, ago_s=(3_600, 3_000), each_s=2, instance="agents-1")
    (fingerprint,) = store.query("SELECT lower(hex(MD5('agents\nagents-1'))) AS f")

    rows = rows_of(store, Window(NOW, frozenset({("shop", fingerprint["f"])})))

    assert ("agents", "agents-1") in rows


def test_the_same_service_of_another_project_is_another(store: Store) -> None:
    send(store, ago_s=(3_600, 60), each_s=2, instance="agents-1")
    send(store, ago_s=(3_600, 0), each_s=2, instance="agents-1", project="other")
    window = Window(NOW)

    outcome = DETECTOR.detect(store.query(DETECTOR.sql, DETECTOR.parameters(window)), window, limits())

    assert {finding.project for finding in outcome.findings} == {"shop"}


def test_what_the_loader_has_not_reached_is_not_missed(store: Store) -> None:
    send(store, ago_s=(3_600, 60), each_s=2, instance="agents-1")
    window = Window(NOW - timedelta(seconds=62))

    outcome = DETECTOR.detect(store.query(DETECTOR.sql, DETECTOR.parameters(window)), window, limits())

    assert not outcome.findings
