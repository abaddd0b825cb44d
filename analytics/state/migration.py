"""Bringing the schema to the newest revision."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from analytics.state.errors import StateError
from analytics.state.transaction import writing


def migrate(engine: Engine) -> None:
    """Create or upgrade the tables in one transaction; a second process waits, and finds it done.

    Raises
    ------
    StateError
        If a newer version of doldrums wrote the database.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    script = ScriptDirectory.from_config(config)
    with writing(engine, lock="migrate") as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision == script.get_current_head():
            return
        if revision not in {None, *(known.revision for known in script.walk_revisions())}:
            raise StateError(
                f"The state database was written by a newer version of doldrums (revision {revision}): "
                "start that version, or restore a backup made before the upgrade."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
