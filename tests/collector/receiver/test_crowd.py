"""Which connection is closed, when there are too many or one takes too long."""

import pytest

from collector.receiver import http_crowd
from collector.receiver.http_crowd import Crowd


class Client:
    """A connection that remembers whether it was closed."""

    def __init__(self, *, has_head: bool = False) -> None:
        self.has_head = has_head
        self.dropped = False

    def drop(self) -> None:
        self.dropped = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now_s = [0.0]
    monkeypatch.setattr(http_crowd.time, "monotonic", lambda: now_s[0])
    return now_s


def dropped(clients: list[Client]) -> list[int]:
    return [number for number, client in enumerate(clients) if client.dropped]


def crowd_of(clients: list[Client], connections_max: int) -> Crowd:
    crowd = Crowd(connections_max, request_s_max=10, idle_s_max=75)
    for client in clients:
        crowd.enter(client)
    return crowd


def test_the_longest_incomplete_goes_first() -> None:
    clients = [Client() for _ in range(5)]

    crowd_of(clients, connections_max=3)

    assert dropped(clients) == [0, 1]


def test_who_has_sent_all_stays_and_the_longest_idle_goes_when_nobody_is_incomplete() -> None:
    clients = [Client() for _ in range(3)]
    crowd = crowd_of(clients, connections_max=3)
    for client in clients:
        crowd.whole(client)
    crowd.idle(clients[2])
    crowd.idle(clients[1])

    crowd.enter(Client())
    assert dropped(clients) == [2]


def test_a_newcomer_goes_when_all_others_are_being_answered() -> None:
    clients = [Client(), Client()]
    crowd = crowd_of(clients, connections_max=2)
    for client in clients:
        crowd.whole(client)

    newcomer = Client()
    crowd.enter(newcomer)

    assert newcomer.dropped
    assert dropped(clients) == []


def test_a_head_has_its_time_and_a_body_that_of_who_reads_it(clock: list[float]) -> None:
    clients = [Client(), Client(has_head=True)]
    crowd = crowd_of(clients, connections_max=2)

    clock[0] = 9.9
    crowd.sweep()
    assert dropped(clients) == []

    clock[0] = 10.0
    crowd.sweep()
    assert dropped(clients) == [0]


def test_an_idle_connection_has_its_time_and_a_new_request_ends_it(clock: list[float]) -> None:
    clients = [Client(), Client()]
    crowd = crowd_of(clients, connections_max=2)
    for client in clients:
        crowd.idle(client)
    clock[0] = 74.0
    crowd.incomplete(clients[1])

    clock[0] = 75.0
    crowd.sweep()

    assert dropped(clients) == [0]


def test_who_was_closed_is_forgotten_whatever_it_still_says() -> None:
    clients = [Client(), Client()]
    crowd = crowd_of(clients, connections_max=1)
    crowd.idle(clients[0])
    crowd.incomplete(clients[0])
    crowd.whole(clients[1])

    newcomer = Client()
    crowd.enter(newcomer)

    assert newcomer.dropped
