"""What is older than its project keeps goes, by the day received, and nothing else does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.deletion.kept import Kept
from collector.deletion.retention import Retention
from collector.errors import StoreUnavailable
from collector.journal.segment import Folders
from collector.loader.archive import Archive, archived_files
from collector.loader.replay import Outcome, Replay, ReplayFolders
from collector.otlp.signal import Signal
from collector.store.store import Store
from tests.builders import SECOND, request, span
from tests.log_builders import log, logs_request
from tests.segments import loader_of, seal

DERIVED = """
INSERT INTO {table:Identifier} (project, trace_id, version)
VALUES ('default', unhex({trace:String}), {version:UInt64})"""
NOTED = """
INSERT INTO trace_hours (project, trace_id, hour, noted)
VALUES ('default', unhex({trace:String}), now(), {day:Date})"""
NOW = datetime.now(UTC)
SAID = ("field $.name", "number $.total", "label tone", "evaluation tone", "output shape")
COUNT = """
INSERT INTO drift_counts (project, hour, metric, category, n)
VALUES ('default', {hour_s:Int64}, {metric:String}, 'a word', 1)"""
SUMS = "INSERT INTO {table:Identifier} (project, hour) VALUES ('default', {hour_s:Int64})"
INSERTED = """
INSERT INTO {table:Identifier} (project, segment, received_day, trace_id)
VALUES ({project:String}, {segment:String}, {day:Date}, unhex({trace:String}))"""
PIECE = """
INSERT INTO contents (received_day, project, hash, text)
VALUES ({day:Date}, {project:String}, unhex({trace:String}), 'a long text')"""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    folders = ReplayFolders(tmp_path)
    folders.create()
    Folders(tmp_path).create()
    return Folders(tmp_path)


@pytest.fixture
def archive(folders: Folders) -> Archive:
    return Archive(folders.archive, bytes_max=1 << 30, age_s_max=1e9)


@pytest.fixture
def received(store: Store, folders: Folders) -> Callable[..., str]:
    """A span with a log and a long text that were received some days ago, archived; returns its trace."""

    def receive(days_ago: float, project: str = "default") -> str:
        at = NOW - timedelta(days=days_ago)
        made = span()
        of_it = {"project": project, "day": at.date().isoformat(), "trace": made.trace_id.hex()}
        for table, signal, body in (
            ("spans", Signal.TRACES, request(made)),
            ("span_logs", Signal.LOGS, logs_request(log("gen_ai.choice", of=made))),
        ):
            segment = seal(folders, [body.SerializeToString()], int(at.timestamp()) * SECOND, project, signal)
            (folders.sealed / segment.file_name).rename(folders.archive / segment.file_name)
            store.command(INSERTED, {**of_it, "table": table, "segment": segment.id})
        store.command(PIECE, of_it)
        return made.trace_id.hex()

    return receive


def run(store: Store, folders: Folders, archive: Archive, days: int, **of: int) -> Retention:
    retention = Retention(store, folders, archive, Kept(days, of))
    if retention.due(NOW):
        retention.run(NOW)
    return retention


def left(store: Store, table: str, column: str = "lower(hex(trace_id))") -> set[str]:
    return {str(row["id"]) for row in store.query(f"SELECT DISTINCT {column} AS id FROM {table}")}


def test_a_day_goes_whole_once_nobody_keeps_it(
    store: Store, folders: Folders, archive: Archive, received: Any
) -> None:
    received(31.5)
    kept = received(29.5)

    retention = run(store, folders, archive, 30)

    for table in ("spans", "span_logs"):
        assert left(store, table) == {kept}
    assert left(store, "contents", "count()") == {"1"}
    assert retention.deleted.rows == 3
    assert retention.deleted.bytes > 0
    assert not retention.due(NOW)


def test_a_project_may_keep_its_own_longer_or_shorter(
    store: Store, folders: Folders, archive: Archive, received: Any
) -> None:
    received(10, "brief")
    long, others = received(40, "long"), received(10)
    received(40)

    retention = run(store, folders, archive, 30, brief=7, long=90)

    assert left(store, "spans") == left(store, "span_logs") == {long, others}
    assert left(store, "contents", "project") == {"long", "default"}
    assert not retention.due(NOW)


def test_what_is_deleted_is_loaded_from_the_archive_no_more(
    store: Store, folders: Folders, archive: Archive, received: Any
) -> None:
    received(10, "brief")
    received(10)
    beside = ReplayFolders(folders.data_dir)
    loader = loader_of(store, beside)
    replay = Replay(store, loader, beside, lambda _: None)
    archive.pack()

    run(store, folders, archive, 30, brief=7)

    assert archived_files(folders.archive) == []
    received(1)
    (spans,) = (one for one in archived_files(folders.archive) if one.name.startswith("traces"))
    assert replay.archived(spans) == Outcome(stored=1)


def test_a_day_of_which_something_waits_can_wait(
    store: Store, folders: Folders, archive: Archive, received: Any
) -> None:
    received(40)
    at_ns = int((NOW - timedelta(days=40)).timestamp()) * SECOND
    waiting = seal(folders, [request(span()).SerializeToString()], at_ns)

    run(store, folders, archive, 30)
    assert len(left(store, "spans")) == 1

    (folders.sealed / waiting.file_name).unlink()
    run(store, folders, archive, 30)
    assert not left(store, "spans")


def test_what_was_derived_lasts_as_long_as_the_last_that_arrived(
    store: Store, folders: Folders, archive: Archive
) -> None:
    for trace, days_ago in (("a" * 32, 40), ("b" * 32, 1)):
        at = NOW - timedelta(days=days_ago)
        row = {"trace": trace, "version": int(at.timestamp()) * 1_000_000, "day": at.date().isoformat()}
        for table in ("steps", "traces", "chains"):
            store.command(DERIVED, {**row, "table": table})
        store.command(NOTED, row)

    run(store, folders, archive, 30)

    for table in ("steps", "traces", "trace_hours", "chains"):
        assert left(store, table) == {"b" * 32}, table


def test_counts_by_what_was_said_go_and_others_stay(store: Store, folders: Folders, archive: Archive) -> None:
    for days_ago in (40, 1):
        hour = {"hour_s": int((NOW - timedelta(days=days_ago)).timestamp())}
        for metric in ("duration", "tool", "refusal", *SAID):
            store.command(COUNT, {**hour, "metric": metric})
        for table in ("drift_sketches", "drift_words", "prompt_fingerprints"):
            store.command(SUMS, {**hour, "table": table})

    retention = run(store, folders, archive, 30)

    counted = "SELECT metric, count() AS hours FROM drift_counts GROUP BY metric"
    assert {row["metric"]: row["hours"] for row in store.query(counted)} == {
        **dict.fromkeys(("duration", "tool", "refusal"), 2),
        **dict.fromkeys(SAID, 1),
    }
    for table in ("drift_sketches", "drift_words", "prompt_fingerprints"):
        assert left(store, table, "count()") == {"1"}
    assert not retention.due(NOW)


@pytest.mark.parametrize("days", [0, 20_780, 36_500])
def test_a_project_may_keep_its_own_for_ever_and_others_still_go(
    store: Store, folders: Folders, archive: Archive, received: Any, days: int
) -> None:
    received(40)
    old = received(400, "long")

    retention = run(store, folders, archive, 30, long=days)

    assert left(store, "spans") == left(store, "span_logs") == {old}
    assert not retention.due(NOW)


@pytest.mark.parametrize("fails_at", [2, 4, 6])
def test_a_run_that_ended_anywhere_is_finished_by_the_next(
    store: Store,
    folders: Folders,
    archive: Archive,
    received: Any,
    monkeypatch: pytest.MonkeyPatch,
    fails_at: int,
) -> None:
    received(40)
    received(10, "brief")
    kept = received(10)
    command, calls = store.command, []

    def failing(*arguments: Any) -> object:
        calls.append(arguments)
        if len(calls) == fails_at:
            raise StoreUnavailable("killed")
        return command(*arguments)

    monkeypatch.setattr(store, "command", failing)
    with pytest.raises(StoreUnavailable):
        run(store, folders, archive, 30, brief=7)
    monkeypatch.undo()

    run(store, folders, archive, 30, brief=7)

    assert left(store, "spans") == left(store, "span_logs") == {kept}
    assert left(store, "contents", "count()") == {"1"}
