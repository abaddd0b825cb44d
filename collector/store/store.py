"""The store: ClickHouse through clickhouse-connect, inside this process by default.

chDB locks its folder: one process opens it, and one path at a time. Each thread gets a client
of its own (measured by `reference/reliability.md` 2.4: half the latency of a shared session).
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import clickhouse_connect
import pyarrow as pa
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import StoreUnavailable

SCHEME = "chdb://"
DATABASE = "doldrums"
# The engine would take 0.9 of the machine's memory and 5 GB of it for marks.
ENGINE_OPTIONS = {"max_server_memory_usage": 3_000_000_000, "mark_cache_size": 268_435_456}


class Store:
    """Run statements. Thread-safe; every statement takes its values as parameters."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._local = threading.local()
        self._clients: list[Client] = []
        self._lock = threading.Lock()

    def query(
        self,
        sql: str,
        parameters: Mapping[str, object] | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> list[dict[str, Any]]:
        """Return rows as dictionaries."""
        answer = self._client().query(sql, parameters=dict(parameters or {}), settings=dict(settings or {}))
        return list(answer.named_results())

    def columns(self, sql: str, parameters: Mapping[str, object] | None = None) -> pa.Table:
        """Return columns as an Arrow table, for what is computed on whole columns."""
        return self._client().query_arrow(sql, parameters=dict(parameters or {}), use_strings=True)

    def command(
        self,
        sql: str,
        parameters: Mapping[str, object] | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> object:
        """Run a statement that is no query, and return the one value it may answer."""
        return self._client().command(sql, parameters=dict(parameters or {}), settings=dict(settings or {}))

    def insert(self, table: str, rows: pa.Table) -> None:
        """Append an Arrow table to a table of ours."""
        self._client().insert_arrow(table, rows)

    def close(self) -> None:
        """Close every client; the engine stops with the last one."""
        with self._lock:
            clients, self._clients = self._clients, []
        for client in clients:
            client.close()
        self._local = threading.local()

    def _client(self) -> Client:
        client: Client | None = getattr(self._local, "client", None)
        if client is None:
            client = _connect(self._dsn, database=DATABASE)
            self._local.client = client
            with self._lock:
                self._clients.append(client)
        return client


def open_store(dsn: str) -> Store:
    """Open the store at `dsn` and create its database.

    Parameters
    ----------
    dsn
        ``chdb:///path/to/folder``: ClickHouse inside this process.

    Raises
    ------
    StoreUnavailable
        The folder cannot be opened: most often another process has it open.
    """
    if not dsn.startswith(SCHEME):
        raise StoreUnavailable(
            f"The store {_without_secret(dsn)} cannot be used yet: only chdb:///folder can."
        )
    Path(dsn.removeprefix(SCHEME)).mkdir(parents=True, exist_ok=True, mode=0o700)
    client = _connect(dsn, database=None)
    client.command(f"CREATE DATABASE IF NOT EXISTS {DATABASE} ENGINE = Atomic")
    store = Store(dsn)
    store.query("SELECT 1")
    client.close()
    return store


def _connect(dsn: str, database: str | None) -> Client:
    path = dsn.removeprefix(SCHEME)
    try:
        return clickhouse_connect.get_client(
            interface="chdb", path=path, database=database, chdb_options=ENGINE_OPTIONS
        )
    except (ClickHouseError, RuntimeError) as error:
        raise StoreUnavailable(
            f"The store folder {path} cannot be opened: is another doldrums running on it? ({error})"
        ) from error


def _without_secret(dsn: str) -> str:
    """A DSN carries a password between ':' and '@'."""
    scheme, _, rest = dsn.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
