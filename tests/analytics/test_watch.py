"""What fails on the watch stops nothing else, and is seen from outside."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from analytics import watch as module
from analytics.detectors.detector import Outcome, Window
from analytics.detectors.source import Source
from analytics.watch import Watch
from collector.store.store import Store

BEFORE = datetime(2026, 11, 1, 5, tzinfo=UTC)


class Detector:
    """Looks, or fails to."""

    sql = "SELECT 1 AS one"

    def __init__(
        self, name: str, *, every_s: float = 2.0, broken: bool = False, partial: bool = False
    ) -> None:
        self.name = name
        self.every_s = every_s
        self.looked_as_of: list[datetime] = []
        self.broken = broken
        self.partial = partial

    def parameters(self, _window: Window) -> Mapping[str, object]:
        return {}

    def detect(self, _rows: object, window: Window, *_: object) -> Outcome:
        self.looked_as_of.append(window.now)
        if self.broken:
            raise ZeroDivisionError
        return Outcome(findings=[], partial=self.partial)


class Ledger:
    """Knows of no finding."""

    def open(self, *_: object) -> list[Any]:
        return []

    def reconcile(self, *_: object) -> None:
        pass


class Clock:
    now_s = 1_000.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    with monkeypatch.context() as patched:
        patched.setattr(module, "time", clock)
        yield clock


def unlearned(store: Store, *detectors: Detector) -> Watch:
    """Return a watch that has learned nothing yet."""
    ledger: Any = Ledger()
    looking: Any = detectors
    return Watch(store, ledger, looking, lambda: datetime.now(UTC))


def watching(store: Store, *detectors: Detector) -> Watch:
    watch = unlearned(store, *detectors)
    watch._turns["baselines"].take()
    return watch


def test_a_detector_that_fails_keeps_no_other_one_from_looking(store: Store) -> None:
    watch = watching(store, Detector("broken", broken=True), Detector("sound"))

    watch._pass()

    assert list(watch.looks.last) == ["sound"]


def test_baselines_that_fail_keep_no_detector_from_looking_and_no_hour_is_forgotten(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = unlearned(store, Detector("sound"))
    told: list[set[datetime]] = []
    monkeypatch.setattr(watch._assembler, "take_ends", lambda: {BEFORE})
    monkeypatch.setattr(watch._baselines, "refresh", lambda *_: 1 / 0)
    watch._pass()
    watch._turns["baselines"].take()

    monkeypatch.setattr(watch._assembler, "take_ends", set)
    monkeypatch.setattr(watch._baselines, "refresh", lambda _, hours: told.append(hours))
    watch._pass()
    watch._turns["baselines"].due_s = 0
    watch._turns["baselines"].take()

    assert list(watch.looks.last) == ["sound"]
    assert told == [{BEFORE}]


def test_nothing_is_judged_before_the_first_limits_are_learned(store: Store) -> None:
    watch = unlearned(store, Detector("quick"), Detector("slow", every_s=15.0))

    watch._pass()
    before = list(watch.looks.last)
    watch._learn_and_look_at_traces()
    watch._pass()

    assert (before, sorted(watch.looks.last)) == ([], ["quick", "slow"])


def test_it_is_late_since_the_look_that_is_due_for_longest(store: Store, clock: Clock) -> None:
    failing = Detector("sometimes")
    watch = watching(store, failing, Detector("sound"))
    watch._pass()
    failing.broken = True

    clock.now_s += 40
    watch._pass()

    assert watch.looks.late_s == 38


def test_while_spans_arrive_without_a_pause_it_looks_as_of_what_is_assembled(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = Detector("sound")
    watch = watching(store, detector)
    monkeypatch.setattr(watch._assembler, "reached", lambda: BEFORE)

    def run_once() -> int:
        clock.now_s += 0.7
        return 1

    monkeypatch.setattr(watch._assembler, "run_once", run_once)
    watch._pass()

    assert detector.looked_as_of == [BEFORE]
    assert watch.assembly_lag_s > 2


@pytest.mark.parametrize("is_stored", [True, False], ids=["it waits", "all but a large trace is assembled"])
def test_what_cannot_be_assembled_keeps_no_detector_from_looking(
    store: Store, monkeypatch: pytest.MonkeyPatch, *, is_stored: bool
) -> None:
    detector = Detector("sound")
    watch = watching(store, detector)
    monkeypatch.setattr(watch._assembler, "run_once", lambda: 1 / 0)
    monkeypatch.setattr(watch._assembler, "reached", lambda: BEFORE if is_stored else None)

    watch._pass()

    assert list(watch.looks.last) == ["sound"]
    assert (detector.looked_as_of == [BEFORE]) == is_stored


def test_what_reads_whole_traces_looks_in_a_thread_of_its_own(store: Store) -> None:
    slow = Detector("slow", every_s=15.0)
    watch = watching(store, slow, Detector("quick"))

    watch._learn_and_look_at_traces()
    watch._pass()
    looked = list(watch.looks.last)
    watch._learn_and_look_at_traces()

    assert looked == ["quick"]
    assert list(watch.looks.last) == ["quick", "slow"]


def test_a_partial_look_says_so(store: Store) -> None:
    watch = watching(store, Detector("crowded", partial=True))

    watch._pass()

    assert watch.looks.last["crowded"].partial


def test_what_one_detector_says_of_silent_sources_the_next_look_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet, told = frozenset({Source("shop", "agents")}), []
    teller, listener = Detector("teller"), Detector("listener")
    monkeypatch.setattr(teller, "detect", lambda *_: Outcome(findings=[], silent=quiet))
    monkeypatch.setattr(
        listener, "detect", lambda _, window, __: told.append(window.silent) or Outcome(findings=[])
    )
    watch = watching(store, teller, listener)

    watch._pass()

    assert told == [quiet]


def test_traces_that_cannot_be_read_keep_no_detector_from_looking(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = watching(store, Detector("sound", every_s=15.0))
    monkeypatch.setattr(watch._unfinished_traces, "read", lambda _: 1 / 0)

    watch._pass()
    watch._learn_and_look_at_traces()

    assert list(watch.looks.last) == ["sound"]


def test_a_stop_waits_for_one_pass_of_a_backlog(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = watching(store, Detector("sound"))
    passes: list[int] = []

    def run_once() -> int:
        passes.append(1)
        watch._stopping.set()
        return 1

    monkeypatch.setattr(watch._assembler, "run_once", run_once)
    watch._pass()

    assert (len(passes), watch.looks.last) == (1, {})
