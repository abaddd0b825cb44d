"""The sender's thread, its death, and its company."""

import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError

from analytics.alerts import outbox
from analytics.alerts.deliveries import Deliveries
from analytics.alerts.outbox import enqueue
from analytics.alerts.sender import Sender
from analytics.alerts.webhook import Webhook
from analytics.state.database import open_state
from analytics.state.tables import deliveries
from analytics.state.transaction import writing
from tests.analytics.alerts.receiver import SECRET, Receiver, receiving, silence, status
from tests.waiting import eventually


def put(engine: Engine, webhook: str, n: int = 1) -> list[str]:
    with writing(engine) as connection:
        bodies = [("shop", None, '{"type":"webhook.test"}')] * n
        return enqueue(connection, [webhook], "webhook.test", bodies, datetime.now(UTC))


def in_state(engine: Engine, state: str) -> int:
    query = select(func.count()).where(deliveries.c.state == state)
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


@contextmanager
def sending(engine: Engine, *webhooks: Webhook, ahead: timedelta = timedelta(0)) -> Iterator[Sender]:
    # an attempt may take longer than anything here is waited for
    sender = Sender(engine, webhooks, clock=lambda: datetime.now(UTC) + ahead, timeout_s=50.0, poll_s=0.02)
    sender.start()
    try:
        yield sender
    finally:
        sender.stop()


def test_a_message_is_sent_soon_after_it_is_put_into_the_outbox(engine: Engine, receiver: Receiver) -> None:
    with sending(engine, Webhook("ops", receiver.url, SECRET)):
        [delivery_id] = put(engine, "ops")
        eventually(lambda: in_state(engine, "delivered") == 1)

    assert receiver.received[0].verify() == {"type": "webhook.test"}
    assert receiver.received[0].id == delivery_id


def test_a_webhook_that_hangs_holds_up_no_other(engine: Engine, receiver: Receiver) -> None:
    with receiving(silence) as hanging:
        webhooks = Webhook("slow", hanging.url, SECRET), Webhook("ops", receiver.url, SECRET)
        put(engine, "slow", 5)
        with sending(engine, *webhooks):
            hanging.wait_for(1)
            put(engine, "ops", 20)
            receiver.wait_for(20)
        assert len(hanging.received) == 1


def test_stopping_does_not_wait_for_a_webhook_that_hangs(engine: Engine, receiver: Receiver) -> None:
    with receiving(silence) as hanging:
        put(engine, "ops")
        with sending(engine, Webhook("ops", hanging.url, SECRET)) as sender:
            hanging.wait_for(1)
            sender.stop()
            [delivery] = Deliveries(engine, ["ops"]).list("shop", "pending").items
            assert delivery.error is None, "it waited for the attempt to fail"
            sender.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "webhook-sender"]

    with sending(engine, Webhook("ops", receiver.url, SECRET)):
        receiver.wait_for(1)

    assert receiver.received[0].id == hanging.received[0].id


def test_a_sender_without_webhooks_starts_and_stops(engine: Engine) -> None:
    with sending(engine):
        pass


def test_a_sender_that_was_never_started_stops(engine: Engine) -> None:
    Sender(engine, []).stop()


def test_messages_to_a_webhook_that_is_no_longer_configured_fail_at_the_start(
    engine: Engine, receiver: Receiver
) -> None:
    put(engine, "old")
    with sending(engine, Webhook("ops", receiver.url, SECRET)):
        assert in_state(engine, "failed") == 1

    [delivery] = Deliveries(engine, ["ops"]).list("shop", "failed").items
    assert delivery.error == "Not sent: no webhook of this name is configured any more."


def test_trouble_with_the_database_is_outlived(
    engine: Engine, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analytics.alerts.lane._TROUBLE_WAIT_S", 0.01)
    claim, calls = outbox.claim, []

    def failing_twice(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) <= 2:
            raise OperationalError("SELECT", {}, ConnectionError("the server went away"))
        return claim(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "claim", failing_twice)
    put(engine, "ops")
    with sending(engine, Webhook("ops", receiver.url, SECRET)):
        receiver.wait_for(1)


def test_two_senders_send_each_message_once(state_dsn: str, receiver: Receiver) -> None:
    first, second = open_state(state_dsn), open_state(state_dsn)
    ids = put(first, "ops", 100)
    webhook = Webhook("ops", receiver.url, SECRET)
    with sending(first, webhook), sending(second, webhook):
        eventually(lambda: in_state(first, "delivered") == 100)

    assert Counter(received.id for received in receiver.received) == Counter(ids)
    first.dispose()
    second.dispose()


def _send_for_ever(dsn: str, url: str) -> None:
    Sender(open_state(dsn), [Webhook("ops", url, SECRET)], poll_s=0.02).start()
    threading.Event().wait()


@pytest.mark.faults
def test_a_sender_killed_before_it_marks_leaves_the_message_to_the_next(
    state_dsn: str, receiver: Receiver
) -> None:
    engine = open_state(state_dsn)
    ids = put(engine, "ops", 3)
    with receiving(silence) as hanging:
        process = multiprocessing.get_context("spawn").Process(
            target=_send_for_ever, args=(state_dsn, hanging.url)
        )
        process.start()
        hanging.wait_for(1)
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        [cut_off] = hanging.received

    webhook = Webhook("ops", receiver.url, SECRET)
    with sending(engine, webhook):
        receiver.wait_for(2)
    with sending(engine, webhook, ahead=outbox.LEASE):
        receiver.wait_for(3)
        eventually(lambda: in_state(engine, "delivered") == 3)

    assert sorted(received.id for received in receiver.received) == sorted(ids)
    assert receiver.received[-1].id == cut_off.id
    assert receiver.received[-1].body == cut_off.body
    engine.dispose()


@pytest.mark.faults
def test_messages_survive_a_sender_that_is_killed_again_and_again(state_dsn: str) -> None:
    engine = open_state(state_dsn)
    ids = put(engine, "ops", 60)
    with receiving() as receiver:
        for kills in range(3):
            process = multiprocessing.get_context("spawn").Process(
                target=_send_for_ever, args=(state_dsn, receiver.url)
            )
            process.start()
            receiver.wait_for(10 * (kills + 1))
            os.kill(process.pid or 0, signal.SIGKILL)
            process.join()
        with sending(engine, Webhook("ops", receiver.url, SECRET), ahead=2 * outbox.LEASE):
            eventually(lambda: in_state(engine, "delivered") == 60)
        arrived = Counter(received.id for received in receiver.received)

    assert arrived.keys() == set(ids)
    # A kill costs one message at most its second arrival.
    assert arrived.total() <= 63
    engine.dispose()


def test_the_proxy_of_the_environment_is_not_used(
    engine: Engine, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving(status(204)) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        put(engine, "ops")
        with sending(engine, Webhook("ops", receiver.url, SECRET)):
            receiver.wait_for(1)

        assert proxy.received == []
