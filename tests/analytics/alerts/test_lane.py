"""One webhook's messages: what is sent, and what becomes of every kind of answer."""

import gzip
import json
import socket
from datetime import timedelta
from email.utils import format_datetime

import pytest
from sqlalchemy import Engine

from analytics.alerts import lane as lane_module
from analytics.alerts.message import Links, finding_message
from analytics.alerts.outbox import LEASE, claim
from analytics.alerts.schedule import DELAYS_S
from analytics.findings.ledger import FindingLedger
from analytics.rfc3339 import rfc3339
from tests.analytics.alerts.post_office import PostOffice
from tests.analytics.alerts.receiver import SECRET, Answer, Receiver, raw, receiving, silence, status
from tests.analytics.findings.builders import ENDED, at, finding, opened


def test_a_message_arrives_signed_and_is_delivered(post: PostOffice, receiver: Receiver) -> None:
    delivery_id = post.put('{"type":"webhook.test","text":"Grüße"}')

    assert post.send() == 1

    [received] = receiver.received
    assert received.verify() == {"type": "webhook.test", "text": "Grüße"}
    assert received.id == delivery_id
    assert received.headers["content-type"] == "application/json"
    delivery = post.delivery(delivery_id)
    assert (delivery.state, delivery.attempts, delivery.status_code) == ("delivered", 1, 204)
    assert (delivery.error, delivery.next_attempt) == (None, None)
    assert delivery.last_attempt == rfc3339(post.now)


def test_a_finding_arrives_when_it_opens_and_when_it_is_resolved(
    post: PostOffice, receiver: Receiver
) -> None:
    ledger = FindingLedger(post.engine, ["ops"])
    [finding_id] = opened(ledger, finding())
    ledger.reconcile("stuck_span", [], at(2), {("shop", "f1"): ENDED})

    post.send()

    messages = [received.verify() for received in receiver.received]
    assert [(message["type"], message["data"]["state"]) for message in messages] == [
        ("finding.opened", "open"),
        ("finding.resolved", "resolved"),
    ]
    assert {message["data"]["id"] for message in messages} == {finding_id}
    assert len({received.id for received in receiver.received}) == 2


@pytest.mark.parametrize("code", [200, 201, 204, 299])
def test_any_2xx_is_delivered(post: PostOffice, receiver: Receiver, code: int) -> None:
    receiver.answer = status(code)
    delivery_id = post.put()

    post.send()

    assert post.delivery(delivery_id).state == "delivered"


@pytest.mark.parametrize("code", [300, 301, 304, 400, 401, 404, 429, 500, 503, 599])
def test_anything_else_is_tried_again_five_seconds_later(
    post: PostOffice, receiver: Receiver, code: int
) -> None:
    receiver.answer = status(code, body=b"no, thank you")
    delivery_id = post.put()

    assert post.send() == 1

    delivery = post.delivery(delivery_id)
    assert (delivery.state, delivery.status_code, delivery.attempts) == ("pending", code, 1)
    assert delivery.next_attempt == rfc3339(post.now + timedelta(seconds=5))
    assert delivery.error is not None
    assert delivery.error.startswith(f"Answered {code}")
    post.advance(seconds=4.999_999)
    assert post.send() == 0
    post.advance(seconds=0.000_001)
    assert post.send() == 1


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(post: PostOffice, receiver: Receiver, code: int) -> None:
    with receiving() as elsewhere:
        receiver.answer = status(code, {"location": elsewhere.url})
        post.put()
        post.send()

        assert (len(receiver.received), len(elsewhere.received)) == (1, 0)


