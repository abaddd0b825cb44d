"""SQLite's write-ahead log keeps what was deleted until it is emptied."""

from sqlalchemy import Engine


def checkpoint(engine: Engine) -> bool:
    """Empty the log, so that no copy of what was deleted is left; say whether nobody was in the way."""
    if engine.dialect.name != "sqlite":
        return True  # PostgreSQL vacuums by itself
    connection = engine.raw_connection()  # outside of any transaction
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchall()[0][0]
        cursor.close()
    finally:
        connection.close()
    return not busy
