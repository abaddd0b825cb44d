"""Rings of waits: who is in them, in what order, how sure, who waits behind, and which wait to break."""

import pytest

from analytics.detectors.detector import Outcome
from analytics.findings.finding import Finding
from tests.analytics.detectors.open_rows import NOW_NS, span_id
from tests.analytics.detectors.wait_rows import Row, agent, hold, look, ring, row, wait, waiting

TEAM = ("planner", "coder", "tester", "writer")
LOCKS = [
    agent("importer", 10),
    hold("importer", "index", 11, parent=10, age_s=40),
    wait("importer", "ledger", 12, kind="lock", parent=10, age_s=20),
    agent("auditor", 20),
    hold("auditor", "ledger", 21, parent=20, age_s=50),
    wait("auditor", "index", 22, kind="lock", parent=20, age_s=30),
]


def only(outcome: Outcome) -> Finding:
    (finding,) = outcome.findings
    return finding


def said(finding: Finding) -> list[str]:
    """Return who waits for whom, hop by hop."""
    return [f"{hop['waiter']} > {hop['waits_for']}" for hop in finding.evidence["hops"]]


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("apart", [False, True], ids=["in one trace", "across traces"])
def test_agents_that_wait_in_a_ring_are_a_deadlock(size: int, *, apart: bool) -> None:
    names = TEAM[:size]

    finding = only(look(*ring(*names, apart=apart)))

    assert (finding.severity, finding.grade, finding.certain) == ("S1", "confirmed", True)
    assert finding.agents == list(names)
    assert said(finding) == [f"{a} > {b}" for a, b in zip(names, names[1:] + names[:1], strict=True)]
    assert finding.span_ids == [span_id(10 * number + 11) for number in range(size)]
    assert len(finding.trace_ids) == (size if apart else 1)


def test_it_is_said_in_one_sentence_with_the_wait_to_break() -> None:
    finding = only(look(*ring(*TEAM, wait_resource="answer")))

    assert finding.title == (
        "planner, coder, tester and writer wait for each other in a ring since"
        f" {finding.since:%H:%M:%S} UTC; nobody in it can go on."
    )
    assert finding.advice.startswith(
        f"End writer's wait for planner (answer, span {span_id(41)}, open for 20.0 s): cancel it, or give it"
        " what it waits for; then planner, coder and tester can go on."
    )
    assert finding.evidence["overlap_s"] == 19
    assert finding.evidence["false_positive_note"]


def test_who_waits_behind_the_ring_is_a_victim_and_not_a_member() -> None:
    finding = only(
        look(*ring("coder", "tester"), *waiting("planner", "coder", 90), *waiting("lead", "planner", 95))
    )

    assert finding.agents == ["coder", "tester", "planner", "lead"]
    assert [victim["agent"] for victim in finding.evidence["victims"]] == ["planner", "lead"]
    assert finding.title.endswith("neither can go on; planner and lead wait behind.")


def test_the_break_that_lets_most_go_on_is_the_cheapest() -> None:
    """Two rings share the coder, who waits for both: to end one of the coder's waits alone frees nobody."""
    both = wait("coder", '["tester", "writer"]', 11, parent=10, age_s=20)
    rows = [agent("coder", 10), both, *waiting("tester", "coder", 20), *waiting("writer", "coder", 30)]

    finding = only(look(*rows))

    assert finding.evidence["cheapest_break"]["waiter"] == "coder"
    assert finding.evidence["cheapest_break"]["frees"] == 3


def test_two_locks_in_opposite_order_are_a_ring_of_two_agents() -> None:
    finding = only(look(*LOCKS))

    assert (finding.severity, finding.grade) == ("S1", "confirmed")
    assert said(finding) == [
        "ledger > auditor",
        "auditor > index",
        "index > importer",
        "importer > ledger",
    ]
    assert finding.agents == ["auditor", "importer"]
    assert "auditor and importer wait for each other over ledger and index since" in finding.title
    assert "in the same order everywhere" in finding.advice
    assert finding.evidence["cheapest_break"]["waiter"] in {"auditor", "importer"}


