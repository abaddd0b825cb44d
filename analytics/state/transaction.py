"""Write transactions."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, select


@contextmanager
def writing(engine: Engine, lock: str | None = None) -> Iterator[Connection]:
    """Open a transaction that writes; it is committed at the end, rolled back by an exception.

    Parameters
    ----------
    lock
        Name of what this transaction does, if only one may do it at a time, in this or
        any other process. On SQLite every writer is alone anyway.
    """
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        if lock is not None and connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_number(lock))))
        yield connection


def _number(lock: str) -> int:
    """Return the 64-bit key that PostgreSQL knows the lock by."""
    return int.from_bytes(hashlib.sha256(f"doldrums {lock}".encode()).digest()[:8], signed=True)
