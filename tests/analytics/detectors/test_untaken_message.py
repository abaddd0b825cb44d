"""Messages that nobody took, and above all topics of which that says nothing; through real loading."""

import os
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.detectors.detector import Window
from analytics.detectors.source import Source
from analytics.detectors.untaken_message import UntakenMessage
from analytics.rfc3339 import unix_ns
from collector.store.store import Store
from tests.analytics.detectors.looking import UNLEARNED, watching
from tests.analytics.rows import NOW, ago
from tests.builders import SECOND, pairs, span

UNTAKEN = UntakenMessage()


def sent(ago_s: float, *, topic: str = "orders", **attributes: Any) -> Span:
    about = {"messaging.operation.type": "send", "messaging.destination.name": topic, **attributes}
    start_ns = unix_ns(ago(ago_s))
    one = span("send", about, start_ns=start_ns, end_ns=start_ns + SECOND // 100)
    one.kind = Span.SPAN_KIND_PRODUCER
    return one


def taken(of: Span, after_s: float = 1, *, by: str = "link", topic: str = "orders") -> Span:
    """Return the span of whoever takes a message, and how that is known."""
    about = {"messaging.operation.type": "process", "messaging.destination.name": topic}
    said = {pair.key: pair.value.string_value for pair in of.attributes if pair.key == by}
    start_ns = of.end_time_unix_nano + int(after_s * SECOND)
    one = span("process", about | said, start_ns=start_ns, end_ns=start_ns + SECOND)
    one.kind = Span.SPAN_KIND_CONSUMER
    if by == "link":
        one.links.append(Span.Link(trace_id=of.trace_id, span_id=of.span_id))
    if by == "parent":
        one.trace_id, one.parent_span_id = of.trace_id, of.span_id
    return one


def usual(
    count: int = 60, *, by: str = "link", every: int = 1, after_s: float = 1, **more: Any
) -> list[Span]:
    """Messages of the last hour, of which every so many-th is seen to be taken."""
    spans: list[Span] = []
    for number in range(count):
        ids = {key: os.urandom(4).hex() for key in (by,) if key not in ("link", "parent")}
        one = sent(3_600 - 40 * number, **ids, **more)
        spans += [one, taken(one, after_s, by=by)] if number % every == 0 else [one]
    return spans


def look(store: Store, load: Any, spans: list[Span], window: Window | None = None) -> Any:
    load(*spans, at_ns=unix_ns(ago(30)))
    window = window or Window(NOW)
    return UNTAKEN.detect(store.query(UNTAKEN.sql, UNTAKEN.parameters(window)), window, UNLEARNED)


@pytest.mark.parametrize(
    "by", ["link", "parent", "messaging.message.id", "messaging.message.conversation_id"]
)
def test_a_message_that_nobody_took_is_found(store: Store, load: Any, by: str) -> None:
    lost = sent(300)

    (finding,) = look(store, load, [*usual(by=by), lost, sent(5)]).findings

    assert (finding.severity, finding.grade, finding.fingerprint) == ("S3", "suspected", "topic:orders")
    assert (finding.trace_ids, finding.span_ids) == ([lost.trace_id.hex()], [lost.span_id.hex()])
    assert finding.title == (
        "1 message to orders was taken by nobody that can be seen, the first sent 5m 00s ago (inferred);"
        " 60 of 60 others were, 99 % within 1.00 s"
    )


def test_topics_with_the_ids_of_runs_in_their_names_are_one(store: Store, load: Any) -> None:
    lost = sent(300, topic="answers of run 7")
    spans = [*usual(), *(one for n in range(60) if (one := sent(3_000 - n, topic=f"answers of run {n}")))]
    spans += [taken(one) for one in spans[-60:]]

    (finding,) = look(store, load, [*spans, lost]).findings

    assert finding.fingerprint == "topic:answers of run *"


def failed() -> Span:
    one = sent(300)
    one.status.code = 2
    return one


def batch() -> Span:
    one, message = sent(300), sent(301)
    one.links.append(Span.Link(trace_id=message.trace_id, span_id=message.span_id))
    return one


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param(
            [sent(3_600 - 40 * n) for n in range(60)], id="fire and forget: nobody sends spans of it"
        ),
        pytest.param([*usual(every=2), sent(300)], id="takers are sampled"),
        pytest.param([*usual(count=20), sent(300)], id="too few are known"),
        pytest.param([*usual(after_s=120), sent(300)], id="it usually takes as long"),
        pytest.param([*usual(), sent(30)], id="it was only just sent"),
        pytest.param([*usual(), sent(300, topic="log")], id="another topic, which nobody reads"),
        pytest.param([*usual(), sent(300, topic="")], id="a topic without a name"),
        pytest.param([*usual(), failed()], id="it was not sent"),
        pytest.param([*usual(), batch()], id="what sends a batch"),
        pytest.param(usual(), id="all are taken"),
    ],
)
def test_what_says_nothing_is_no_finding(store: Store, load: Any, spans: list[Span]) -> None:
    assert not look(store, load, spans).findings


def test_nothing_opens_while_the_takers_are_silent(store: Store, load: Any) -> None:
    silent = Window(NOW, silent=frozenset({Source("default", "tests")}))

    assert not look(store, load, [*usual(), sent(300)], silent).findings


def test_it_is_over_when_the_message_is_taken(store: Store, load: Any) -> None:
    late = sent(300)
    found = look(store, load, [*usual(), late]).findings

    outcome = look(store, load, [taken(late, 250)], watching(found))

    assert not outcome.findings
    assert [one.word for one in outcome.resolutions.values()] == ["progressed"]


def test_who_takes_sees_spans_that_say_nothing_but_their_kind(store: Store, load: Any) -> None:
    spans = usual()
    for one in spans:
        about = [pair for pair in one.attributes if pair.key != "messaging.operation.type"]
        del one.attributes[:]
        one.attributes.extend(about or pairs({}))

    assert len(look(store, load, [*spans, sent(300)]).findings) == 1
