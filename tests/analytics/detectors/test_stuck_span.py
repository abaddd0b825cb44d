"""What is stuck, and above all what only looks so."""

from typing import Any

import pytest

from analytics.baselines.learned_limits import LearnedLimits
from analytics.detectors import stuck_span
from analytics.findings.finding import Resolution, ResolutionWord
from analytics.waits.graph import WaitEdge
from tests.analytics.baselines.durations import AWAIT_TESTS, counted, limits, spread
from tests.analytics.detectors.open_rows import LEARNED, look, open_row, span_id, words

AGENT: dict[str, Any] = {"kind": "agent", "operation": "invoke_agent", "tool": "", "name": "invoke_agent"}
FINGERPRINT = open_row()["trace_id"] + open_row()["span_id"]
KEY = open_row()["project"], FINGERPRINT
WORK_OF_WAIT = AWAIT_TESTS._replace(kind="wait", agent="planner", operation="", tool="")
WORK_OF_AGENT = AWAIT_TESTS._replace(kind="agent", operation="invoke_agent", tool="")
WAIT: dict[str, Any] = {
    "kind": "wait",
    "operation": "",
    "tool": "",
    "name": "wait for coder",
    "waiting_on": "coder",
    "agent": "planner",
}
SILENT: dict[str, Any] = {"source_events": 0, "source_seen_ago_s": 60}
NO_HEARTBEATS = {"heartbeats": 1, "last_seen_ago_s": 300}

# Spans of runs that take 2 s at most, and of which nothing moves for minutes, unless a case says otherwise.
LOOK_ALIKES = [
    pytest.param([open_row(age_s=5.9)], "slow", id="just under the limit"),
    pytest.param([open_row(age_s=1.5)], "working", id="just begun"),
    pytest.param(
        [open_row(age_s=9_000, last_progress_ago_s=50, **AGENT)],
        "slow",
        id="slow x10, but its children end",
    ),
    pytest.param(
        [open_row(age_s=300, last_progress_ago_s=8)], "slow", id="streams: its progress counter moved"
    ),
    pytest.param([open_row(wait_reason="human")], "waiting", id="a person must answer"),
    pytest.param([open_row(wait_reason="timer")], "waiting", id="a timer must ring"),
    pytest.param([open_row(wait_reason="external")], "waiting", id="someone outside must act"),
    pytest.param(
        [open_row(age_s=100, **AGENT)], "working", id="an agent within the default of the unlearned"
    ),
    pytest.param([open_row(last_seen_ago_s=60, **SILENT)], "lost", id="its process went silent"),
    pytest.param([open_row(**NO_HEARTBEATS, **SILENT)], "slow", id="the source is silent: the news are late"),
    pytest.param(
        [open_row(**NO_HEARTBEATS, project_events=1, project_events_usual=100)],
        "slow",
        id="the whole project is silent: the news are late",
    ),
    pytest.param([open_row(age_s=200, **WAIT)], "working", id="waits for an agent that runs"),
    pytest.param(
        [open_row(age_s=50, answered_ago_s=40, **WAIT)], "working", id="waits for an agent that is just done"
    ),
    pytest.param(
        [open_row(age_s=600, answered_ago_s=5, **WAIT)],
        "working",
        id="waits for an agent that worked for long, and is just done",
    ),
    pytest.param(
        [open_row(age_s=200, answered_ago_s=40, wait_reason="human", **WAIT)],
        "waiting",
        id="waits for a person of that name",
    ),
    pytest.param(
        [open_row(start_ago_s=-3_600, first_seen_ago_s=4, last_progress_ago_s=4)],
        "slow",
        id="its clock is an hour ahead",
    ),
    pytest.param(
        [open_row(start_ago_s=3_600, first_seen_ago_s=0.5, last_progress_ago_s=0.5)],
        "slow",
        id="its clock is an hour behind",
    ),
    pytest.param(
        [open_row(start_ago_s=3_600, first_seen_ago_s=12, last_progress_ago_s=3_600)],
        "slow",
        id="we have known of it for a few seconds",
    ),
]


