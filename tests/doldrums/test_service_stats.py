"""What was received is stored, set aside or waiting, also after a refusal and a restart."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from analytics.api.models import LogCounts, SpanCounts, Stats
from collector.journal.journal import Journal
from collector.journal.segment import Folders, segments
from collector.loader.batch import next_batch
from collector.otlp.signal import Signal
from collector.receiver.publisher import Publisher
from collector.receiver.snapshot import FILE_NAME
from collector.store.store import Store
from doldrums.service_stats import ServiceStats
from doldrums.settings import Settings
from tests.builders import request, span
from tests.log_builders import log, logs_request
from tests.picky_engine import POISON
from tests.segments import loader_of


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def receive(folders: Folders, *requests: list[str]) -> None:
    """Run a receiver that takes requests of spans of these names and is killed before it publishes more."""
    journal = Journal(folders, free_bytes_min=0, free_ratio_min=0)
    publisher = Publisher(folders, journal, lambda: None)
    publisher.snapshot().write(folders.data_dir / FILE_NAME)
    for names in requests:
        body = request(*map(span, names)).SerializeToString()
        journal.append(body, len(names), "default").result()
    journal.close()


def load(folders: Folders, store: Store) -> None:
    loader = loader_of(store, folders)
    while batch := next_batch(folders, lambda _: False):
        loader.load(batch)


def counts(folders: Folders, store: Store) -> SpanCounts:
    return stats_of(folders, store).spans


def stats_of(folders: Folders, store: Store, project: str | None = None) -> Stats:
    watch: Any = SimpleNamespace(looks=SimpleNamespace(names=()))
    ledger: Any = None
    stats = ServiceStats(Settings(data_dir=folders.data_dir), store, folders, watch, ledger, "1")
    return stats.read(project)


@pytest.mark.usefixtures("picky")
def test_a_refused_request_of_three_spans_is_three_spans_in_quarantine(
    store: Store, folders: Folders
) -> None:
    receive(folders, ["good", "good"], ["a", POISON, "c"])
    load(folders, store)
    receive(folders, ["waits"])
    receive(folders)

    counted = counts(folders, store)

    waiting = sum(segment.rows for segment in segments(folders.sealed))
    assert (counted.stored, counted.quarantined, waiting) == (2, 3, 1)
    assert counted.received == 6


@pytest.mark.usefixtures("picky")
@pytest.mark.parametrize("snapshot_is_lost", [True, False])
def test_quarantine_is_counted_once_by_a_receiver_that_starts_again(
    store: Store, folders: Folders, *, snapshot_is_lost: bool
) -> None:
    receive(folders, ["a", POISON, "c"], ["good"])
    load(folders, store)
    for _ in range(2):
        receive(folders)
        if snapshot_is_lost:
            (folders.data_dir / FILE_NAME).unlink()

    counted = counts(folders, store)

    assert (counted.received, counted.stored, counted.quarantined) == (4, 1, 3)


@pytest.mark.usefixtures("picky")
def test_spans_in_quarantine_are_counted_as_long_as_the_reason_is_kept(
    store: Store, folders: Folders
) -> None:
    receive(folders, ["a", POISON])
    load(folders, store)
    for path in folders.quarantine.glob("*.record"):
        path.unlink()

    assert counts(folders, store).quarantined == 2


@pytest.mark.usefixtures("picky")
def test_logs_are_counted_apart_from_spans(store: Store, folders: Folders) -> None:
    of = span("work")
    journal = Journal(folders, free_bytes_min=0, free_ratio_min=0)
    publisher = Publisher(folders, journal, lambda: None)
    publisher.counters.accept_others("http/json", "default", Signal.LOGS, 3, {"no heartbeat": 1}, dropped=5)
    publisher.counters.accept_others("http/json", "default", Signal.METRICS, 0, {}, dropped=7)
    for body in ("good", POISON):
        sent = logs_request(*[log("gen_ai.choice", of=of, body=body)] * 2)
        journal.append(sent.SerializeToString(), 2, "default", Signal.LOGS).result()
    journal.append(request(of).SerializeToString(), 1, "default").result()
    journal.close()
    publisher.snapshot().write(folders.data_dir / FILE_NAME)

    load(folders, store)

    stats = stats_of(folders, store)
    assert stats.logs == LogCounts(received=4, rejected=1, stored=2, quarantined=2, dropped=5)
    assert (stats.spans.received, stats.spans.stored, stats.metrics.dropped) == (1, 1, 7)


@pytest.mark.usefixtures("picky")
def test_a_project_s_counts_of_logs_and_metrics_are_its_own(store: Store, folders: Folders) -> None:
    of = span("work")
    journal = Journal(folders, free_bytes_min=0, free_ratio_min=0)
    publisher = Publisher(folders, journal, lambda: None)
    for project, records in (("shop", 1), ("bank", 3)):
        publisher.counters.accept_others(
            "http/json", project, Signal.LOGS, records, {"bad": 1}, dropped=records
        )
        publisher.counters.accept_others("http/json", project, Signal.METRICS, 0, {}, dropped=10 * records)
        sent = logs_request(*[log("gen_ai.choice", of=of)] * records)
        journal.append(sent.SerializeToString(), records, project, Signal.LOGS).result()
    refused = logs_request(log("gen_ai.choice", of=of, body=POISON)).SerializeToString()
    journal.append(refused, 1, "shop", Signal.LOGS).result()
    journal.close()
    publisher.snapshot().write(folders.data_dir / FILE_NAME)

    load(folders, store)

    shop, bank, nobody = (stats_of(folders, store, project) for project in ("shop", "bank", "nobody"))
    assert shop.logs == LogCounts(received=2, rejected=1, stored=1, quarantined=1, dropped=1)
    assert bank.logs == LogCounts(received=3, rejected=1, stored=3, quarantined=0, dropped=3)
    assert nobody.logs == LogCounts()
    assert (shop.metrics.dropped, bank.metrics.dropped, nobody.metrics.dropped) == (10, 30, 0)
    assert stats_of(folders, store).logs.stored == 4
