"""What a user left is erased wherever it is, whatever happens meanwhile, and nobody else's."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from analytics.findings.ledger import FindingLedger
from collector.errors import DamagedStore, StoreUnavailable
from collector.journal.record import records
from collector.loader.archive import archived_files, read_segments
from tests.analytics.erasures.conftest import ANNA, BERT, COUNTED, DERIVED, Desk
from tests.builders import request, span
from tests.segments import seal
from tests.service import until


def finish(desk: Desk, erasure: str) -> None:
    def is_done() -> bool:
        desk.erasing.advance()
        found = desk.ledger.get(None, erasure)
        return found is not None and found.state == "done"

    until(is_done, 60)


def assert_only_bert_is_left(desk: Desk, berts: str) -> None:
    for table in (*COUNTED, *DERIVED):
        assert desk.left(table) == {berts}, table
    assert desk.pieces() == {"shared", BERT}
    assert [one.trace_ids for one in FindingLedger(desk.state, []).list("default").items] == [[berts]]
    parts = desk.store.query("SELECT path FROM system.parts WHERE database = currentDatabase() AND active")
    for folder in (desk.folders.data_dir, *(Path(part["path"]) for part in parts)):
        for path in folder.rglob("*"):
            assert not path.is_file() or ANNA.encode() not in path.read_bytes(), path
    assert not desk.damage


def test_a_users_traces_are_erased_whole_and_the_proof_is_kept(desk: Desk) -> None:
    desk.work(ANNA)
    kept = desk.work(BERT)
    desk.archive.pack()
    erasure = desk.request(ANNA)

    finish(desk, erasure)

    assert_only_bert_is_left(desk, desk.traces[BERT])
    done = desk.ledger.get("default", erasure)
    assert done is not None
    assert done.requested_by == "0a0a0a0a"
    expected = {"traces": 1, "spans": 2, "span_logs": 1, "steps": 1, "findings": 1, "deliveries": 2}
    assert done.counts.items() >= expected.items()
    assert done.proof is not None
    assert not any(done.proof.values())
    (pack,) = archived_files(desk.folders.archive)
    assert [segment.id for segment, _ in read_segments(pack)] == [kept.id]


@pytest.mark.parametrize("fails_at", [2, 3, 5, 8])
def test_an_erasure_that_ended_anywhere_is_finished_by_the_next_process(
    desk: Desk, new_desk: Callable[[], Desk], monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    desk.work(ANNA)
    desk.work(BERT)
    erasure = desk.request(ANNA)
    command, calls = desk.store.command, []

    def failing(*arguments: Any) -> object:
        calls.append(arguments)
        if len(calls) == fails_at:
            raise StoreUnavailable("killed")
        return command(*arguments)

    with monkeypatch.context() as killed:
        killed.setattr(desk.store, "command", failing)
        desk.erasing.advance()
    assert not desk.store.query("SELECT * FROM system.mutations WHERE NOT is_done")
    after = new_desk()
    finish(after, erasure)

    assert_only_bert_is_left(after, desk.traces[BERT])
    found = after.ledger.get(None, erasure)
    assert found is not None
    assert (found.counts["traces"], found.counts["spans"]) == (1, 2)


def test_what_was_counted_of_what_they_said_is_erased_with_it(desk: Desk) -> None:
    desk.work(ANNA)
    of_hour = "INSERT INTO {table} (project, hour{more}) SELECT {project}, {hour}{values}"
    for project, hour in (("'default'", "now()"), ("'default'", "now() - 86400"), ("'bank'", "now()")):
        of = {"project": project, "hour": f"toStartOfHour({hour})"}
        for metric in ("field $.name", "output shape", "tool"):
            values = {"more": ", metric, category, n", "values": f", '{metric}', '{ANNA}', 1"}
            desk.store.command(of_hour.format(table="drift_counts", **of, **values))
        for table in ("drift_sketches", "drift_words", "prompt_fingerprints"):
            desk.store.command(of_hour.format(table=table, **of, more="", values=""))
    of_a_killed_count = {"more": ", metric, category, n", "values": f", 'field $.name', '{ANNA}', 1"}
    desk.store.command(of_hour.format(table="drift_pieces", **of, **of_a_killed_count))
    desk.store.command("ALTER TABLE steps UPDATE end = now64(9) WHERE true SETTINGS mutations_sync = 2")
    assert desk.store.query("SELECT * FROM drift_pieces")

    finish(desk, desk.request(ANNA))

    assert not desk.store.query("SELECT * FROM drift_pieces")
    counts = "SELECT metric, count() AS hours FROM drift_counts GROUP BY metric"
    assert {row["metric"]: row["hours"] for row in desk.store.query(counts)} == {
        "field $.name": 2,
        "output shape": 2,
        "tool": 3,
    }
    for table in ("drift_sketches", "drift_words", "prompt_fingerprints"):
        assert len(desk.store.query(f"SELECT * FROM {table}")) == 2


def test_it_is_not_done_while_replaced_files_are_on_disk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    desk.work(ANNA)
    erasure = desk.request(ANNA)

    desk.erasing.advance()
    desk.erasing.advance()

    found = desk.ledger.get(None, erasure)
    assert found is not None
    assert found.state == "running"
    assert desk.eraser.lingering(datetime.now(UTC)) > 0


def test_nothing_is_counted_while_the_state_database_is_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.work(ANNA)
    erasure = desk.request(ANNA)
    desk.erasing.advance()
    counted: list[Any] = []
    with monkeypatch.context() as busy:
        busy.setattr("analytics.erasures.work.checkpoint", lambda _: False)
        busy.setattr(desk.eraser, "count", lambda *of: counted.append(of))
        desk.erasing.advance()
    assert not counted

    finish(desk, erasure)


def test_a_project_erases_in_itself_alone(desk: Desk) -> None:
    desk.work(ANNA, "bank")
    desk.work(BERT)
    here = desk.set_aside(ANNA, project="bank")

    finish(desk, desk.request(ANNA))

    assert desk.left("spans") == set(desk.traces.values())
    assert here.exists()


def test_what_was_acknowledged_before_is_loaded_first(desk: Desk) -> None:
    desk.work(BERT)
    desk.work(ANNA)
    waiting = seal(desk.folders, [request(span("late", {"user.id": ANNA})).SerializeToString()])
    erasure = desk.request(ANNA)

    desk.erasing.advance()
    pending = desk.ledger.get(None, erasure)
    assert pending is not None
    assert pending.state == "pending"
    assert desk.left("spans") == set(desk.traces.values())

    (desk.folders.sealed / waiting.file_name).unlink()
    finish(desk, erasure)
    assert desk.left("spans") == {desk.traces[BERT]}


def test_what_arrives_in_an_erased_trace_before_it_is_done_is_erased_too(desk: Desk) -> None:
    segment = desk.work(ANNA)
    erasure = desk.request(ANNA)
    desk.erasing.advance()
    desk.store.command(
        "INSERT INTO spans (project, segment, received_day, trace_id) "
        "VALUES ('default', {segment:String}, {day:Date}, unhex({trace:String}))",
        {"segment": segment.id, "day": segment.day.isoformat(), "trace": desk.traces[ANNA]},
    )

    finish(desk, erasure)

    assert not desk.left("spans")


def test_quarantine_keeps_what_is_others(desk: Desk) -> None:
    both, annas = desk.set_aside(ANNA, BERT), desk.set_aside(ANNA)

    finish(desk, desk.request(ANNA))

    (record,) = records(both.read_bytes())
    assert ANNA.encode() not in record.body
    assert BERT.encode() in record.body
    assert both.with_suffix(".reason").read_text() == "some of it was erased\n"
    assert not annas.exists()
    assert annas.with_suffix(".reason").read_text() == "erased\n"


def test_quarantine_goes_by_the_keys_that_name_users(desk: Desk) -> None:
    prod, number = desk.set_aside("7", key="deployment.environment"), desk.set_aside(7)
    project = desk.set_aside("7", key="metadata")
    named = desk.set_aside('{"user_id": "7"}', key="metadata")

    finish(desk, desk.request("7"))

    assert [one.exists() for one in (prod, project, number, named)] == [True, True, False, False]


def test_damage_goes_where_the_name_is_a_text_of_its_own(desk: Desk) -> None:
    kept, annas, number = (desk.set_aside(user).read_bytes() for user in (f"{ANNA}x", ANNA, 7))
    folder = desk.folders.quarantine
    for path in folder.iterdir():
        path.unlink()
    for offset, data in enumerate((kept, annas, number)):
        (folder / f"traces-{'a' * 32}-{offset}-0.damage").write_bytes(data[1:])

    finish(desk, desk.request(ANNA))
    finish(desk, desk.request("7"))

    assert [path.name for path in folder.glob("*.damage")] == [f"traces-{'a' * 32}-0-0.damage"]


def test_an_odd_file_in_quarantine_stops_no_erasure(desk: Desk) -> None:
    foreign = desk.folders.quarantine / "notes.record"
    foreign.write_text(ANNA)
    bare = desk.set_aside(ANNA)
    bare.with_suffix(".reason").unlink()

    finish(desk, desk.request(ANNA))

    assert foreign.exists()
    assert not bare.exists()


def test_nothing_is_erased_before_the_archive_was_compared(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.work(ANNA)
    erasure = desk.request(ANNA)
    with monkeypatch.context() as starting:
        starting.setattr(desk.erasing, "_compared", lambda: False)
        desk.erasing.advance()
    pending = desk.ledger.get(None, erasure)
    assert pending is not None
    assert pending.state == "pending"

    finish(desk, erasure)


def test_the_archive_is_written_anew_while_loading_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.work(ANNA)
    seen: list[list[Path]] = []
    alone = desk.erasing._alone

    def looked() -> Any:
        seen.append(archived_files(desk.folders.archive))
        return alone()

    monkeypatch.setattr(desk.erasing, "_alone", looked)
    finish(desk, desk.request(ANNA))

    assert seen == [[]]


def test_a_deletion_that_fails_leaves_no_mutation_and_waits_before_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.work(ANNA)
    erasure = desk.request(ANNA)
    command, calls = desk.store.command, []

    def failing(sql: str, parameters: Any = None) -> object:
        calls.append(sql)
        if "ALTER TABLE contents" in sql:
            sql = sql.replace("project =", "throwIf(1) OR project =", 1)
        return command(sql, parameters)

    with monkeypatch.context() as broken:
        broken.setattr(desk.store, "command", failing)
        desk.erasing.advance()
        tried = len(calls)
        desk.erasing.advance()
    assert tried == len(calls)
    assert not desk.store.query("SELECT * FROM system.mutations WHERE NOT is_done")
    assert desk.pieces() == {"shared", ANNA}

    monkeypatch.setattr("analytics.erasures.work.time.monotonic", lambda: 1e12)
    finish(desk, erasure)


def test_an_error_of_one_keeps_no_other_from_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.work(ANNA)
    desk.work(BERT)
    first, second = desk.request(ANNA), desk.request(BERT)
    find = desk.eraser.find

    def odd(erasure: str, *of: Any) -> list[str]:
        if erasure == first:
            raise ValueError("odd")
        return find(erasure, *of)

    monkeypatch.setattr(desk.eraser, "find", odd)
    finish(desk, second)

    assert desk.left("spans") == {desk.traces[ANNA]}


def test_damaged_parts_of_other_days_stay(desk: Desk) -> None:
    desk.work(ANNA)
    of_day = "INSERT INTO spans (project, segment, received_day) VALUES ('bank', 'a', '2020-01-0{}')"
    for day in (1, 2):
        desk.store.command(of_day.format(day))
        desk.store.command(f"ALTER TABLE spans DETACH PARTITION '2020-01-0{day}'")
    today = desk.store.query("SELECT DISTINCT toString(received_day) AS day FROM spans")[0]["day"]

    for day, left in ((today, 2), ("2020-01-01", 1), ("2020-01-02", 0)):
        desk.eraser._drop_detached(day)
        assert len(desk.store.query("SELECT * FROM system.detached_parts")) == left


def test_damage_that_a_deletion_meets_stops_the_process(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.work(ANNA)
    erasure = desk.request(ANNA)

    def damaged(*_: object) -> None:
        raise DamagedStore("a part is damaged")

    monkeypatch.setattr("collector.deletion.eraser.MergedParts.look", damaged)
    desk.erasing.advance()

    assert len(desk.damage) == 1
    found = desk.ledger.get(None, erasure)
    assert found is not None
    assert found.state == "running"