@pytest.mark.parametrize(("rows", "word"), LOOK_ALIKES)
def test_a_look_alike_stays_silent(rows: list[dict[str, Any]], word: str) -> None:
    outcome = look(*rows)

    assert not outcome.findings
    assert words(outcome) == {span_id(1): word}


def test_who_waits_for_an_agent_that_is_done_is_stuck() -> None:
    (finding,) = look(open_row(age_s=70, answered_ago_s=65, **WAIT)).findings

    assert finding.title == (
        "planner has been waiting 1m 10s for coder, whose run ended 1m 05s ago; its limit of 1m 05s is"
        " unlearned: too few such calls have ended to know what is usual (n = 0)"
    )
    assert "coder is done: its reply was lost, or it never sent one." in finding.advice
    assert (finding.grade, finding.severity) == ("suspected", "S3")
    assert finding.evidence["awaited_run_ended_s_ago"] == 65
    assert "another run" in finding.evidence["false_positive_note"]


OTHERS_WAIT = counted(WORK_OF_WAIT._replace(agent="tester"), spread(1, 240))


def test_that_others_wait_otherwise_does_not_excuse_who_waits_for_an_agent_that_is_done() -> None:
    row = open_row(age_s=70, answered_ago_s=65, **WAIT)

    (finding,) = look(row, learned=limits(OTHERS_WAIT)).findings

    assert (finding.grade, finding.severity) == ("suspected", "S3")
    assert finding.evidence["limit_s"] == 65
    assert finding.evidence["rule"].startswith(
        "age 1m 10s > 1m 05s (the default of a wait for an agent that is done"
    )


@pytest.mark.parametrize(
    "learned",
    [
        pytest.param(limits(counted(WORK_OF_WAIT, spread(40, 240))), id="it usually takes as long"),
        pytest.param(limits(OTHERS_WAIT, counted(WORK_OF_WAIT, [30.0])), id="it once took half as long"),
        pytest.param(limits(counted(WORK_OF_WAIT, [30.0])), id="it did so, and of others nothing is known"),
        pytest.param(
            limits(counted(WORK_OF_WAIT._replace(agent="tester"), spread(40, 240))), id="others take as long"
        ),
    ],
)
def test_what_was_seen_of_waits_is_granted_to_one_for_an_agent_that_is_done(learned: LearnedLimits) -> None:
    assert not look(open_row(age_s=70, answered_ago_s=65, **WAIT), learned=learned).findings


def test_a_long_batch_within_its_own_baseline_is_not_stuck() -> None:
    outcome = look(open_row(age_s=500), learned=limits(counted(AWAIT_TESTS, spread(200, 200))))

    assert not outcome.findings


@pytest.mark.parametrize("own", [spread(100, 120), [100.0]], ids=["of enough spans", "of one span"])
def test_a_new_version_that_is_slower_by_its_own_spans_is_not_stuck(own: list[float]) -> None:
    second = AWAIT_TESTS._replace(agent_version="2")
    learned = limits(counted(AWAIT_TESTS, spread(1, 240)), counted(second, own))

    outcome = look(open_row(age_s=250, agent_version="2"), learned=learned)

    assert not outcome.findings
    assert outcome.verdicts[0].limit.older_version == (len(own) == 1)


TRACE_ID = open_row()["trace_id"]


def test_a_span_of_a_large_trace_is_judged_as_of_what_is_assembled_of_it() -> None:
    rows = [open_row(age_s=60, last_progress_ago_s=50)]

    assert look(*rows, assembled_ago_s={"another": 25}).findings
    assert not look(*rows, assembled_ago_s={TRACE_ID: 25}).findings


def test_a_span_that_was_stuck_when_its_large_trace_was_assembled_is_stuck() -> None:
    (finding,) = look(open_row(age_s=300), assembled_ago_s={TRACE_ID: 40}).findings

    assert finding.evidence["age_s"] == 260


def test_a_span_that_ended_between_looks_ends_its_finding() -> None:
    outcome = look(open_row(ended=True), watched=frozenset({KEY}))

    assert outcome.resolutions[KEY].word == "ended"
    assert not outcome.findings
    assert not outcome.verdicts