def test_who_was_last_seen_with_a_lock_before_another_took_it_has_given_it_back() -> None:
    before = hold("helper", "ledger", 51, parent=50, age_s=90, seen_ago_s=52)

    assert only(look(*LOCKS, agent("helper", 50, open_descendants=0), before)).grade == "confirmed"


def test_a_ring_may_go_over_a_lock_and_an_agent() -> None:
    rows = [
        agent("coder", 10),
        hold("coder", "repository", 11, parent=10, age_s=50),
        wait("coder", "tester", 12, parent=10, age_s=40),
        *waiting("tester", "repository", 20, kind="lock", age_s=20),
    ]

    finding = only(look(*rows))

    assert said(finding) == ["repository > coder", "coder > tester", "tester > repository"]
    assert finding.grade == "confirmed"


def test_a_semaphore_is_a_ring_when_all_of_its_holders_wait_for_it() -> None:
    rows = [*waiting("late", "slots", 90, kind="lock")]
    for number, name in ((10, "first"), (20, "second")):
        rows += [
            agent(name, number),
            hold(name, "slots", number + 1, parent=number, holds_capacity=2, age_s=50),
            wait(name, "late", number + 2, parent=number, age_s=30),
        ]

    assert only(look(*rows)).grade == "confirmed"


def test_all_of_several_are_waited_for_unless_it_says_how_many() -> None:
    rows = [
        agent("lead", 10),
        wait("lead", '["coder", "tester"]', 11, parent=10),
        *waiting("coder", "lead", 20, age_s=30),
        agent("tester", 30, open_descendants=0),
    ]

    assert only(look(*rows)).agents == ["lead", "coder"]


def test_a_quorum_that_cannot_be_reached_is_a_deadlock() -> None:
    rows = [
        agent("chair", 10),
        wait("chair", '["ann", "bob", "eve"]', 11, parent=10, wait_needed=2),
        *waiting("ann", "chair", 20, age_s=30),
        *waiting("bob", "chair", 30, age_s=30),
        agent("eve", 40, open_descendants=0),
    ]

    assert only(look(*rows)).grade == "confirmed"


def test_whoever_asks_its_caller_while_that_waits_for_it_is_probably_stuck_with_it() -> None:
    """The supervisor's tool runs the worker, which asks the supervisor: or a supervisor yet to be started."""
    rows = [
        agent("supervisor", 10),
        row(11, kind="tool", tool="run_worker", agent="supervisor", parent=10, age_s=100, open_descendants=2),
        agent("worker", 12, parent=11, age_s=100),
        wait("worker", "supervisor", 13, parent=12, age_s=20),
    ]

    finding = only(look(*rows))

    assert (finding.severity, finding.grade, finding.certain) == ("S2", "probable", False)
    assert finding.agents == ["supervisor", "worker"]
    assert "seem to wait for each other" in finding.title


def test_whoever_starts_others_and_then_waits_for_them_can_be_in_a_confirmed_ring() -> None:
    """All run below the planner's span, beside its wait."""
    rows = [agent("planner", 10), wait("planner", "coder", 11, parent=10, age_s=30)]
    rows += waiting("coder", "writer", 20, age_s=40)
    rows += waiting("writer", "planner", 30, age_s=20)
    for each in rows[2::2]:
        each["parent_span_id"] = span_id(10)

    finding = only(look(*rows))

    assert finding.grade == "confirmed"
    assert said(finding) == ["planner > coder", "coder > writer", "writer > planner"]