def test_ten_attempts_in_75_hours_are_made_under_one_id(post: PostOffice, receiver: Receiver) -> None:
    receiver.answer = status(500)
    begun = post.now
    delivery_id = post.put()
    times = []
    while (due := post.row(delivery_id).next_attempt) is not None:
        post.now = due
        assert post.send() == 1
        times.append(post.now - begun)

    expected = [timedelta(seconds=sum(DELAYS_S[: n + 1])) for n in range(10)]
    assert times == expected
    assert times[-1] == timedelta(hours=75, minutes=35, seconds=5)
    delivery = post.delivery(delivery_id)
    assert (delivery.state, delivery.attempts) == ("failed", 10)
    post.advance(days=30)
    assert post.send() == 0
    assert {received.id for received in receiver.received} == {delivery_id}
    assert len({received.body for received in receiver.received}) == 1
    stamps = [int(received.headers["webhook-timestamp"]) for received in receiver.received]
    assert stamps == [int((begun + after).timestamp()) for after in expected]


def test_each_attempt_is_signed_for_its_own_time(post: PostOffice, receiver: Receiver) -> None:
    receiver.answer = status(500)
    post.put()
    post.send()
    post.advance(seconds=5)
    post.send()

    first, second = receiver.received
    assert first.verify() == second.verify()
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


def test_jitter_spreads_retries_over_a_tenth_of_the_delay(engine: Engine, receiver: Receiver) -> None:
    receiver.answer = status(500)
    with PostOffice(engine, receiver.url, jitter=0.5) as post:
        delivery_id = post.put()
        post.send()

        assert post.row(delivery_id).next_attempt == post.now + timedelta(seconds=5.25)


@pytest.mark.parametrize("code", [429, 503])
def test_retry_after_holds_every_message_to_the_webhook(
    post: PostOffice, receiver: Receiver, code: int
) -> None:
    receiver.answer = status(code, {"retry-after": "120"})
    delivery_id = post.put()
    post.advance(seconds=1)
    post.put()

    assert post.send() == 1
    assert post.row(delivery_id).next_attempt == post.now + timedelta(seconds=120)
    post.advance(seconds=119)
    assert post.send() == 0
    receiver.answer = status(204)
    post.advance(seconds=1)
    assert post.send() == 2


def test_retry_after_may_be_a_date(post: PostOffice, receiver: Receiver) -> None:
    until = post.now + timedelta(minutes=2)
    receiver.answer = status(503, {"retry-after": format_datetime(until, usegmt=True)})
    delivery_id = post.put()

    post.send()

    assert post.row(delivery_id).next_attempt == until


@pytest.mark.parametrize(
    ("code", "header"),
    [
        pytest.param(500, "120", id="not asked for with this status"),
        pytest.param(429, "soon", id="no time"),
        pytest.param(429, "nan", id="not a number"),
        pytest.param(429, "-5", id="in the past"),
        pytest.param(429, "1", id="sooner than the schedule"),
        pytest.param(429, "Sun, 99 Foo 2026 00:00:00 GMT", id="no date"),
    ],
)
def test_other_values_of_retry_after_leave_the_schedule(
    post: PostOffice, receiver: Receiver, code: int, header: str
) -> None:
    receiver.answer = status(code, {"retry-after": header})
    delivery_id = post.put()

    post.send()

    assert post.row(delivery_id).next_attempt == post.now + timedelta(seconds=5)


def test_410_disables_the_webhook_until_a_restart(post: PostOffice, receiver: Receiver) -> None:
    receiver.answer = status(410)
    gone = post.put()
    post.advance(seconds=1)
    waiting = post.put()

    assert post.send() == 1

    receiver.answer = status(204)
    later = post.put()
    assert post.send() == 0
    for each, attempts in ((gone, 1), (waiting, 0), (later, 0)):
        delivery = post.delivery(each)
        assert (delivery.state, delivery.attempts) == ("failed", attempts)
        assert "410 Gone" in str(delivery.error)
    post.deliveries.resend("shop", later, post.now)
    post.restart()
    assert post.send() == 1
    assert post.delivery(later).state == "delivered"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(silence, id="silence"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nx: ", b"x", pause_s=0.05), id="a header that never ends"),
        pytest.param(raw(b"HTTP/1.1 103 Early Hints\r\n\r\n", pause_s=0.05), id="hints and no answer"),
    ],
)
def test_an_answer_that_does_not_come_in_time_is_a_failure(
    engine: Engine, receiver: Receiver, answer: Answer
) -> None:
    receiver.answer = answer
    with PostOffice(engine, receiver.url, timeout_s=0.3) as post:
        delivery_id = post.put()
        post.send()

        delivery = post.delivery(delivery_id)
    assert (delivery.state, delivery.status_code) == ("pending", None)
    assert delivery.error == "No answer within 0.3 s."
    assert delivery.latency_s is not None
    assert delivery.latency_s >= 0.3


