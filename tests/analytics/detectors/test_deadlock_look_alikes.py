"""What looks like a deadlock and is none, and what a hostile client can do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.detectors import deadlock
from analytics.waits.open_span import TARGETS_MAX
from tests.analytics.detectors.open_rows import NOW_NS
from tests.analytics.detectors.wait_rows import Row, agent, hold, look, ring, row, wait, waiting


def changed(rows: list[Row], number: int, **fields: object) -> list[Row]:
    return [each | fields if each["span_id"] == f"{number:016x}" else each for each in rows]


RING = ring("coder", "tester")
LOCKS = [
    agent("importer", 10),
    hold("importer", "index", 11, parent=10, age_s=40),
    wait("importer", "ledger", 12, kind="lock", parent=10, age_s=20),
    agent("auditor", 20),
    hold("auditor", "ledger", 21, parent=20, age_s=50),
    wait("auditor", "index", 22, kind="lock", parent=20, age_s=30),
]
CALL = {"kind": "tool", "tool": "run_coder", "agent": "planner", "open_descendants": 2}

SILENT = [
    pytest.param(waiting("coder", "tester", 10), id="a wait for an agent that is not open"),
    pytest.param(
        [*waiting("coder", "tester", 10), agent("tester", 20, open_descendants=0)],
        id="a wait for an agent that works",
    ),
    pytest.param(
        [*RING, row(50, kind="llm", agent="tester", parent=20, age_s=4)],
        id="one of them thinks while it waits",
    ),
    pytest.param(
        [
            agent("planner", 10),
            wait("planner", '["coder", "tester"]', 11, parent=10, wait_needed=1),
            *waiting("coder", "planner", 20),
            agent("tester", 30, open_descendants=0),
        ],
        id="either of two is enough, and one of them works",
    ),
    pytest.param(
        [
            agent("chair", 10),
            wait("chair", '["ann", "bob", "eve"]', 11, parent=10, wait_needed=2),
            *waiting("ann", "chair", 20),
            agent("bob", 30, open_descendants=0),
            agent("eve", 40, open_descendants=0),
        ],
        id="two of three are enough, and two work",
    ),
    *(
        pytest.param(
            [*waiting("coder", "tester", 10), *waiting("tester", "coder", 20, kind=reason)],
            id=f"one waits for {reason}: somebody outside decides",
        )
        for reason in ("human", "timer", "external", "tool")
    ),
    pytest.param(
        changed(RING, 11, last_seen_ns=NOW_NS - int(20.3 * 1e9)),
        id="a phantom: one wait was last seen when the other began",
    ),
    pytest.param(changed(RING, 11, last_seen_ns=NOW_NS - 30 * 10**9), id="a phantom by far"),
    pytest.param(
        ring("coder", "tester", seen_ago_s=16), id="nobody knows: the heartbeats of both have ceased"
    ),
    pytest.param(ring("coder", "tester", closed_s=0.9, seen_ago_s=0), id="closed less than a second ago"),
    pytest.param(
        [
            agent("planner", 10),
            row(11, **CALL, parent=10),
            agent("coder", 12, parent=11),
            row(13, **CALL | {"agent": "coder", "tool": "ask_planner"}, parent=12),
            agent("planner", 14, parent=13, open_descendants=0),
        ],
        id="recursion: the planner that is asked is another one, and works",
    ),
    pytest.param(
        [
            agent("planner", 10),
            row(11, **CALL, parent=10),
            agent("coder", 12, parent=11),
            row(13, **CALL | {"agent": "coder", "tool": "ask_planner", "open_descendants": 0}, parent=12),
        ],
        id="recursion: the planner that is asked has not begun",
    ),
    pytest.param(
        [
            agent("planner", 10),
            wait("planner", "coder", 11, parent=10),
            agent("coder", 12, parent=11),
            wait("coder", "planner", 13, parent=12),
            agent("planner", 14, parent=13, open_descendants=0),
        ],
        id="recursion by waits: the planner that is waited for runs below the wait",
    ),
    pytest.param(
        [*waiting("worker", "worker", 10), *waiting("worker", "worker", 20, trace=2)][:2],
        id="an agent that waits for its own name, and is the only one of it",
    ),
    pytest.param(
        [agent("a", 10), hold("a", "index", 11, parent=10), wait("a", "index", 12, kind="lock", parent=10)],
        id="one agent holds a lock and waits for it: perhaps in two threads",
    ),
    pytest.param(
        changed(LOCKS, 21, holds="another"),
        id="two locks, and nobody is seen to hold one of them",
    ),
    pytest.param(
        [*LOCKS, row(50, kind="llm", agent="auditor", parent=20, age_s=5)],
        id="who holds the lock works",
    ),
    pytest.param(
        changed(changed(LOCKS, 21, holds_capacity=2), 11, holds_capacity=2),
        id="locks that have room for another",
    ),
    pytest.param(
        [*LOCKS, hold("helper", "ledger", 51, parent=50), agent("helper", 50)],
        id="two hold a lock that only one can hold: several locks have this name, or it changes hands",
    ),
    pytest.param(
        [*waiting("a", "b", 10), *waiting("b", "a", 20, environment="staging")[1:]],
        id="the same names in two environments",
    ),
    pytest.param(
        [
            *waiting("planner", "coder", 10),
            *waiting("coder", "planner", 20),
            agent("coder", 30, open_descendants=0),
        ],
        id="of two coders in the trace one works: it may be the one that is meant",
    ),
    pytest.param(
        [agent("lead", 10), agent("coder", 20, parent=10), wait("coder", "lead", 21, parent=20, age_s=9)],
        id="a lead that seems to do nothing but run the coder: not for long enough",
    ),
    pytest.param(
        changed(RING, 11, last_seen_ns=NOW_NS - 25 * 10**9, heartbeats=1),
        id="one wait was reported once, where others are reported on: its end was lost",
    ),
    pytest.param(
        [*waiting("a", "b", 10, wait_needed=0), *waiting("b", "a", 20)], id="a wait that needs nobody"
    ),
]


@pytest.mark.parametrize("rows", SILENT)
def test_a_look_alike_is_no_deadlock(rows: list[Row]) -> None:
    assert not look(*rows).findings


def test_a_ring_that_is_not_sure_is_shown_and_not_told() -> None:
    """It may become one: the newest wait has been seen once."""
    rows = changed(RING, 21, last_seen_ns=RING[3]["first_seen_ns"], heartbeats=1)

    outcome = look(*rows)

    assert not outcome.findings
    assert [(one.grade, one.told) for one in outcome.waits.rings] == [("suspected", False)]


def test_work_whose_end_was_lost_hides_no_ring() -> None:
    """Its process reports other spans, and no longer this one."""
    gone = row(50, kind="llm", agent="tester", parent=20, age_s=200, seen_ago_s=100)

    assert look(*RING, gone).findings


HOSTILE = [
    pytest.param("x\n\x1b[31m\u202e" * 500, id="control characters"),
    pytest.param("[" * 5_000, id="brackets that never close"),
    pytest.param('["a", 7, null]', id="a list of other things than names"),
    pytest.param('{"a": 1}', id="an object"),
    pytest.param(
        str([f"n{number}" for number in range(3_000)]).replace("'", '"'), id="more names than can be meant"
    ),
    pytest.param("<script>alert(1)</script>{{7*7}}", id="markup"),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_the_look_or_hides_the_ring_beside_it(name: str) -> None:
    outcome = look(*RING, *waiting("eve", name, 90), *waiting(name, "coder", 95))

    (finding,) = outcome.findings
    assert finding.agents[:2] == ["coder", "tester"]
    assert finding.title.isprintable()
    assert len(finding.title) < 600


def test_more_targets_than_can_be_told_are_as_good_as_none() -> None:
    names = [f'"n{number}"' for number in range(TARGETS_MAX)]
    all_of_them = wait("coder", f'["tester", {", ".join(names)}]', 11, parent=10)

    assert not look(agent("coder", 10), all_of_them, *waiting("tester", "coder", 20)).findings


@given(
    needed=st.integers(0, 2**64 - 1),
    timeout_s=st.floats(),
    start_ns=st.integers(-(2**63), 2**63 - 1),
    capacity=st.integers(0, 2**64 - 1),
)
def test_no_number_breaks_the_look(needed: int, timeout_s: float, start_ns: int, capacity: int) -> None:
    odd = {"wait_needed": needed, "wait_timeout_s": timeout_s, "start_ns": start_ns}

    look(
        *waiting("a", "b", 10, **odd), *waiting("b", "a", 20), hold("a", "index", 30, holds_capacity=capacity)
    )


@given(st.lists(st.tuples(st.integers(0, 7), st.sampled_from("abc "), st.sampled_from("abc ")), max_size=8))
def test_no_shape_of_spans_breaks_the_look(links: list[tuple[int, str, str]]) -> None:
    rows = [
        wait(who.strip(), whom, number, parent=parent)
        if whom != " "
        else agent(who.strip(), number, parent=parent)
        for number, (parent, who, whom) in enumerate(links)
    ]

    look(*rows)


def test_the_last_trace_is_left_out_where_there_was_no_room_for_all_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is missing of it may be at work."""
    monkeypatch.setattr(deadlock, "ROWS_MAX", len(RING) + 4)

    outcome = look(*RING, *({**each, "trace_id": "f" * 32} for each in ring("a", "b")))

    assert outcome.partial
    assert [finding.agents for finding in outcome.findings] == [["coder", "tester"]]