def test_the_same_ids_in_another_project_do_not_keep_a_finding_alive() -> None:
    outcome = look(open_row(ended=True), open_row(project="copy"), watched=frozenset({KEY}))

    assert outcome.resolutions[KEY].word == "ended"


UNLEARNED = limits()
OF_OTHERS = limits(counted(AWAIT_TESTS._replace(agent="reviewer"), spread(1, 240)))
OF_THE_KIND = limits(counted(AWAIT_TESTS._replace(tool="search"), spread(1, 240)))
OLDER = limits(counted(AWAIT_TESTS._replace(agent_version="0"), spread(1, 240)))

CHAT = {"kind": "llm", "operation": "chat", "tool": "", "model": "deep-research"}
OTHER_CHAT = AWAIT_TESTS._replace(kind="llm", operation="chat", tool="", model="mini")
OTHER_RUN = AWAIT_TESTS._replace(kind="agent", operation="invoke_agent", tool="", agent="greeter")

STUCK = [
    pytest.param(open_row(), LEARNED, "confirmed", "S2", id="a tool with heartbeats and its own baseline"),
    pytest.param(open_row(), OF_OTHERS, "probable", "S2", id="a tool known from other agents"),
    pytest.param(open_row(), OF_THE_KIND, "probable", "S2", id="a tool of a known kind alone"),
    pytest.param(
        open_row(age_s=200, **CHAT),
        limits(counted(OTHER_CHAT, spread(1, 240))),
        "suspected",
        "S3",
        id="a model never seen",
    ),
    pytest.param(
        open_row(age_s=200, **CHAT),
        limits(counted(OTHER_CHAT._replace(operation="generate"), spread(1, 240))),
        "suspected",
        "S3",
        id="a model never seen, by the kind alone",
    ),
    pytest.param(
        open_row(age_s=1_000, **AGENT),
        limits(counted(OTHER_RUN, spread(1, 240))),
        "suspected",
        "S3",
        id="an agent never seen",
    ),
    pytest.param(open_row(), OLDER, "suspected", "S3", id="a new version of a known tool"),
    pytest.param(open_row(), UNLEARNED, "suspected", "S3", id="a tool past the default"),
    pytest.param(open_row(**NO_HEARTBEATS), LEARNED, "probable", "S2", id="a source without heartbeats"),
    pytest.param(
        open_row(age_s=1_000, **AGENT), UNLEARNED, "suspected", "S3", id="an agent with nothing below it"
    ),
    pytest.param(
        open_row(source_events=0), LEARNED, "confirmed", "S2", id="heartbeats in a source else silent"
    ),
    pytest.param(
        open_row(start_ago_s=-3_600, first_seen_ago_s=300),
        LEARNED,
        "confirmed",
        "S2",
        id="a clock an hour ahead",
    ),
    pytest.param(
        open_row(wait_reason="agent", kind="wait", tool="", waiting_on="tester"),
        UNLEARNED,
        None,
        None,
        id="a wait for an agent within the default",
    ),
]


@pytest.mark.parametrize(("row", "learned", "grade", "severity"), STUCK)
def test_a_stuck_span_is_found(
    row: dict[str, Any], learned: LearnedLimits, grade: str | None, severity: str | None
) -> None:
    outcome = look(row, learned=learned)

    found = [(finding.grade, finding.severity, finding.fingerprint) for finding in outcome.findings]
    assert found == ([(grade, severity, FINGERPRINT)] if grade else [])
    assert words(outcome)[span_id(1)] == ("stuck" if grade else "working")


def test_the_leaf_is_blamed_and_its_ancestors_are_victims() -> None:
    outcome = look(
        open_row(1, age_s=2_000, last_progress_ago_s=300, **AGENT | {"agent": "planner"}),
        open_row(2, age_s=1_500, last_progress_ago_s=300, parent=1, **AGENT),
        open_row(3, age_s=301, parent=2, kind="chain"),
        open_row(4, age_s=300, parent=3),
    )

    assert words(outcome) == {
        span_id(1): "waiting",
        span_id(2): "waiting",
        span_id(3): "waiting",
        span_id(4): "stuck",
    }
    (finding,) = outcome.findings
    assert finding.span_ids == [span_id(4), span_id(3), span_id(2), span_id(1)]
    assert finding.agents == ["coder", "planner"]
    assert [victim["span_id"] for victim in finding.evidence["waiting_above"]] == finding.span_ids[1:]
    assert {verdict.waiting_on for verdict in outcome.verdicts[:3]} == {"await_tests"}


