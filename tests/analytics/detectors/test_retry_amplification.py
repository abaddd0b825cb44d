"""One request that is attempted too often, and retries as they should be; through real loading."""

from typing import Any

import pytest

from analytics.detectors import retry_amplification
from analytics.detectors.loop import Loop
from analytics.detectors.retry_amplification import RetryAmplification
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import looked, watching

AMPLIFICATION = RetryAmplification()


def attempts(
    count: int, *pauses_s: float, model: bool = False, content: bool = True, seats: bool = False
) -> Conversation:
    """A tool that fails until the last attempt."""
    talk = Conversation(content=content)
    for number in range(count):
        if model:
            talk.model("book")
        seat = number if seats else 7
        last = number == count - 1
        talk.tool("book", {"seat": seat}, "booked" if last else None, error=None if last else "ServerError")
        talk.pause(pauses_s[min(number, len(pauses_s) - 1)])
    return talk


def layers(*counts: int) -> Conversation:
    """Each tool calls the next one so often, and all of them fail."""
    talk = Conversation()

    def call(level: int, parent: bytes) -> None:
        if level == len(counts):
            return
        for _ in range(counts[level]):
            began_ns = talk.now_ns
            span_id = talk.tool(f"layer {level}", {"id": 1}, parent=parent, seconds=0.01, error="ServerError")
            call(level + 1, span_id)
            talk.spans[-1 - _below(counts[level + 1 :])].end_time_unix_nano = talk.now_ns
            assert talk.now_ns > began_ns

    call(0, b"")
    return talk


def _below(counts: tuple[int, ...]) -> int:
    """Spans below one attempt."""
    return counts[0] * (1 + _below(counts[1:])) if counts else 0


def test_layers_that_each_retry_multiply(store: Store, load: Any) -> None:
    load(*layers(3, 2, 2).running())

    (finding,) = looked(AMPLIFICATION, store).findings

    assert (finding.grade, finding.severity, finding.certain) == ("confirmed", "S2", True)
    assert finding.evidence["amplification"] == 12
    assert finding.title == (
        "One request asks layer 2 up to 12 times: each layer retries (layer 0 3 x layer 1 2 x layer 2 2)"
    )


def test_more_than_three_attempts_without_a_pause_are_told(store: Store, load: Any) -> None:
    load(*attempts(5, 0.05).running())

    (finding,) = looked(AMPLIFICATION, store).findings

    assert (finding.grade, finding.severity) == ("confirmed", "S3")
    assert finding.title == "book was attempted 5 times in 1.00 s without back-off after ServerError"


def refused(
    count: int,
    pause_s: float = 0.0,
    *,
    says: str = "429 Too Many Requests",
    content: bool = True,
    seats: bool = False,
) -> Conversation:
    """A model asks at once for what a limit of rate has refused; each turn has a span of its own."""
    talk = Conversation()
    for number in range(count):
        query = f"seat {number if seats else 7}"
        with talk.turn("coder", operation="invoke_workflow") as turn:
            talk.model(f"book {query}", parent=turn)
        talk.pause(pause_s - 1.05)  # else it answers at once
        about = {"error.type": "ToolError", "gen_ai.tool.call.id": f"call_{number}"}
        talk.tool("book", query if content else None, parent=turn, error=says, **about)
    return talk


@pytest.mark.parametrize(("content", "grade"), [(True, "confirmed"), (False, "probable")])
def test_a_model_that_ignores_a_limit_of_rate_is_told_of(
    store: Store, load: Any, grade: str, *, content: bool
) -> None:
    load(*refused(5, content=content).ended())

    (finding,) = looked(AMPLIFICATION, store).findings

    assert (finding.grade, finding.agents) == (grade, ["coder"])
    assert "without back-off after a limit of rate (ToolError)" in finding.title
    assert not looked(Loop(), store).findings


def test_uneven_pauses_are_no_back_off(store: Store, load: Any) -> None:
    load(*attempts(10, 0.02, 0.04, 0.08, 0.03, 0.07, 0.2, 0.05, 0.1, 0.3).ended())

    assert looked(AMPLIFICATION, store).findings


def test_a_wait_that_was_asked_for_and_not_kept_is_told(store: Store, load: Any) -> None:
    load(*refused(5, 3.0, says="429, retry after 20 s").ended())

    (finding,) = looked(AMPLIFICATION, store).findings

    assert finding.title.endswith("after a limit of rate (ToolError), which asks to wait 20.0 s")
    assert finding.evidence["layers"][0]["asked_to_wait_s"] == [20.0] * 4


def test_a_model_that_takes_its_time_after_a_limit_of_rate_is_in_a_loop(store: Store, load: Any) -> None:
    load(*refused(5, 1.05).ended())

    assert not looked(AMPLIFICATION, store).findings
    assert [finding.grade for finding in looked(Loop(), store).findings] == ["confirmed"]


@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(lambda: attempts(3, 0.05), id="three attempts"),
        pytest.param(lambda: layers(3, 3), id="three by three"),
        pytest.param(lambda: attempts(6, 0.1, 0.2, 0.4, 0.8, 1.6), id="back-off"),
        pytest.param(lambda: attempts(6, 2.0), id="pauses, as after a Retry-After"),
        pytest.param(lambda: attempts(6, 0.05, model=True), id="a model decides each time: that is a loop"),
        pytest.param(lambda: attempts(6, 0.05, seats=True), id="a batch that fails"),
        pytest.param(
            lambda: attempts(6, 0.05, content=False), id="who knows what was called: nothing captured"
        ),
        pytest.param(lambda: attempts(6, -0.3), id="side by side"),
        pytest.param(lambda: refused(6, seats=True), id="a batch that a limit of rate refuses"),
        pytest.param(lambda: refused(3), id="three turns"),
        pytest.param(lambda: refused(6, 20.0, says="429, retry after 20 s"), id="Retry-After is honoured"),
    ],
)
def test_retries_as_they_should_be_are_no_finding(talk: Any, store: Store, load: Any) -> None:
    load(*talk().running())

    assert not looked(AMPLIFICATION, store).findings


def test_it_is_over_when_the_trace_has_ended(store: Store, load: Any) -> None:
    load(*attempts(5, 0.05).ended())
    found = looked(AMPLIFICATION, store).findings

    outcome = looked(AMPLIFICATION, store, watching(found, changed_version=2**63))

    assert [resolution.word for resolution in outcome.resolutions.values()] == ["ended"]


def test_a_project_takes_no_room_of_another(store: Store, load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry_amplification, "ROWS_MAX", 12)
    for _ in range(3):
        load(*attempts(7, 0.1).ended(), project="crowded")
    load(*attempts(4, 0.1).ended(), project="shop")

    outcome = looked(AMPLIFICATION, store)

    assert [finding.project for finding in outcome.findings] == ["shop"]
    assert outcome.partial
    assert outcome.left_out_version
