"""The state database, on SQLite and on a real PostgreSQL; conftest.py of each folder imports the fixtures."""

import atexit
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine

from analytics.state.database import open_state
from tests.analytics.state import postgresql


@cache
def _cluster_address() -> str:
    """One cluster for the whole run, also for fixtures that several folders import."""
    running = ExitStack()
    address = running.enter_context(postgresql.cluster())
    atexit.register(running.close)
    return address


@pytest.fixture(scope="session")
def postgresql_address() -> str:
    return _cluster_address()


@pytest.fixture(params=["sqlite", "postgresql"])
def state_dsn(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that has no tables yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'state.db'}"
        return
    address = request.getfixturevalue("postgresql_address")
    name = f"state_{uuid.uuid4().hex}"
    postgresql.execute(address, f"CREATE DATABASE {name}")
    yield f"{address}/{name}"
    postgresql.execute(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine(state_dsn: str) -> Iterator[Engine]:
    engine = open_state(state_dsn)
    yield engine
    engine.dispose()