def test_the_status_decides_before_a_slow_body(post: PostOffice, receiver: Receiver) -> None:
    receiver.answer = raw(b"HTTP/1.1 200 OK\r\n\r\n", b"z", pause_s=0.05)
    delivery_id = post.put()

    post.send()

    delivery = post.delivery(delivery_id)
    assert delivery.state == "delivered"
    assert set(str(delivery.response_body)) == {"z"}


@pytest.mark.parametrize(
    ("body", "headers", "shown"),
    [
        pytest.param(b"y" * 10_000_000, {}, "y" * 4_096, id="huge"),
        pytest.param(b"a\x00b\xff", {}, "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}", id="no text"),
        pytest.param(b"not gzip", {"content-encoding": "gzip"}, "not gzip", id="said to be packed"),
    ],
)
def test_what_is_kept_of_an_answer_is_short_text(
    post: PostOffice, receiver: Receiver, body: bytes, headers: dict[str, str], shown: str
) -> None:
    receiver.answer = status(500, headers, body)
    delivery_id = post.put()

    post.send()

    assert post.delivery(delivery_id).response_body == shown


def test_a_packed_answer_is_not_unpacked(post: PostOffice, receiver: Receiver) -> None:
    receiver.answer = status(200, {"content-encoding": "gzip"}, gzip.compress(bytes(100_000_000), 1))
    delivery_id = post.put()

    post.send()

    assert post.delivery(delivery_id).state == "delivered"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "RemoteProtocolError", id="another protocol"),
        pytest.param(raw(b""), "RemoteProtocolError", id="hangs up"),
        pytest.param(
            raw(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 100_000),
            "RemoteProtocolError",
            id="headers without end",
        ),
    ],
)
def test_what_is_no_http_is_a_failure(
    post: PostOffice, receiver: Receiver, answer: Answer, error: str
) -> None:
    receiver.answer = answer
    delivery_id = post.put()

    post.send()

    delivery = post.delivery(delivery_id)
    assert (delivery.state, delivery.attempts) == ("pending", 1)
    assert str(delivery.error).startswith(error)
    assert len(str(delivery.error)) <= 200


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nobody_listening_is_a_failure(engine: Engine, scheme: str) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        url = f"{scheme}://127.0.0.1:{reserved.getsockname()[1]}/"
        with PostOffice(engine, url) as post:
            delivery_id = post.put()
            post.send()

            assert str(post.delivery(delivery_id).error).startswith("ConnectError")


def test_no_certificate_is_a_failure(engine: Engine, receiver: Receiver) -> None:
    with PostOffice(engine, receiver.url.replace("http://", "https://")) as post:
        delivery_id = post.put()
        post.send()

        assert str(post.delivery(delivery_id).error).startswith("ConnectError")


def test_a_cookie_is_not_given_back(post: PostOffice, receiver: Receiver) -> None:
    receiver.answer = status(204, {"set-cookie": "session=1; Path=/"})
    post.put()
    post.put()
    post.send()

    assert [received.headers.get("cookie") for received in receiver.received] == [None, None]


def test_a_finding_is_not_resolved_before_its_opening_arrived(post: PostOffice, receiver: Receiver) -> None:
    receiver.answer = status(500)
    ledger = FindingLedger(post.engine, ["ops"])
    opened(ledger, finding())
    post.send()
    ledger.reconcile("stuck_span", [], at(2), {("shop", "f1"): ENDED})
    post.advance(seconds=4)
    assert post.send() == 0

    receiver.answer = status(204)
    post.advance(seconds=1)
    post.send()

    assert [received.event for received in receiver.received] == [
        "finding.opened",
        "finding.opened",
        "finding.resolved",
    ]


