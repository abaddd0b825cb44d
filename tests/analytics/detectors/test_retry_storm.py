"""Calls that are made again and again by everybody, and what only looks so; through real loading."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.baselines.habit import Habit
from analytics.detectors.detector import Window
from analytics.detectors.retry_storm import RetryStorm
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import Learned, looked
from tests.analytics.rows import NOW

STORM = RetryStorm()


def calls(
    count: int,
    failures: int,
    *,
    pauses_s: tuple[float, ...] = (0.1,),
    error: str = "ServerError",
    began_s_ago: float = 125,
    within_s: float = 110,
    side_by_side: bool = False,
    content: bool = True,
    of_one: bool = True,
    every: int = 1,
    by_model: bool = False,
    turns: bool = False,
) -> list[Any]:
    """So many traces within two minutes, of which every so many-th fails so often before it succeeds."""
    spans: list[Any] = []
    for number in range(count):
        talk = Conversation(began_s_ago=began_s_ago - within_s * number / count, content=content)
        for attempt in range(failures if number % every == 0 else 0):
            seat = 7 if of_one else attempt
            asked = {"gen_ai.tool.call.id": f"call_{number}_{attempt}"} if by_model else {}
            # the type of what a tool raises says nothing
            about = {"error.type": "ToolError"} | asked
            parent = _turn(talk) if turns else b""
            talk.tool("book", {"seat": seat}, seconds=0.1, error=error, parent=parent, **about)
            talk.pause(-0.1 if side_by_side else pauses_s[min(attempt, len(pauses_s) - 1)])
        talk.tool("book", {"seat": 7}, "booked", seconds=0.1)
        spans += talk.ended()
    return spans


def _turn(talk: Conversation) -> bytes:
    """A step that holds one turn of the agent together, as LangGraph's and OpenAI Agents' do."""
    with talk.turn("coder", operation="invoke_workflow") as turn:
        talk.pause(-0.1)
    return turn


def named_alone(count: int, failures: int, *, seats: bool = False) -> list[Any]:
    """AutoGen's traces: tools say name and id, and what they are asked stands in the model's answer."""
    spans: list[Any] = []
    for number in range(count):
        talk = Conversation(began_s_ago=125 - 110 * number / count)
        for attempt in range(failures):
            talk.model(f"book {attempt if seats else 7}")
            about = {"gen_ai.tool.call.id": f"call_{attempt}", "error.type": "ToolError"}
            talk.tool("book", seconds=0.1, error="429 Too Many Requests", **about)
            talk.pause(-0.5)  # a model that answers at once
        spans += talk.ended()
    return spans


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="by code"),
        pytest.param({"by_model": True}, id="by a model, which gives each an id"),
        pytest.param({"by_model": True, "turns": True}, id="each turn below a span of its own"),
    ],
)
def test_a_tool_that_everybody_calls_again_is_a_storm(options: Any, store: Store, load: Any) -> None:
    load(*calls(120, 2, **options))

    (finding,) = looked(STORM, store).findings

    assert (finding.grade, finding.severity, finding.fingerprint) == ("confirmed", "S2", "tool:book")
    assert finding.agents == ["coder"]
    assert [minute["ratio"] for minute in finding.evidence["minutes"]] == [2.0, 2.0]
    assert "again after ToolError, 100 ms after each failure" in finding.title
    assert 0 < len(finding.trace_ids) <= 5


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"failures": 0}, id="nothing fails"),
        pytest.param({"failures": 1, "every": 6}, id="a sixth of the calls fail once: rightly retried"),
        pytest.param({"failures": 2, "count": 12}, id="few calls"),
        pytest.param({"failures": 2, "within_s": 50}, id="a minute of trouble that is over"),
        pytest.param({"failures": 2, "side_by_side": True}, id="hedged: attempts side by side"),
        pytest.param(
            {"failures": 2, "error": "429 Too Many Requests", "pauses_s": (2.0,)},
            id="a limit of rate that is honoured",
        ),
        pytest.param(
            {"failures": 1, "error": "Rate limit reached. Please try again in 600ms.", "pauses_s": (0.6,)},
            id="a wait that was asked for, and kept",
        ),
        pytest.param({"failures": 3, "of_one": False}, id="other calls after those that failed"),
        pytest.param({"failures": 2, "content": False}, id="who knows what was called: nothing captured"),
    ],
)
def test_what_only_looks_like_a_storm_is_no_finding(options: dict[str, Any], store: Store, load: Any) -> None:
    load(*calls(**{"count": 120, **options}))

    assert not looked(STORM, store).findings


def test_a_limit_of_rate_that_is_not_honoured_is_a_storm(store: Store, load: Any) -> None:
    load(*calls(120, 2, error="429"))

    assert [finding.grade for finding in looked(STORM, store).findings] == ["confirmed"]


def test_a_wait_that_was_asked_for_and_not_kept_is_told(store: Store, load: Any) -> None:
    load(*calls(120, 2, error="429: Retry-After: 20", pauses_s=(2.0,)))

    (finding,) = looked(STORM, store).findings

    assert finding.grade == "confirmed"
    assert finding.title.endswith(
        "again after ToolError, 2.00 s after each failure, which asks to wait 20.0 s"
    )
    newest = finding.evidence["minutes"][0]
    assert (newest["soon_after_rate_limit"], newest["waited_as_asked"]) == (newest["retries"], 0)


def test_tools_that_say_their_name_alone_are_known_by_what_the_model_asked(store: Store, load: Any) -> None:
    load(*named_alone(40, 5))

    assert [finding.fingerprint for finding in looked(STORM, store).findings] == ["tool:book"]


def test_other_questions_to_tools_that_say_their_name_alone_are_no_retries(store: Store, load: Any) -> None:
    load(*named_alone(40, 5, seats=True))

    assert not looked(STORM, store).findings


@pytest.mark.parametrize(("q99", "is_found"), [(0.5, True), (0.7, False)])
def test_what_is_usual_of_a_tool_is_no_storm(store: Store, load: Any, q99: float, *, is_found: bool) -> None:
    load(*calls(120, 2))
    usual = Learned({("retries", "tool:book"): Habit(n=400, q50=0.1, q99=q99, q995=q99, q999=None)})

    found = looked(STORM, store, learned=usual).findings

    assert [finding.evidence["baseline"] for finding in found] == (
        ["99 % of the minutes have 50% or less (n = 400)"] if is_found else []
    )


def test_with_back_off_it_is_suspected(store: Store, load: Any) -> None:
    load(*calls(120, 3, pauses_s=(0.1, 0.2, 0.4)))

    (finding,) = looked(STORM, store).findings

    assert (finding.grade, finding.severity) == ("suspected", "S3")


def test_pauses_that_vary_by_chance_are_no_back_off(store: Store, load: Any) -> None:
    load(*calls(60, 7, pauses_s=(0.05, 0.2, 0.04, 0.3, 0.1, 0.2, 0.05)))

    assert [finding.grade for finding in looked(STORM, store).findings] == ["confirmed"]


@pytest.mark.parametrize(
    ("every", "is_found"), [pytest.param(8, True, id="12 %"), pytest.param(15, False, id="7 %")]
)
def test_a_storm_is_over_below_a_tenth(store: Store, load: Any, every: int, *, is_found: bool) -> None:
    load(*calls(240, 1, every=every))
    watched = Window(NOW, frozenset({("default", "tool:book")}))

    outcome = looked(STORM, store, watched)

    assert bool(outcome.findings) == is_found
    assert (
        [resolution.word for resolution in outcome.resolutions.values()] == [] if is_found else ["progressed"]
    )


def test_what_was_minutes_ago_is_not_read(store: Store, load: Any) -> None:
    load(*calls(120, 2))

    assert not looked(STORM, store, Window(NOW + timedelta(minutes=5))).findings


def told_in_answers(said: Any, pause_s: float = 0.1) -> list[Any]:
    """Traces in which a call is made three times, for the first two answers say that they failed."""
    spans: list[Any] = []
    for number in range(120):
        talk = Conversation(began_s_ago=125 - 110 * number / 120)
        for _ in range(2):
            talk.tool("book", {"seat": 7}, said, seconds=0.1)
            talk.pause(pause_s)
        talk.tool("book", {"seat": 7}, "booked", seconds=0.1)
        spans += talk.ended()
    return spans


def test_what_an_answer_says_of_itself_is_a_failure_too(store: Store, load: Any) -> None:
    load(*told_in_answers({"isError": True, "content": [{"type": "text", "text": "no seat"}]}))

    (finding,) = looked(STORM, store).findings

    assert (finding.grade, finding.fingerprint) == ("confirmed", "tool:book")
    assert "again after an error in its answer" in finding.title


def test_an_answer_that_is_a_limit_of_rate_is_one_that_can_be_honoured(store: Store, load: Any) -> None:
    load(*told_in_answers({"status": 429, "body": "slow down"}, pause_s=2.0))

    assert not looked(STORM, store).findings
