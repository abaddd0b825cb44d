"""Traces of an older schema stand by the hour of their newest version, however often it is tried."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.store import migrate as migrations
from collector.store.migrate import migrate
from collector.store.statement import statement
from collector.store.store import Store, open_store

BY_HOUR = "0037_traces_by_hour.sql"
STANDING = "SELECT count() AS traces, sum(spans) AS spans FROM traces FINAL"
# each trace in two versions, a day apart
OLD = """
INSERT INTO traces (project, trace_id, version, start, spans, agents)
SELECT
    'shop', MD5(toString(number % 500)), number, toDateTime64(86400 + number * 172, 9, 'UTC'),
    number, ['coder']
FROM numbers(1000)"""


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store as it was before."""
    store = open_store(f"chdb://{tmp_path / 'store'}")
    names = [name for name in migrations._names() if name < BY_HOUR]
    with monkeypatch.context() as before:
        before.setattr(migrations, "_names", lambda: names)
        migrate(store)
    store.command(OLD)
    yield store
    store.close()


def test_every_trace_is_there_once_and_its_hour_is_known(old: Store) -> None:
    before = old.query(STANDING)

    migrate(old)

    assert old.query(STANDING) == before == [{"traces": 500, "spans": sum(range(500, 1000))}]
    unknown = (
        "SELECT count() AS traces FROM traces WHERE (project, toStartOfHour(start), trace_id) "
        "NOT IN (SELECT project, hour, trace_id FROM trace_hours)"
    )
    assert old.query(unknown) == [{"traces": 0}]


def test_what_was_done_and_not_recorded_is_done_again(old: Store) -> None:
    migrate(old)
    before = old.query(STANDING)
    old.command(f"ALTER TABLE migrations DELETE WHERE name >= '{BY_HOUR}' SETTINGS mutations_sync = 2")

    assert BY_HOUR in migrate(old)

    assert old.query(STANDING) == before


def test_what_is_interrupted_has_changed_nothing(old: Store) -> None:
    before = old.query(STANDING)
    fails = statement("collector.store.schema", BY_HOUR) + "WHERE throwIf(spans = 700, 'interrupted') = 0"

    with pytest.raises(ClickHouseError, match="interrupted"):
        old.command(fails)

    assert old.query(STANDING) == before
    assert old.query("SELECT name FROM system.tables WHERE name LIKE '%replace%'") == []
    migrate(old)
    assert old.query(STANDING) == before