def test_an_ancestor_whose_other_branch_moves_goes_on_working() -> None:
    outcome = look(
        open_row(1, age_s=800, last_progress_ago_s=3, **AGENT),
        open_row(2, parent=1),
        open_row(3, age_s=1, parent=1),
    )

    assert words(outcome) == {span_id(1): "working", span_id(2): "stuck", span_id(3): "working"}


def test_a_parent_is_never_blamed_while_something_below_it_works() -> None:
    outcome = look(open_row(1, age_s=4_000, **AGENT), open_row(2, age_s=1, parent=1), learned=LEARNED)

    assert not outcome.findings
    assert words(outcome)[span_id(1)] == "slow"


def test_a_span_that_its_living_process_reports_no_more_is_lost() -> None:
    outcome = look(open_row(last_seen_ago_s=60, source_seen_ago_s=1), learned=LEARNED)

    assert words(outcome) == {span_id(1): "lost"}
    assert not outcome.findings


def test_a_span_reported_once_by_a_process_that_repeats_others_is_lost() -> None:
    once, beats = open_row(1, **NO_HEARTBEATS | {"last_seen_ago_s": 200}), open_row(2, age_s=40)

    assert words(look(once, learned=LEARNED))[span_id(1)] == "stuck"
    assert words(look(once, beats, learned=LEARNED))[span_id(1)] == "lost"
    died = [{**row, "source_seen_ns": once["last_seen_ns"]} for row in (once, beats)]
    assert words(look(*died, learned=LEARNED))[span_id(1)] == "stuck"


def test_a_tool_that_asks_somebody_is_suspected() -> None:
    """Who is asked may be a person, and the span does not say so."""
    learned = limits(counted(AWAIT_TESTS._replace(tool="ask_reviewer"), spread(1, 240)))
    (finding,) = look(open_row(tool="ask_reviewer"), learned=learned).findings

    assert finding.grade == "suspected"


def test_what_waits_for_a_person_makes_its_ancestors_wait() -> None:
    outcome = look(
        open_row(1, age_s=4_000, **AGENT),
        open_row(2, parent=1, wait_reason="human", waiting_on="Ada"),
        learned=LEARNED,
    )

    assert not outcome.findings
    assert {(verdict.word, verdict.waiting_on) for verdict in outcome.verdicts} == {("waiting", "Ada")}


def test_the_caller_of_a_lost_process_is_stuck_and_the_lost_one_is_named() -> None:
    outcome = look(
        open_row(1, age_s=4_000, **AGENT),
        open_row(2, parent=1, agent="tester", last_seen_ago_s=120, source_seen_ago_s=120),
    )

    assert words(outcome) == {span_id(1): "stuck", span_id(2): "lost"}
    (finding,) = outcome.findings
    assert finding.evidence["lost_below"]["agent"] == "tester"
    assert "tester below it has sent nothing for 2m 00s." in finding.advice


def test_a_child_of_a_parent_that_is_not_open_is_still_a_descendant() -> None:
    outcome = look(open_row(1, age_s=4_000, open_descendants=1, **AGENT), open_row(2, parent=99))

    assert [finding.span_ids for finding in outcome.findings] == [[span_id(2), span_id(1)]]


@pytest.mark.parametrize(
    ("fields", "is_kept"),
    [
        pytest.param(NO_HEARTBEATS | SILENT, True, id="without heartbeats while its source is silent"),
        pytest.param(
            {"last_seen_ago_s": 60, "project_events": 0} | SILENT, True, id="while everything is silent"
        ),
        pytest.param({"last_seen_ago_s": 60} | SILENT, False, id="not once its own process alone is lost"),
        pytest.param({"last_progress_ago_s": 1}, False, id="not once it moves"),
    ],
)
def test_an_open_finding_is_kept(fields: dict[str, Any], *, is_kept: bool) -> None:
    outcome = look(open_row(**fields), watched=frozenset({KEY}))

    assert bool(outcome.findings) == is_kept
    assert outcome.resolutions[KEY].word != "ended"


