"""What the threads of the watch wait for, and what they do not."""

from collections.abc import Iterator
from threading import Event, Semaphore, Thread
from typing import Any

import pytest

from analytics import watch as module
from analytics.watch import Watch
from collector.store.store import Store
from tests.analytics.test_watch import Detector, watching

# What ought to happen happens at once; what ought not to has this long to happen.
HAPPENS_S, HAPPENS_NOT_S = 30.0, 0.3


class Looking(Detector):
    """Looks at every pass, and lets a test wait until it does."""

    def __init__(self, name: str) -> None:
        super().__init__(name, every_s=0.0)
        self.looks = Semaphore(0)

    def detect(self, *arguments: Any) -> Any:
        self.looks.release()
        return super().detect(*arguments)

    def goes_on(self) -> bool:
        """Whether it looks again and again from now on: what would stop it may be slow to come."""
        while self.looks.acquire(blocking=False):
            pass
        return all(self.looks.acquire(timeout=HAPPENS_S) for _ in range(20))


class Refresh:
    """A refresh of the baselines that takes until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go = Event(), Event()

    def __call__(self, *_: object) -> None:
        self.begun.set()
        assert self.go.wait(HAPPENS_S)


@pytest.fixture
def detector() -> Looking:
    return Looking("open")


@pytest.fixture
def refresh() -> Refresh:
    return Refresh()


@pytest.fixture
def watch(
    store: Store, detector: Looking, refresh: Refresh, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watch]:
    """One that has learned once and begins to learn again, for as long as the test likes."""
    monkeypatch.setattr(module, "ASSEMBLE_EVERY_S", 0.01)
    watch = watching(store, detector, Detector("slow", every_s=15.0))
    watch._turns["baselines"].due_s = 0.0
    monkeypatch.setattr(watch._baselines, "refresh", refresh)
    watch.start()
    yield watch
    refresh.go.set()
    watch.stop(HAPPENS_S)


@pytest.mark.usefixtures("watch")
def test_while_baselines_are_learned_what_is_open_is_looked_at(detector: Looking, refresh: Refresh) -> None:
    assert refresh.begun.wait(HAPPENS_S)

    assert detector.goes_on()


def test_who_deletes_waits_until_the_baselines_are_learned_and_no_look_waits_for_that(
    watch: Watch, detector: Looking, refresh: Refresh
) -> None:
    paused = Event()

    def delete() -> None:
        with watch.paused():
            paused.set()

    assert refresh.begun.wait(HAPPENS_S)
    deleting = Thread(target=delete)
    deleting.start()

    assert not paused.wait(HAPPENS_NOT_S)
    assert detector.goes_on()
    refresh.go.set()
    assert paused.wait(HAPPENS_S)
    deleting.join()


def test_while_something_is_deleted_nothing_is_learned_or_looked_at(
    watch: Watch, detector: Looking, refresh: Refresh
) -> None:
    refresh.go.set()

    with watch.paused():
        watch._turns["baselines"].due_s = 0.0
        refresh.begun.clear()
        looked = len(detector.looked_as_of)

        assert not refresh.begun.wait(HAPPENS_NOT_S)
        assert len(detector.looked_as_of) == looked
    assert refresh.begun.wait(HAPPENS_S)


def test_a_stop_does_not_wait_for_baselines_that_take_too_long_and_no_trace_is_looked_at_after_it(
    watch: Watch, refresh: Refresh
) -> None:
    assert refresh.begun.wait(HAPPENS_S)

    watch.stop(timeout_s=HAPPENS_NOT_S)

    assembling, learning, counting = watch._threads
    assert learning.is_alive()
    assembling.join(HAPPENS_S)
    refresh.go.set()
    learning.join(HAPPENS_S)
    counting.join(HAPPENS_S)
    assert not any(thread.is_alive() for thread in watch._threads)
    assert "slow" not in watch.looks.last
