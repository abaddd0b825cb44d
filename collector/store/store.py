"""The store: ClickHouse through clickhouse-connect, inside this process by default.

chDB locks its folder: one process opens it, and one path at a time. Statements that run at once
have a client each (measured by `reference/reliability.md` 2.4: half the latency of a shared session).
"""

import os
import queue
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import clickhouse_connect
import pyarrow as pa
import structlog
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import StoreUnavailable
from collector.store.definitions import Definitions
from collector.store.mutations import end_mutations
from collector.store.rows import Rows

log = structlog.get_logger(__name__)

SCHEME = "chdb://"
DATABASE = "doldrums"
_STDERR = 2
ENGINE_OPTIONS = {
    # The engine would take 0.9 of the machine's memory and 5 GB of it for marks.
    "max_server_memory_usage": 3_000_000_000,
    "mark_cache_size": 134_217_728,
    # Merges wait for loading, which they would slow by a third, and are two at once, not four.
    "os_threads_nice_value_merge_mutate": 19,
    "background_merges_mutations_concurrency_ratio": 1,
}


class Store:
    """Run statements. Thread-safe; every statement takes its values as parameters.

    A statement borrows a client and gives it back, so there are as many as ever ran at once.

    Attributes
    ----------
    definitions
        What its tables are, as it stands on disk.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self.definitions = Definitions(Path(dsn.removeprefix(SCHEME)), DATABASE)
        self._idle: queue.LifoQueue[Client] = queue.LifoQueue()

    def query(self, sql: str, parameters: Mapping[str, object] | None = None) -> Rows:
        """Return rows as dictionaries."""
        with self._client() as client:
            answer = client.query(sql, parameters=dict(parameters or {}), column_oriented=True)
            return Rows(answer.column_names, answer.result_columns)

    def columns(self, sql: str, parameters: Mapping[str, object] | None = None) -> pa.Table:
        """Return columns as an Arrow table, for what is computed on whole columns."""
        with self._client() as client:
            return client.query_arrow(sql, parameters=dict(parameters or {}), use_strings=True)

    def command(self, sql: str, parameters: Mapping[str, object] | None = None) -> object:
        """Run a statement that is no query, and return the one value it may answer."""
        with self._client() as client:
            return client.command(sql, parameters=dict(parameters or {}))

    def insert(self, table: str, rows: pa.Table) -> None:
        """Append an Arrow table to a table of ours; no row of it replaces another."""
        with self._client() as client:
            # looking for rows that replace each other within one insert: 2.7 us a row of `steps`, of 6.4
            client.insert_arrow(table, rows, settings={"optimize_on_insert": 0})

    def close(self) -> None:
        """Close every client that is not at work; the engine stops with the last one."""
        while not self._idle.empty():
            self._idle.get_nowait().close()

    @contextmanager
    def _client(self) -> Iterator[Client]:
        try:
            client = self._idle.get_nowait()
        except queue.Empty:
            client = _connect(self._dsn, database=DATABASE)
        try:
            yield client
        finally:
            self._idle.put(client)


def open_store(dsn: str) -> Store:
    """Open the store at `dsn`, create its database, and end what a process before was deleting.

    Parameters
    ----------
    dsn
        ``chdb:///path/to/folder``: ClickHouse inside this process.

    Raises
    ------
    StoreUnavailable
        The folder cannot be opened: most often another process has it open.
    """
    path = Path(dsn.removeprefix(SCHEME))
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreUnavailable(f"The store folder {path} cannot be made: {error.strerror}.") from error
    store = Store(dsn)
    if mended := store.definitions.mend():
        log.warning("upgrade_taken_back", tables=mended, action="will be done again")
    with _engine_heard():
        client = _connect(dsn, database=None)
    client.command(f"CREATE DATABASE IF NOT EXISTS {DATABASE} ENGINE = Atomic")
    end_mutations(store)
    client.close()
    return store


@contextmanager
def _engine_heard() -> Iterator[None]:
    """Keep what the engine itself writes to standard error, which is why it does not open, as a note."""
    with tempfile.TemporaryFile() as said:
        stderr = os.dup(_STDERR)
        os.dup2(said.fileno(), _STDERR)
        try:
            yield
        except StoreUnavailable as error:
            said.seek(0)
            error.add_note(said.read().decode(errors="replace").strip())
            raise
        finally:
            os.dup2(stderr, _STDERR)
            os.close(stderr)


def _connect(dsn: str, database: str | None) -> Client:
    path = dsn.removeprefix(SCHEME)
    try:
        return clickhouse_connect.get_client(
            interface="chdb", path=path, database=database, chdb_options=ENGINE_OPTIONS
        )
    except (ClickHouseError, RuntimeError) as error:
        raise StoreUnavailable(
            f"The store folder {path} cannot be opened: another process has it open, or its files are "
            "damaged; the log says what the engine found."
        ) from error