def test_tools_that_are_named_for_asking_each_other_are_probably_a_ring() -> None:
    """Open spans without waits: what Logfire and stock instrumentation report."""
    rows = [agent("planner", 10), agent("reviewer", 20)]
    rows += [row(11, kind="tool", agent="planner", tool="wait_for_reviewer", parent=10, age_s=60)]
    rows += [row(21, kind="tool", agent="reviewer", tool="ask_planner", parent=20, age_s=50)]

    finding = only(look(*rows))

    assert (finding.grade, finding.agents) == ("probable", ["planner", "reviewer"])
    assert "inferred" in finding.evidence["false_positive_note"]


def test_a_source_without_heartbeats_gives_a_probable_ring_once_an_end_would_have_come() -> None:
    def seen_once(closed_s: float) -> list[Row]:
        return [
            {**each, "heartbeats": 1, "last_seen_ns": each["first_seen_ns"]}
            for each in ring("a", "b", closed_s=closed_s)
        ]

    assert only(look(*seen_once(19))).grade == "probable"
    assert not look(*seen_once(18)).findings


def test_a_ring_with_a_deadline_breaks_by_itself_and_is_suspected_until_it_did_not() -> None:
    bounded = only(look(*ring("a", "b", wait_timeout_s=120)))
    overdue = only(look(*ring("a", "b", closed_s=150, wait_timeout_s=120)))

    assert (bounded.severity, bounded.grade) == ("S2", "suspected")
    assert "it breaks at" in bounded.title
    assert bounded.evidence["breaks"]
    assert (overdue.severity, overdue.grade) == ("S1", "confirmed")
    assert overdue.evidence["hops"][0]["overdue"] is True


def test_instances_of_one_name_are_told_apart_by_their_ids() -> None:
    """Two coders; the planner waits for the one that waits for it, by its id."""
    rows = [
        *waiting("planner", "coder-7", 10, trace=1),
        agent("coder", 20, trace=2, agent_id="coder-7"),
        wait("coder", "planner", 21, parent=20, trace=2, age_s=30),
        agent("coder", 30, trace=3, agent_id="coder-8", open_descendants=0),
    ]

    assert only(look(*rows)).grade == "confirmed"


def test_of_several_instances_those_of_the_session_are_meant() -> None:
    rows = []
    for number, session in enumerate(("monday", "tuesday"), start=1):
        rows += waiting("planner", "coder", 100 * number, trace=2 * number)
        rows += waiting("coder", "planner", 100 * number + 10, trace=2 * number + 1)
        for each in rows[-4:]:
            each["session"] = session

    findings = look(*rows).findings

    assert [finding.grade for finding in findings] == ["confirmed"] * 2
    assert [len(set(finding.trace_ids)) for finding in findings] == [2, 2]


def test_an_instance_that_nobody_can_tell_is_any_of_its_name_and_never_confirmed() -> None:
    rows = waiting("planner", "coder", 10, trace=1)
    for trace in (2, 3):
        rows += waiting("coder", "planner", 10 * trace, trace=trace, age_s=30)

    assert [finding.grade for finding in look(*rows).findings] == ["probable"]


def test_an_agent_whose_own_span_is_not_reported_is_known_by_its_waits() -> None:
    rows = [wait("a", "b", 1, parent=91, age_s=40), wait("b", "a", 2, parent=92, age_s=30)]

    assert only(look(*rows)).agents == ["a", "b"]


def test_the_same_ids_in_two_projects_are_two_deadlocks() -> None:
    findings = look(*ring("a", "b"), *ring("a", "b", project="copy"), *ring("a", "b", environment="staging"))
    projects = [finding.project for finding in findings.findings]

    assert sorted(projects) == ["copy", "shop", "shop"]


def test_a_poll_below_a_wait_is_how_it_waits() -> None:
    rows = ring("a", "b")

    assert only(look(*rows, row(50, agent="a", kind="other", name="GET /inbox", parent=11, age_s=3)))