def test_a_finding_is_resolved_after_its_opening_was_given_up(post: PostOffice, receiver: Receiver) -> None:
    receiver.answer = status(500)
    ledger = FindingLedger(post.engine, ["ops"])
    opened(ledger, finding())
    ledger.reconcile("stuck_span", [], at(2), {("shop", "f1"): ENDED})
    for delay_s in DELAYS_S:
        post.advance(seconds=delay_s)
        post.send()

    assert [received.event for received in receiver.received] == ["finding.opened"] * 10 + [
        "finding.resolved"
    ]


def test_a_claimed_message_is_nobody_elses_until_the_claim_runs_out(post: PostOffice) -> None:
    delivery_id = post.put()
    claimed = claim(post.engine, "ops", post.now)

    assert claimed is not None
    assert claimed.id == delivery_id
    assert claim(post.engine, "ops", post.now + LEASE - timedelta(microseconds=1)) is None
    again = claim(post.engine, "ops", post.now + LEASE)
    assert again == claimed


def test_another_webhooks_messages_are_not_claimed(post: PostOffice) -> None:
    post.put()

    assert claim(post.engine, "chat", post.now) is None


def test_messages_go_out_in_the_order_they_are_due(post: PostOffice, receiver: Receiver) -> None:
    ids = []
    for _ in range(5):
        ids.append(post.put())
        post.advance(seconds=1)

    post.send()

    assert [received.id for received in receiver.received] == ids


def test_nothing_secret_is_logged_or_shown(
    engine: Engine, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[object] = []

    class Log:
        def info(self, *event: object, **fields: object) -> None:
            lines.append((event, fields))

        warning = exception = info

    monkeypatch.setattr(lane_module, "log", Log())
    answers = [status(500), silence, raw(b"x"), status(302, {"location": "/"}), status(410)]
    with PostOffice(engine, f"{receiver.url}/T0KEN?key=K3Y", timeout_s=0.2) as post:
        for answer in answers:
            receiver.answer = answer
            post.put()
            post.send()
        shown = post.deliveries.list("shop").model_dump_json()

    assert len(lines) == len(answers)
    for secret in (SECRET, SECRET.removeprefix("whsec_"), "T0KEN", "K3Y"):
        assert secret not in repr(lines)
        assert secret not in shown
        assert secret not in repr(post.webhook)


def test_an_attempt_is_logged_with_what_came_of_it(
    post: PostOffice, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[dict[str, object]] = []

    class Log:
        def warning(self, event: str, **fields: object) -> None:
            lines.append({"event": event, **fields})

    monkeypatch.setattr(lane_module, "log", Log())
    receiver.answer = status(500)
    delivery_id = post.put()

    post.send()

    [line] = lines
    assert line.pop("latency_ms") > 0  # type: ignore[operator]
    assert line == {
        "event": "webhook_attempt",
        "webhook": "ops",
        "delivery": delivery_id,
        "type": "webhook.test",
        "attempt": 1,
        "outcome": "retry",
        "status_code": 500,
        "error": "Answered 500.",
        "next_attempt": (post.now + timedelta(seconds=5)).isoformat(),
    }


def test_a_body_is_the_same_bytes_in_the_database_and_on_the_wire(
    post: PostOffice, receiver: Receiver
) -> None:
    ledger = FindingLedger(post.engine, [])
    [finding_id] = opened(ledger, finding(title="Größe \N{PILE OF POO} \"'\\"))
    shown = ledger.get("shop", finding_id)
    assert shown is not None
    body = finding_message("finding.opened", shown, post.now, Links())
    post.put(body)

    post.send()

    assert receiver.received[0].body == body.encode()
    assert json.loads(body)["data"]["title"] == "Größe \N{PILE OF POO} \"'\\"