@pytest.mark.parametrize(
    ("rows", "learned", "word", "sentence"),
    [
        ([open_row(ended=True)], LEARNED, "ended", "The span ended."),
        (
            [open_row(last_progress_ago_s=2)],
            LEARNED,
            "progressed",
            "It moved 2.00 s before it was looked at.",
        ),
        ([open_row(wait_reason="human")], LEARNED, "waiting", "It waits for human."),
        (
            [open_row(last_seen_ago_s=60, **SILENT)],
            LEARNED,
            "lost",
            "Nothing was reported of it for 1m 00s.",
        ),
        (
            [open_row()],
            limits(counted(AWAIT_TESTS, spread(200, 240))),
            "limit",
            "By what was learned since, it may take 20m 12s.",
        ),
        (
            [open_row(**AGENT), open_row(2, parent=1, age_s=1)],
            limits(counted(WORK_OF_AGENT, spread(1, 240))),
            "delegated",
            "Something below it is open now, and it waits for that.",
        ),
        (
            [],
            LEARNED,
            "expired",
            "Nothing was reported of the span for 24 hours: it is no longer looked at.",
        ),
    ],
)
def test_a_finding_that_is_over_says_why(
    rows: list[dict[str, Any]], learned: LearnedLimits, word: ResolutionWord, sentence: str
) -> None:
    outcome = look(*rows, learned=learned, watched=frozenset({KEY}))

    assert not outcome.findings
    assert outcome.resolutions == {KEY: Resolution(word, sentence)}


def test_a_wait_that_a_ring_explains_is_not_stuck_as_well_and_says_why() -> None:
    key = (open_row()["project"], FINGERPRINT)

    outcome = look(
        open_row(**AGENT, open_descendants=1),
        open_row(2, parent=1),
        explained=frozenset({(KEY[0], f"{1:032x}{span_id(2)}")}),
    )
    resolved = look(open_row(), watched=frozenset({key}), explained=frozenset({key}))

    assert not outcome.findings
    assert words(outcome) == {span_id(1): "waiting", span_id(2): "waiting"}
    assert [resolution.word for resolution in resolved.resolutions.values()] == ["delegated"]


def wait_edge(number: int, waiter: int, target: int) -> WaitEdge:
    """The wait of span `number`, by the agent whose span is `waiter` for that of `target`."""
    trace_id = f"{1:032x}"
    return WaitEdge(
        project=KEY[0],
        waiter=trace_id + span_id(waiter),
        target=trace_id + span_id(target),
        kind="agent",
        resource="",
        needed=1,
        targets=1,
        since_ns=0,
        seen_ns=0,
        deadline_ns=None,
        trace_id=trace_id,
        span_id=span_id(number),
        inferred=False,
    )


# The planner (1) waits in 2 for the coder (3), which waits in 4 for the tester (5).
TEAM_WAITS = [wait_edge(2, 1, 3), wait_edge(4, 3, 5)]
WAITS_ARE_SHORT = limits(
    *(counted(WORK_OF_WAIT._replace(agent=agent), spread(1, 240)) for agent in ("planner", "coder"))
)


def team(tester_moved_ago_s: float, **of_tester: Any) -> list[dict[str, Any]]:
    return [
        open_row(1, **AGENT | {"agent": "planner"}),
        open_row(2, parent=1, **WAIT),
        open_row(3, **AGENT | {"agent": "coder"}),
        open_row(4, parent=3, **WAIT | {"agent": "coder", "waiting_on": "tester"}),
        open_row(5, last_progress_ago_s=tester_moved_ago_s, **AGENT | {"agent": "tester"} | of_tester),
    ]


