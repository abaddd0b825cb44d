import multiprocessing
import sqlite3
import stat
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, func, select, text

from analytics.alerts.deliveries import Deliveries
from analytics.findings.ledger import FindingLedger
from analytics.state.database import open_state
from analytics.state.errors import StateError
from analytics.state.tables import findings, metadata
from analytics.state.transaction import writing
from tests.analytics.findings.builders import at, finding
from tests.analytics.state.postgresql import PASSWORD


def _open_each(dsns: list[str], together: Barrier, failures: "multiprocessing.Queue[list[str]]") -> None:
    failed = []
    for dsn in dsns:
        together.wait()
        try:
            open_state(dsn).dispose()
        except StateError as error:
            failed.append(str(error))
    failures.put(failed)


def test_the_migrations_make_the_tables_that_the_code_expects(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)

        assert compare_metadata(context, metadata) == []


def test_what_is_from_before_the_migrations_survives_them(state_dsn: str) -> None:
    engine = open_state(state_dsn)
    FindingLedger(engine, []).reconcile("stuck_span", [finding()], at(0))
    [finding_id] = FindingLedger(engine, ["ops"]).reconcile("stuck_span", [finding()], at(1)).opened
    Deliveries(engine, ["ops"]).trial("shop", "ops", at(2))
    with writing(engine) as connection:
        for table in ("api_keys", "erasures", "deployments", "accepted_drifts"):
            connection.execute(text(f"DROP TABLE {table}"))
        for index in ("ix_findings_project", "ix_deliveries_project"):
            connection.execute(text(f"DROP INDEX {index}"))
        connection.execute(text("ALTER TABLE deliveries DROP COLUMN project"))
        for column in ("resolution", "resolution_word"):
            connection.execute(text(f"ALTER TABLE findings DROP COLUMN {column}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()

    engine = open_state(state_dsn)
    shown = FindingLedger(engine, []).get("shop", finding_id)
    sent = [Deliveries(engine, []).list(project).items for project in ("shop", "default")]
    engine.dispose()

    assert shown is not None
    assert (shown.state, shown.resolution, shown.resolution_word) == ("open", None, None)
    assert [[delivery.event for delivery in some] for some in sent] == [["finding.opened"], ["webhook.test"]]


def test_a_database_is_opened_again_without_change(state_dsn: str) -> None:
    open_state(state_dsn).dispose()
    engine = open_state(state_dsn)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(findings)).scalar() == 0
    engine.dispose()


def test_processes_that_start_at_once_all_find_the_tables(state_dsn: str) -> None:
    # On SQLite it is a matter of microseconds, so it is tried often.
    dsns = [f"{state_dsn}-{n}" for n in range(8)] if state_dsn.startswith("sqlite") else [state_dsn]
    spawn = multiprocessing.get_context("spawn")
    together, failures = spawn.Barrier(3), spawn.Queue()
    processes = [spawn.Process(target=_open_each, args=(dsns, together, failures)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [failures.get(timeout=60) for _ in processes] == [[]] * 3


def test_a_database_of_a_newer_version_is_refused_and_left_alone(state_dsn: str) -> None:
    engine = open_state(state_dsn)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(StateError, match=r"newer version of doldrums \(revision 9999\)"):
        open_state(state_dsn)


@pytest.mark.parametrize(
    ("dsn", "sentence"),
    [
        pytest.param("nonsense", "must read sqlite:///path", id="no address at all"),
        pytest.param("mysql://localhost/x", "must be sqlite or postgresql, not mysql", id="another database"),
        pytest.param("sqlite://", "needs a file", id="memory"),
        pytest.param("sqlite:////nonexistent/state.db", "No such file or directory", id="no folder"),
        pytest.param("sqlite:////proc/state.db", "cannot be used", id="a folder that takes no files"),
        pytest.param(
            "postgresql://me:hunter2@127.0.0.1:1/x?password=hunter2", "refused", id="nobody listens"
        ),
    ],
)
def test_an_unusable_address_is_one_sentence_without_the_password(dsn: str, sentence: str) -> None:
    with pytest.raises(StateError, match=sentence) as caught:
        open_state(dsn)

    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_password_is_one_sentence_without_the_password(postgresql_address: str) -> None:
    wrong = postgresql_address.replace(PASSWORD, "not-the-password")

    with pytest.raises(StateError, match="password authentication failed") as caught:
        open_state(f"{wrong}/postgres")

    assert "not-the-password" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"a letter to somebody\n" * 100)

    with pytest.raises(StateError, match="file is not a database"):
        open_state(f"sqlite:///{path}")

    assert path.read_bytes().startswith(b"a letter")


def test_the_files_of_sqlite_belong_to_the_service_alone(tmp_path: Path) -> None:
    (tmp_path / "state.db").touch(mode=0o644)

    engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    engine.dispose()
    assert modes == {"state.db": 0o600, "state.db-wal": 0o600, "state.db-shm": 0o600}


def test_sqlite_syncs_every_commit_and_checks_foreign_keys(tmp_path: Path) -> None:
    engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")

    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_a_writer_of_sqlite_waits_for_another(tmp_path: Path) -> None:
    engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    other = sqlite3.connect(tmp_path / "state.db", isolation_level=None)
    other.execute("PRAGMA busy_timeout = 0")
    with writing(engine), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")

    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()
    engine.dispose()
