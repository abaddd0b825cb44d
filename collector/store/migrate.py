"""Schema migrations: numbered SQL files, applied in order, once, forward only.

A migration is recorded after its last statement. One that was interrupted is run again from its first, so
it must bear repetition; ``CREATE TABLE`` is read as ``CREATE TABLE IF NOT EXISTS``.
"""

from importlib.resources import files

from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import UpgradeFailed
from collector.store.statement import statement
from collector.store.store import Store

_SCHEMA = "collector.store.schema"


def migrate(store: Store) -> list[str]:
    """Bring the store to the newest schema and return the names of what was applied.

    Raises
    ------
    UpgradeFailed
        There is no room, or the engine refused for another reason. The store is as it was.
    """
    store.command(statement(__package__, "create_migrations.sql"))
    done = {row["name"] for row in store.query(statement(__package__, "read_migrations.sql"))}
    pending = [name for name in _names() if name not in done]
    for name in pending:
        try:
            _apply(store, name)
        except ClickHouseError as error:
            said = str(error).partition(": while executing")[0]
            raise UpgradeFailed(
                f"The store could not be upgraded. At {name} the engine said: {said}"
            ) from error
    return pending


def _apply(store: Store, name: str) -> None:
    with store.definitions.kept():
        store.command(statement(_SCHEMA, name).replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS "))
    store.command(statement(__package__, "record_migration.sql"), {"name": name})


def _names() -> list[str]:
    return sorted(file.name for file in files(_SCHEMA).iterdir() if file.name.endswith(".sql"))