@pytest.mark.parametrize("rows", [ring("a", "b", closed_s=100), LOCKS], ids=["agents", "locks"])
@pytest.mark.parametrize("gap_s", [40, 89, 300])
def test_a_ring_told_before_outlasts_a_gap_in_the_reports(rows: list[Row], gap_s: float) -> None:
    """The service was away; a client tries again a minute later at most."""
    told = only(look(*rows))
    watched = frozenset({(told.project, told.fingerprint)})

    later = look(*rows, watched=watched, later_s=gap_s)

    assert only(later).fingerprint == told.fingerprint
    assert [ring.fingerprint for ring in later.waits.rings if ring.told] == [told.fingerprint]  # type: ignore[union-attr]
    assert not look(*rows, later_s=gap_s).findings


@pytest.mark.parametrize("rows", [ring("a", "b", closed_s=100), LOCKS], ids=["agents", "locks"])
def test_a_ring_told_before_is_over_when_others_are_heard_of_and_it_is_not(rows: list[Row]) -> None:
    """Its process was killed; the rest of the project goes on."""
    told = only(look(*rows))
    watched = frozenset({(told.project, told.fingerprint)})
    heard = [{**each, "project_seen_ns": NOW_NS + 200 * 10**9} for each in rows]

    later = look(*heard, watched=watched, later_s=200)

    assert not later.findings
    assert {resolution.word for resolution in later.resolutions.values()} == {"lost"}


def test_a_project_of_which_nothing_is_heard_for_ten_minutes_is_not_cut_off() -> None:
    rows = ring("a", "b", closed_s=100)
    told = only(look(*rows))

    assert not look(*rows, watched=frozenset({(told.project, told.fingerprint)}), later_s=700).findings


def test_a_ring_that_ends_by_itself_within_a_minute_is_shown_and_not_told() -> None:
    """Waits that time out and are tried again would be a new ring each time."""
    outcome = look(*ring("a", "b", wait_timeout_s=30))

    assert not outcome.findings
    assert [ring.deadline_ns is not None for ring in outcome.waits.rings] == [True]  # type: ignore[union-attr]


@pytest.mark.parametrize("apart", [False, True])
def test_a_run_that_was_killed_hides_no_ring_of_a_later_one(*, apart: bool) -> None:
    dead = agent("coder", 70, trace=77 if apart else 1, seen_ago_s=7200, age_s=9000)

    assert only(look(*ring("planner", "coder", apart=apart), dead)).grade == "confirmed"


@pytest.mark.parametrize("gone", [True, False], ids=["two hours ago", "a minute ago"])
def test_a_run_that_was_reported_once_long_ago_hides_no_ring_but_makes_it_probable(*, gone: bool) -> None:
    """It may have died, or be at work under a source that reports a span once."""
    seen_ago_s = 7200 if gone else 60
    once = agent("coder", 70, trace=77, age_s=seen_ago_s, seen_ago_s=seen_ago_s)

    findings = look(*ring("planner", "coder", apart=True), once).findings

    assert [finding.grade for finding in findings] == (["probable"] if gone else [])


def test_a_name_in_another_conversation_is_somebody_else() -> None:
    """Each waits for one that has not begun yet."""
    rows = [
        *waiting("planner", "coder", 10, trace=1, session="user-1"),
        *waiting("coder", "planner", 20, trace=2, session="user-2"),
    ]
    rows = [{**each, "session": f"user-{1 + (each['trace_id'][-1] == '2')}"} for each in rows]

    assert not look(*rows).findings


def test_two_names_of_one_that_is_at_work_are_no_standstill() -> None:
    rows = [*waiting("planner", '["coder", "Coder"]', 1), agent("coder", 9)]

    outcome = look(*rows)

    assert (outcome.findings, outcome.waits.rings) == ([], [])


def test_a_wait_right_below_another_agents_run_shows_two_waits() -> None:
    """That of the other agent is over when the one that waits goes on with something else."""
    rows = [
        agent("lead", 1),
        wait("coder", "tester", 2, parent=1),
        row(3, agent="coder", kind="tool"),
        *waiting("tester", "somebody", 4),
    ]

    outcome = look(*rows)

    assert (outcome.findings, outcome.waits.rings) == ([], [])