def test_who_waits_for_an_agent_at_work_is_not_stuck_nor_who_waits_for_that_one() -> None:
    outcome = look(*team(tester_moved_ago_s=8), learned=WAITS_ARE_SHORT, waits=TEAM_WAITS)

    assert not outcome.findings
    assert words(outcome)[span_id(2)] == words(outcome)[span_id(4)] == "waiting"


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(team(tester_moved_ago_s=61), id="nothing has moved in it for a minute"),
        pytest.param(team(tester_moved_ago_s=50, last_seen_ago_s=50, source_seen_ago_s=50), id="it died"),
    ],
)
def test_who_waits_for_an_agent_that_does_nothing_is_stuck(rows: list[dict[str, Any]]) -> None:
    found = look(*rows, learned=WAITS_ARE_SHORT, waits=TEAM_WAITS).findings

    assert {finding.span_ids[0] for finding in found} == {span_id(2), span_id(4)}


def test_a_wait_that_was_told_and_is_for_one_at_work_says_why_it_is_over() -> None:
    key = (KEY[0], f"{1:032x}{span_id(2)}")

    outcome = look(
        *team(tester_moved_ago_s=8), learned=WAITS_ARE_SHORT, waits=TEAM_WAITS, watched=frozenset({key})
    )

    assert outcome.resolutions == {
        key: Resolution("delegated", "It waits for coder, and that is at work or waits for who is.")
    }


def test_a_finding_says_who_where_how_long_and_what_is_usual() -> None:
    (finding,) = look(open_row(age_s=252, waiting_on="tester")).findings

    assert finding.title == (
        "coder has been waiting 4m 12s in await_tests;"
        " half of such calls take 1.00 s, 99 % under 2.08 s (n = 240)"
    )
    assert finding.advice.startswith("Look at await_tests of agents: it waits for tester.")
    assert finding.evidence["rule"] == (
        "age 4m 12s > 6.24 s (max(5 s, 3 x q99 2.08 s)), and no progress for 4m 12s > 30.2 s"
    )
    assert finding.evidence["baseline"]["n"] == 240
    assert finding.evidence["baseline"]["surprise"] == pytest.approx(2.38, abs=0.01)
    assert finding.evidence["false_positive_note"]


def test_an_unlearned_finding_says_that_its_limit_is_a_default() -> None:
    (finding,) = look(open_row(age_s=75), learned=limits(counted(AWAIT_TESTS, spread(1, 12)))).findings

    assert finding.title == (
        "coder has been waiting 1m 15s in await_tests;"
        " its limit of 1m 00s is unlearned: too few such calls have ended to know what is usual (n = 12)"
    )
    assert "(unlearned, the default of tool)" in finding.evidence["rule"]
    assert finding.evidence["baseline"]["learned"] is False


def test_names_from_outside_stay_one_short_line() -> None:
    (finding,) = look(
        open_row(tool="x\ny\x1b[31m" + "z" * 500, agent="\u202eevil"), learned=UNLEARNED
    ).findings

    assert finding.title.isprintable()
    assert len(finding.title) < 400


def test_no_one_can_name_more_than_a_thousand_findings_at_once() -> None:
    outcome = look(*(open_row(number, age_s=300 + number) for number in range(1, 1_101)))

    assert len(outcome.findings) == 1_000
    assert outcome.partial
    assert outcome.findings[0].span_ids == [span_id(1_100)]


def test_what_is_open_goes_on_though_more_is_stuck_than_one_look_may_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stuck_span, "FINDINGS_MAX", 2)
    rows = [open_row(number, age_s=400 - number) for number in range(1, 5)]
    youngest = f"{1:032x}{span_id(4)}"

    outcome = look(*rows, watched=frozenset({(rows[0]["project"], youngest)}))

    assert {finding.fingerprint for finding in outcome.findings} == {youngest, f"{1:032x}{span_id(1)}"}
    assert outcome.partial


def test_a_project_that_is_stuck_all_over_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stuck_span, "FINDINGS_MAX", 2)
    rows = [open_row(number, age_s=400 - number) for number in range(1, 5)]

    outcome = look(*rows, open_row(9, age_s=300, project="small"), learned=limits())

    assert [finding.project for finding in outcome.findings].count("small") == 1
