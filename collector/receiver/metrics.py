"""The receiver's counters and state as Prometheus reads them."""

import copy
import time
from collections.abc import Iterator, Mapping
from dataclasses import fields

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from collector.journal.journal import Journal
from collector.otlp.signal import Signal
from collector.receiver.counters import GRPC, HTTP_JSON, HTTP_PROTOBUF, Tally
from collector.receiver.in_flight import InFlight
from collector.receiver.publisher import Publisher
from collector.receiver.snapshot import Snapshot

_PREFIX = "doldrums_receiver"
_ORIGINS = tuple(map(str, (HTTP_PROTOBUF, HTTP_JSON, GRPC)))
_DROPPING = (Signal.LOGS.value, Signal.METRICS.value)
# Outcomes of a `Tally` in the words of the OpenTelemetry Collector, and what they mean.
_OUTCOMES = {
    "accepted": ("accepted", "on disk and acknowledged"),
    "rejected": ("refused", "refused for good"),
    "failed": ("failed", "not taken now: the client was told to try again"),
}


class ReceiverMetrics(Collector):
    """Reads what is counted anyway, since the start of this process.

    The published totals go on after a restart, but a kill takes their last second: a counter that
    goes back a little looks to Prometheus like all of it happened again.
    """

    def __init__(self, publisher: Publisher, journal: Journal, in_flight: InFlight) -> None:
        self._publisher = publisher
        self._journal = journal
        self._in_flight = in_flight
        self._before = copy.deepcopy(publisher.snapshot())

    def collect(self) -> Iterator[Metric]:
        """Yield every family."""
        now = self._publisher.snapshot()
        yield from _counters(now, self._before)
        yield _gauge("ready", "1 while requests are taken, else 0", int(now.ready))
        yield _gauge("journal_backlog_bytes", "Bytes acknowledged and not loaded", now.journal_backlog_bytes)
        backlog_age_s = max(0.0, time.time() - self._journal.backlog_since_s)
        yield _gauge("journal_backlog_age_seconds", "Age of the oldest of those", backlog_age_s)
        yield _gauge("in_flight_bytes", "Memory held by requests being received", self._in_flight.held_bytes)
        yield _gauge("in_flight_bytes_max", "Bound of in_flight_bytes", self._in_flight.bytes_max)


def _counters(now: Snapshot, before: Snapshot) -> Iterator[Metric]:
    yield from _by_origin("requests", now.counters.requests, before.counters.requests)
    yield from _by_origin("spans", now.counters.spans, before.counters.spans)
    yield from _by_origin("log_records", now.counters.log_records, before.counters.log_records)
    yield _dropped(now, before)
    by_reason = CounterMetricFamily(
        f"{_PREFIX}_items_refused_by_reason",
        "Spans and log records refused for good, by the rule they broke",
        labels=["reason"],
    )
    for reason, spans in now.counters.rejected_by_reason.items():
        by_reason.add_metric([reason], spans - before.counters.rejected_by_reason[reason])
    yield by_reason
    repaired_strings = now.counters.repaired_strings - before.counters.repaired_strings
    yield _counter("strings_repaired", "Strings that were not UTF-8", repaired_strings)
    written_bytes = now.journal_written_bytes - before.journal_written_bytes
    unauthorized = now.counters.unauthorized - before.counters.unauthorized
    yield _counter("requests_unauthorized", "Requests without a key that is good for them", unauthorized)
    limited = now.counters.limited.total() - before.counters.limited.total()
    yield _counter("requests_rate_limited", "Requests over the limits of their key", limited)
    yield _counter("journal_written_bytes", "Bytes written to the journal", written_bytes)


def _dropped(now: Snapshot, before: Snapshot) -> Metric:
    family = CounterMetricFamily(
        f"{_PREFIX}_items_dropped", "Log records and data points taken and not stored", labels=["signal"]
    )
    for signal in _DROPPING:
        family.add_metric([signal], now.counters.dropped[signal] - before.counters.dropped[signal])
    return family


def _by_origin(what: str, now: Mapping[str, Tally], before: Mapping[str, Tally]) -> Iterator[Metric]:
    for outcome in fields(Tally):
        name, meaning = _OUTCOMES[outcome.name]
        family = CounterMetricFamily(
            f"{_PREFIX}_{what}_{name}", f"{_words(what)} {meaning}", labels=["transport", "encoding"]
        )
        for origin in dict.fromkeys((*_ORIGINS, *now)):
            count, count_before = (
                getattr(tallies.get(origin, Tally()), outcome.name) for tallies in (now, before)
            )
            family.add_metric(origin.split("/"), count - count_before)
        yield family


def _words(what: str) -> str:
    return what.replace("_", " ").capitalize()


def _counter(name: str, meaning: str, value: float) -> Metric:
    return CounterMetricFamily(f"{_PREFIX}_{name}", meaning, value)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{_PREFIX}_{name}", meaning, value)
