"""Steps of an older schema stand by the week in which they were assembled, however often it is tried."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.store import migrate as migrations
from collector.store.migrate import migrate
from collector.store.statement import statement
from collector.store.store import Store, open_store

BY_WEEK = "0091_steps_by_week.sql"
STANDING = """
SELECT count() AS steps, sum(depth) AS depths, uniqExact(version) AS versions, countIf(failed) AS failed
FROM steps FINAL"""
# each step in two versions, three days apart; 150 weeks in all
OLD = """
INSERT INTO steps (project, trace_id, span_id, version, depth, status, finish_reasons, input_tokens)
SELECT
    'shop', MD5(toString(number % 350)), 'step', 1700000000000000 + number * 3 * 86400000000, number,
    if(number % 2, 'error', 'ok'), ['stop'], number
FROM numbers(700)"""
WEEKS = """
SELECT uniq(partition) AS weeks FROM system.parts
WHERE database = currentDatabase() AND table = 'steps' AND active"""

LEFT = "SELECT name FROM system.tables WHERE name = 'steps_by_week'"


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store as it was before."""
    store = open_store(f"chdb://{tmp_path / 'store'}")
    names = [name for name in migrations._names() if name < BY_WEEK]
    with monkeypatch.context() as before:
        before.setattr(migrations, "_names", lambda: names)
        migrate(store)
    store.command(OLD)
    yield store
    store.close()


def test_every_step_is_there_as_it_was_last_and_stands_by_its_week(old: Store) -> None:
    before = old.query(STANDING)

    migrate(old)

    assert old.query(STANDING) == before
    assert before == [{"steps": 350, "depths": sum(range(350, 700)), "versions": 350, "failed": 175}]
    assert old.query(WEEKS) == [{"weeks": 150}]


def test_what_was_done_and_not_recorded_is_done_again(old: Store) -> None:
    migrate(old)
    before = old.query(STANDING)
    old.command(f"ALTER TABLE migrations DELETE WHERE name = '{BY_WEEK}' SETTINGS mutations_sync = 2")

    assert migrate(old) == [BY_WEEK]

    assert old.query(STANDING) == before


@pytest.mark.parametrize(
    ("copied", "error"),
    [
        pytest.param(
            "FROM steps WHERE throwIf(depth = 600, 'interrupted') = 0\n", "interrupted", id="a failure"
        ),
        pytest.param("FROM steps WHERE depth < 600\n", "the copy of steps is not whole", id="a silent one"),
    ],
)
def test_what_is_not_copied_whole_changes_nothing(old: Store, copied: str, error: str) -> None:
    before = old.query(STANDING)

    with pytest.raises(ClickHouseError, match=error):
        old.command(statement("collector.store.schema", BY_WEEK).replace("FROM steps\n", copied))

    assert old.query(STANDING) == before
    migrate(old)
    assert old.query(STANDING) == before
    assert old.query(LEFT) == []


def test_where_there_is_no_room_nothing_is_begun(old: Store) -> None:
    before = old.query(STANDING)
    room = "(SELECT min(unreserved_space) FROM system.disks)"
    sql = statement("collector.store.schema", BY_WEEK)
    assert room in sql

    with pytest.raises(ClickHouseError, match="no room for a copy of steps"):
        old.command(sql.replace(room, "0"))

    assert old.query(STANDING) == before
    assert old.query(LEFT) == []


def test_who_is_killed_before_the_former_table_is_gone_begins_again(old: Store) -> None:
    before = old.query(STANDING)
    almost_all = statement("collector.store.schema", BY_WEEK).rpartition("DROP TABLE")[0]
    old.command(almost_all)

    migrate(old)

    assert old.query(STANDING) == before
    assert old.query(WEEKS) == [{"weeks": 150}]
    assert old.query(LEFT) == []
