"""The state database, on SQLite and on a real PostgreSQL; conftest.py of each folder imports the fixtures."""

import atexit
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

from analytics.state.database import open_state
from analytics.state.tables import metadata
from analytics.state.transaction import writing
from tests.analytics.state import postgresql

BACKENDS = ["sqlite", "postgresql"]

# One cluster and one database of each kind for the whole run, whoever imports the fixtures.
_running = ExitStack()
atexit.register(_running.close)


@cache
def _cluster_address() -> str:
    return _running.enter_context(postgresql.cluster())


@cache
def _migrated(backend: str) -> Engine:
    if backend == "sqlite":
        folder = _running.enter_context(tempfile.TemporaryDirectory(prefix="doldrums-sqlite-"))
        engine = open_state(f"sqlite:///{folder}/state.db")
    else:
        engine = open_state(_new_database(_cluster_address()))
    _running.callback(engine.dispose)
    return engine


@pytest.fixture(scope="session")
def postgresql_address() -> str:
    return _cluster_address()


@pytest.fixture(params=BACKENDS)
def state_dsn(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that has no tables yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.db'}"
    return _new_database(_cluster_address())


@pytest.fixture(params=BACKENDS)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database whose tables are empty."""
    engine = _migrated(request.param)
    yield engine
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))


def _new_database(address: str) -> str:
    name = f"state_{uuid.uuid4().hex}"
    postgresql.execute(address, f"CREATE DATABASE {name}")
    return f"{address}/{name}"
