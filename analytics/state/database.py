"""Opening the state database."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from analytics.state.errors import StateError
from analytics.state.migration import migrate

# Longer than any write of ours takes, shorter than a person waits.
_LOCK_WAIT_S_MAX = 10
_LOCK_RETRY_S = 0.02
_CONNECT_S_MAX = 10


def open_state(dsn: str) -> Engine:
    """Open the state database; create it or bring it to the newest schema first.

    Two processes may start at once: one migrates, the other waits and finds it done.

    Parameters
    ----------
    dsn
        `sqlite:///path/state.db` or `postgresql+psycopg://user:password@host:port/database`.

    Raises
    ------
    StateError
        One sentence, without the password, if the address is wrong or the database cannot be
        reached, is not ours, or was written by a newer version.
    """
    url = _url(dsn)
    engine = None
    try:
        engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)
        migrate(engine)
    except (SQLAlchemyError, sqlite3.Error, OSError, ImportError) as error:
        _dispose(engine)
        # The query of an address may hold a password that nothing masks.
        shown = url.set(query={}).render_as_string()
        raise StateError(f"State database {shown} cannot be used: {_reason(error)}.") from error
    except StateError:
        _dispose(engine)
        raise
    return engine


def _url(dsn: str) -> URL:
    try:
        url = make_url(dsn)
    except ArgumentError as error:
        raise StateError(
            "The state database's address must read sqlite:///path or "
            "postgresql+psycopg://user:password@host:port/database."
        ) from error
    backend = url.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise StateError(f"The state database must be sqlite or postgresql, not {backend}.")
    if backend == "sqlite" and url.database in {None, "", ":memory:"}:
        raise StateError("The state database needs a file: sqlite:///path.")
    return url.set(drivername={"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}[backend])


def _sqlite(url: URL) -> Engine:
    path = Path(str(url.database))
    _make_private(path)
    _use_wal(path)
    engine = create_engine(url, connect_args={"timeout": _LOCK_WAIT_S_MAX, "isolation_level": None})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _make_private(path: Path) -> None:
    """Let the file be the service's alone; SQLite gives its journal files the same mode.

    A file that exists is not opened: closing it would drop the locks that this process has on it.
    """
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        path.chmod(0o600)


def _use_wal(path: Path) -> None:
    """Switch the file to a write-ahead log, for which SQLite itself does not wait."""
    deadline_s = time.monotonic() + _LOCK_WAIT_S_MAX
    with closing(sqlite3.connect(path)) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline_s:
                    raise
                time.sleep(_LOCK_RETRY_S)
            else:
                return


def _prepare(connection: Any, _record: object) -> None:
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another wrote in between.
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _postgresql(url: URL) -> Engine:
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_S_MAX})


def _dispose(engine: Engine | None) -> None:
    if engine is not None:
        engine.dispose()


def _reason(error: Exception) -> str:
    if isinstance(error, ImportError):
        return "the PostgreSQL driver is missing (install doldrums with its extra named postgresql)"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
