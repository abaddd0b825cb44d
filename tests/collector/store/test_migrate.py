"""Migrations are applied once, and one that was interrupted is applied again."""

from pathlib import Path

import pytest

from collector.errors import UpgradeFailed
from collector.store import migrate as migrations
from collector.store.migrate import migrate
from collector.store.store import open_store


def test_what_was_interrupted_is_done_again_and_what_is_done_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(f"chdb://{tmp_path / 'store'}")
    names = migrations._names()
    with monkeypatch.context() as killed:
        # after the last of these was applied, and before it was recorded
        killed.setattr(migrations, "_names", lambda: names[:3])
        migrate(store)
        store.command(
            "ALTER TABLE migrations DELETE WHERE name = '" + names[2] + "' SETTINGS mutations_sync = 2"
        )

    assert migrate(store) == names[2:]
    assert migrate(store) == []
    store.close()


def test_an_hour_from_before_it_was_noted_gets_a_day_that_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(f"chdb://{tmp_path / 'store'}")
    older_names = [name for name in migrations._names() if name < "0036"]
    with monkeypatch.context() as older:
        older.setattr(migrations, "_names", lambda: older_names)
        migrate(store)
        store.command("INSERT INTO trace_hours (project, trace_id, hour) VALUES ('default', 'a', now())")

    migrate(store)

    stored = store.query(
        "SELECT column FROM system.parts_columns "
        "WHERE database = currentDatabase() AND table = 'trace_hours' AND active"
    )
    store.close()
    assert "noted" in {row["column"] for row in stored}


def test_what_the_engine_refuses_is_said_and_done_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(f"chdb://{tmp_path / 'store'}")
    names = migrations._names()
    with monkeypatch.context() as full:
        real, schema = migrations.statement, migrations._SCHEMA
        full.setattr(
            migrations,
            "statement",
            lambda package, name: (
                "SELECT throwIf(1, 'no room')" if package == schema else real(package, name)
            ),
        )
        with pytest.raises(UpgradeFailed, match=rf"At {names[0]} the engine said: .*no room$"):
            migrate(store)

    assert migrate(store) == names
    store.close()
