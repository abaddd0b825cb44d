"""What goes round in circles, and above all what only looks so; through real loading and assembly."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.baselines.habit import Habit
from analytics.detectors.loop import Loop
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import Learned, assembled, looked, watching
from tests.builders import pairs

LOOP = Loop()


def repeating(times: int, **options: Any) -> Conversation:
    """A model that decides to search for the same, again and again."""
    talk = Conversation(**options)
    for number in range(times):
        talk.model("search", input_tokens=100 + 20 * number)
        talk.tool("search", {"q": "ttl"}, "see the manual")
    return talk


def ping_pong(cycles: int, *, tools: bool = False, grow: int = 20, **options: Any) -> Conversation:
    """Two agents that hand over to each other, and nothing comes of it."""
    talk = Conversation(**options)
    for number in range(cycles):
        for agent, other in (("coder", "tester"), ("tester", "coder")):
            with talk.turn(agent) as turn:
                talk.model("handoff", agent=agent, parent=turn, input_tokens=100 + grow * number)
                if tools:
                    talk.tool("look", {"at": other}, "nothing yet", agent=agent, parent=turn)
                talk.handoff(agent, other, parent=turn)
    return talk


def letters(cycles: int, *, asked: str = "write", wrapped: bool = False) -> Conversation:
    """Two agents with the same prompts each time, though their own input has an id or is not captured."""
    talk = Conversation()
    for number in range(cycles):
        for agent in ("author", "critic"):
            if wrapped:
                with talk.turn("Agent workflow") as outer, talk.turn(agent, parent=outer) as turn:
                    talk.model("over to you", asked=told(asked, number), agent=agent, parent=turn)
            else:
                with talk.turn(agent, f"letter {number}", "over to you") as turn:
                    talk.model("over to you", asked=told(asked, number), agent=agent, parent=turn)
    return talk


def cycling(times: int, *cycle: tuple[str, Any, Any], pause_s: float = 0, model: bool = True) -> Conversation:
    """The same tools over and over, each time after a model decided so; `{}` stands for the number."""
    talk = Conversation()
    talk.model("begin")
    for number in range(times):
        for tool, arguments, result in cycle:
            if model:
                talk.model(tool)
            talk.tool(tool, told(arguments, number), told(result, number))
        talk.pause(pause_s)
    talk.model("done")
    return talk


def bare_tools(times: int, *, at_once: int = 1, differ: bool = False) -> Conversation:
    """Tools that say their name alone, as AutoGen's do; what they are asked stands in the model's answers."""
    talk = Conversation()
    for number in range(times):
        talk.model(f"search {number}" if differ else "search", input_tokens=100 + 20 * number)
        for _ in range(at_once):
            talk.tool("search")
    return talk


def polling(tool: str, answer: Any, *, seconds: float = 0.2, uneven: bool = False) -> Conversation:
    """A model asks for the same until it is there, without a name that says so."""
    talk = Conversation()
    talk.model("begin")
    for number in range(6):
        talk.model(tool)
        talk.tool(tool, {"id": 7}, answer, seconds=seconds)
        talk.pause((3, 40, 0.1, 9, 1, 25)[number] if uneven else 0)
    talk.model("done")
    return talk


def told(text: Any, number: int) -> Any:
    return text.replace("{}", str(number)) if isinstance(text, str) else text


def failing(times: int, *, model: bool) -> Conversation:
    talk = Conversation()
    for _ in range(times):
        if model:
            talk.model("book")
        talk.tool("book", {"seat": 7}, error="TimeoutError")
    return talk


def reviewing(rounds: int) -> Conversation:
    """What the critic says is the same each time, the code is another."""
    talk = Conversation()
    for number in range(rounds):
        for agent, question, answer in (
            ("coder", "shorter", f"code {number}"),
            ("critic", f"code {number}", "shorter"),
        ):
            with talk.turn(agent, question, answer) as turn:
                talk.model(agent=agent, parent=turn)
    return talk


def classifying(items: int, agents: int = 2) -> Conversation:
    """A batch through a line of agents, in which nothing is found."""
    talk = Conversation()
    for number in range(items):
        for agent in [f"agent {index}" for index in range(agents)]:
            with talk.turn(agent, f"item {number}", "fine") as turn:
                talk.model(agent=agent, parent=turn)
    return talk


def voting(voters: int) -> Conversation:
    """The same question to many, side by side; all say the same."""
    talk = Conversation()
    began_ns = talk.now_ns
    for _ in range(voters):
        talk.now_ns = began_ns
        talk.tool("ask", "is it spam?", "yes", seconds=1)
    return talk


def workers(count: int) -> Conversation:
    """Each begins with the same look at the same thing."""
    talk = Conversation()
    for number in range(count):
        with talk.turn("worker", f"part {number}", f"done {number}") as turn:
            talk.model("get_schema", agent="worker", parent=turn)
            talk.tool("get_schema", "all", "a, b, c", agent="worker", parent=turn)
    return talk


def descending(depth: int, *, question: str) -> Conversation:
    """An agent that calls itself."""
    talk = Conversation()

    def descend(level: int, parent: bytes) -> None:
        if level:
            with talk.turn("solver", told(question, level), f"answer {level}", parent) as turn:
                talk.model("solve", agent="solver", parent=turn)
                descend(level - 1, turn)

    descend(depth, b"")
    return talk


SEARCH = ("search", "ttl", "see the manual")
LOOPS = {
    "tools that say their name alone": (bare_tools(6).running, "suspected", "S3"),
    "four identical calls, ended": (repeating(4).ended, "confirmed", "S3"),
    "nine identical calls, running": (repeating(9).running, "confirmed", "S2"),
    "two calls in turn": (cycling(5, SEARCH, ("read", "a", "b")).running, "confirmed", "S2"),
    "a cycle of six": (cycling(3, *((f"t{n}", "a", "b") for n in range(6))).running, "confirmed", "S2"),
    "a model calls what fails again and again": (failing(4, model=True).running, "confirmed", "S2"),
    "two agents and their tools": (ping_pong(3, tools=True).running, "confirmed", "S2"),
    "two agents that hand over and say the same": (ping_pong(4).running, "probable", "S2"),
    "two agents with the same prompts, and ids in their input": (letters(4).running, "confirmed", "S2"),
    "two agents, each in a workflow of its own": (letters(4, wrapped=True).running, "confirmed", "S2"),
    "and whose prompts do not grow": (ping_pong(6, grow=0).running, "suspected", "S3"),
    "and who are not captured": (ping_pong(6, content=False).running, "suspected", "S3"),
    "calls whose results are not captured": (cycling(6, ("search", "ttl", None)).running, "suspected", "S3"),
    "a piece of code calls it": (cycling(9, SEARCH, model=False).running, "suspected", "S3"),
    "a poll that is held on the other side": (
        polling("check_build", "running", seconds=10).running,
        "suspected",
        "S3",
    ),
    "one that says nothing known": (polling("check_build", "#7", seconds=10).running, "suspected", "S3"),
    "a poll with uneven pauses": (
        polling("get_job", {"state": "IN_PROGRESS"}, uneven=True).running,
        "suspected",
        "S3",
    ),
    "a page that is scrolled": (polling("scroll_down", "ok").running, "suspected", "S3"),
    "slow tests that fail with the same words": (
        polling(
            "run_tests",
            "2 tests failed: parser misses the closing bracket of nested lists at line 40",
            seconds=10,
        ).running,
        "confirmed",
        "S2",
    ),
    "a batch through two agents, by its prompts": (letters(9, asked="letter {}").running, "suspected", "S3"),
    "a batch with equal results through two agents": (classifying(9).running, "suspected", "S3"),
}
LOOK_ALIKES = {
    "tools that say their name alone, asked for other things": bare_tools(9, differ=True).running,
    "tools that say their name alone, all asked for at once": bare_tools(1, at_once=20).running,
    "three identical calls": repeating(3).running,
    "nothing captured: fifty calls may be fifty things": repeating(50, content=False).running,
    "a batch, or pages by number": cycling(9, ("search", "page {}", "page {}")).running,
    "pages by a cursor on the other side": cycling(9, ("next_page", "all", "page {}")).running,
    "the same without arguments": cycling(9, ("next_page", None, "page {}")).running,
    "a batch with equal results": cycling(9, ("search", "{}", "nothing")).running,
    "polling by name": cycling(40, ("get_status", "job", "running"), pause_s=5).running,
    "polling by its pauses": cycling(40, ("get_job", "7", "running"), pause_s=5).running,
    "polling by code": cycling(40, ("get_job", "7", "running"), pause_s=0.2, model=False).running,
    "polling without a pause": cycling(9, ("get_job", "7", "at {} %")).running,
    "polling with a tool that sleeps": cycling(9, ("sleep", 5, "ok"), ("get_job", "7", "running")).running,
    "tests run again after each edit": cycling(
        9, ("edit", "line {}", "ok"), ("run_tests", "all", "1 failed")
    ).running,
    "retries by code": failing(9, model=False).running,
    "three attempts by a model": failing(3, model=True).running,
    "a critic who is never content with what is new each time": reviewing(9).running,
    "hand-offs of which nothing was captured": ping_pong(5, content=False).running,
    "hand-offs with tools between, not captured": ping_pong(9, tools=True, content=False).running,
    "a short batch through two agents": letters(5, asked="letter {}").running,
    "a batch with equal results through an agent": classifying(9, agents=1).running,
    "votes side by side": voting(9).running,
    "workers that all begin with the same": workers(9).running,
    "recursion": descending(9, question="part {}").running,
}


def named(traces: dict[str, Callable[[], list[Span]]], load: Any) -> dict[str, str]:
    """Load traces all at once; return their names by id."""
    sent = {name: spans() for name, spans in traces.items()}
    load(*(span for spans in sent.values() for span in spans))
    return {spans[0].trace_id.hex(): name for name, spans in sent.items()}


def test_loops_are_found(store: Store, load: Any) -> None:
    names = named({name: spans for name, (spans, _, _) in LOOPS.items()}, load)

    findings = looked(LOOP, store).findings

    assert {names[finding.trace_ids[0]]: (finding.grade, finding.severity) for finding in findings} == {
        name: tuple(said) for name, (_, *said) in LOOPS.items()
    }
    assert len(findings) == len(LOOPS)
    assert all(finding.certain and finding.fingerprint.startswith(*finding.trace_ids) for finding in findings)


def test_what_only_looks_like_a_loop_is_no_finding(store: Store, load: Any) -> None:
    names = named(LOOK_ALIKES, load)

    assert [names[finding.trace_ids[0]] for finding in looked(LOOP, store).findings] == []


def test_what_it_costs_is_told_from_the_second_cycle_on(store: Store, load: Any) -> None:
    load(*repeating(5).running())

    (finding,) = looked(LOOP, store).findings

    assert finding.evidence["wasted"] == {
        "seconds": pytest.approx(4.8),
        "input_tokens": 120 + 140 + 160 + 180,
        "output_tokens": 40,
        "cost_usd": 0.0,
        "spans": 8,
    }
    assert (finding.evidence["repeats"], finding.evidence["period"]) == (5, 1)
    assert finding.title == (
        "coder has called search 5 times in a row with the same arguments in 5.00 s;"
        " the same comes of it each time"
    )


def test_a_loop_that_goes_on_is_the_same_finding(store: Store, load: Any) -> None:
    talk = repeating(4)
    load(*talk.running())
    first = looked(LOOP, store).findings
    for _ in range(3):
        talk.model("search")
        talk.tool("search", {"q": "ttl"}, "see the manual")
    load(*talk.running())

    (again,) = looked(LOOP, store, watching(first)).findings

    assert (again.fingerprint, again.evidence["repeats"]) == (first[0].fingerprint, 7)


def test_an_open_loop_is_found_again_while_nothing_changes(store: Store, load: Any) -> None:
    load(*repeating(5).running())
    found = looked(LOOP, store).findings

    outcome = looked(LOOP, store, watching(found, changed_version=2**63))

    assert [finding.fingerprint for finding in outcome.findings] == [found[0].fingerprint]
    assert not outcome.resolutions


def test_what_did_not_change_and_is_not_watched_is_not_read(store: Store, load: Any) -> None:
    load(*repeating(5).running())
    assembled(store)

    assert not looked(LOOP, store, watching((), changed_version=2**63)).findings


@pytest.mark.parametrize(
    ("moves_on", "sentence"),
    [(False, "The trace ended after 5 times."), (True, "It did something else after 5 times.")],
)
def test_a_loop_is_over_when_the_trace_ends_or_goes_on_to_something_else(
    store: Store, load: Any, *, moves_on: bool, sentence: str
) -> None:
    talk = repeating(5)
    load(*talk.running())
    found = looked(LOOP, store).findings
    if moves_on:
        talk.tool("write", {"page": 1}, "ok")
        talk.tool("read", {"page": 1}, "text")
    load(*(talk.running() if moves_on else talk.ended()))

    (resolution,) = looked(LOOP, store, watching(found)).resolutions.values()

    assert (resolution.word, resolution.sentence) == ("ended", sentence)


def test_nothing_that_was_said_stands_in_a_finding(store: Store, load: Any) -> None:
    load(*repeating(5).running())

    (finding,) = looked(LOOP, store).findings

    assert "ttl" not in repr(finding)
    assert "manual" not in repr(finding)


@pytest.mark.parametrize(("usual", "found"), [(8, 0), (7, 1)])
def test_a_call_that_is_rightly_repeated_so_often_is_no_finding(
    store: Store, load: Any, usual: int, found: int
) -> None:
    load(*repeating(8).running())
    habit = Habit(n=400, q50=2, q99=6, q995=usual, q999=None)

    outcome = looked(LOOP, store, learned=Learned({("repeats", "coder\0search"): habit}))

    assert len(outcome.findings) == found


def test_parents_in_a_circle_end_a_look(store: Store, load: Any) -> None:
    talk = repeating(5)
    first, second = talk.spans[1], talk.spans[3]
    first.parent_span_id, second.parent_span_id = second.span_id, first.span_id
    load(*talk.running())

    assert len(looked(LOOP, store).findings) <= 1


def as_openinference(number: int) -> dict[str, Any]:
    message = {
        "type": "tool",
        "data": {"content": "see", "tool_call_id": f"call_{number}", "status": "success"},
    }
    said = {"input.value": "{'q': 'ttl'}", "output.value": json.dumps(message)}
    return {"openinference.span.kind": "TOOL", "tool.name": "search", **said}


def as_traceloop(number: int) -> dict[str, Any]:
    called = {"input_str": "{'q': 'ttl'}", "metadata": {"langgraph_step": number}}
    said = {"output": {"kwargs": {"content": "see", "tool_call_id": f"call_{number}"}}}
    texts = {"traceloop.entity.input": json.dumps(called), "traceloop.entity.output": json.dumps(said)}
    return {"traceloop.span.kind": "tool", "traceloop.entity.name": "search", **texts}


@pytest.mark.parametrize("dialect", [as_openinference, as_traceloop])
def test_the_ids_that_langchain_gives_each_call_hide_no_loop(
    dialect: Callable[[int], dict[str, Any]], store: Store, load: Any
) -> None:
    talk = Conversation()
    for number in range(5):
        talk.model("search")
        talk.tool("search")
        del talk.spans[-1].attributes[:]
        talk.spans[-1].attributes.extend(pairs(dialect(number) | {"gen_ai.agent.name": "coder"}))
    load(*talk.running())

    (finding,) = looked(LOOP, store).findings

    assert (finding.grade, finding.evidence["repeats"]) == ("confirmed", 5)
