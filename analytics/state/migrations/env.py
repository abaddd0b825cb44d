"""What Alembic runs: the caller's connection, inside the caller's transaction."""

from alembic import context

from analytics.state.tables import metadata


def run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
    context.run_migrations()


# Alembic executes this file with a configuration; whoever only imports it has none.
if hasattr(context, "config"):
    run()
