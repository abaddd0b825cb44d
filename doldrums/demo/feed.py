"""feed: sends the demo's traces until it is told to stop."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from random import Random

from opentelemetry.sdk.trace import TracerProvider

from doldrums.demo import programme, research_desk, software_team
from doldrums.demo.chance import Chance
from doldrums.demo.pace import Pace
from doldrums.demo.play import play
from doldrums.demo.rehearse import rehearse
from doldrums.demo.script import Run
from doldrums.demo.service import Service, fleet

_SEED = 20_260_101
# The agents leave first, so that their spans still end and go out; then the providers close.
_LEAVE_S = 0.7
_CLOSE_S = 1.0
_LOOK_S = 0.2
# A round is four runs of about a dozen spans each: far fewer wait than a queue holds.
_ROUNDS_PER_FLUSH = 20


def run(otlp_http: str, otlp_grpc: str, stop: threading.Event, pace: Pace | None = None) -> None:
    """Send a past hour at once, then live work, until `stop` is set; return within 2 s of that.

    Parameters
    ----------
    otlp_http, otlp_grpc
        ``host:port`` of the receiver. It may come up later than the feed.
    """
    if _is_up(otlp_http, stop) and _is_up(otlp_grpc, stop):
        pace = pace or Pace()
        _Feed(fleet(otlp_http, otlp_grpc, pace.rhythm), stop, pace).run()


class _Feed:
    def __init__(self, services: Mapping[str, Service], stop: threading.Event, pace: Pace) -> None:
        self._services = services
        self._stop = stop
        self._pace = pace
        self._past = {name: service.history() for name, service in services.items()}
        self._live = {name: service.live() for name, service in services.items()}

    def run(self) -> None:
        works = (self._standstills, self._history, self._traffic, self._rounds)
        working = [_in_background(work) for work in works]
        self._stop.wait()
        _join(working, _LEAVE_S)
        providers = (*self._live.values(), *self._past.values())
        _join([_in_background(provider.shutdown) for provider in providers], _CLOSE_S)

    def _history(self) -> None:
        now_ns = time.time_ns()
        slots = programme.history(_chance("history"), self._pace.history_runs)
        for number, (ago_s, service, script) in enumerate(slots, start=1):
            if self._stop.is_set():
                return
            start_ns = now_ns - int(ago_s * 1e9)
            rehearse(script, self._past[service], self._services[service].dialect, start_ns)
            if number % (4 * _ROUNDS_PER_FLUSH) == 0:
                _flush(self._past)
        _flush(self._past)

    def _traffic(self) -> None:
        plays: list[threading.Thread] = []
        for gap_s, service, script in programme.traffic(_chance("traffic"), self._pace.gap_s):
            if self._stop.wait(gap_s / self._pace.speed):
                break
            plays = [thread for thread in plays if thread.is_alive()]
            plays.append(_in_background(self._play, service, script))
        _join(plays, _LEAVE_S)

    def _standstills(self) -> None:
        chance = _chance("standstill")
        wait_s = self._pace.standstill_first_s
        while not self._stop.wait(wait_s):
            self._play("software-team", software_team.standstill(chance, self._pace.standstill_hold_s))
            wait_s = self._pace.standstill_quiet_s

    def _rounds(self) -> None:
        chance = _chance("reindex")
        wait_s = self._pace.reindex_first_s
        while not self._stop.wait(wait_s):
            self._play("research-desk", research_desk.reindex(chance, self._pace.reindex_pages))
            wait_s = self._pace.reindex_quiet_s

    def _play(self, service: str, script: Run) -> None:
        dialect = self._services[service].dialect
        play(script, self._live[service], dialect, self._stop, self._pace.speed)


def _chance(purpose: str) -> Chance:
    """Return chances of their own for `purpose`, so that one thread does not disturb another's."""
    return Chance(Random(f"{_SEED} {purpose}"))  # noqa: S311 - nothing here is secret


def _flush(providers: Mapping[str, TracerProvider]) -> None:
    for provider in providers.values():
        provider.force_flush()


def _in_background(work: Callable[..., object], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=arguments, daemon=True)
    thread.start()
    return thread


def _join(threads: Iterable[threading.Thread], timeout_s: float) -> None:
    end_s = time.monotonic() + timeout_s
    for thread in threads:
        thread.join(max(0.0, end_s - time.monotonic()))


def _is_up(address: str, stop: threading.Event) -> bool:
    """Return once something listens at `address`; false when `stop` came first."""
    host, _, port = address.rpartition(":")
    while not stop.is_set():
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=1).close()
        except OSError:
            stop.wait(_LOOK_S)
        else:
            return True
    return False
