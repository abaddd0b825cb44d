"""What is over is forgotten after a while: the state database does not grow without an end."""

from datetime import UTC, datetime

from sqlalchemy import Column, ColumnElement, Engine, delete, exists, or_, select

from analytics.state.tables import IS_OPEN, IS_PENDING, deliveries, findings
from analytics.state.transaction import writing

# Rows of one transaction: other writers wait for it, on SQLite all of them.
_ROWS = 1_000
_NEVER = datetime.min.replace(tzinfo=UTC)


def forget(engine: Engine, before: datetime, rows_max: int) -> int:
    """Delete what is over, and return how many rows that were; what is open or waits is kept however old.

    Parameters
    ----------
    before
        Findings resolved and deliveries made before it go. A finding's deliveries go with it.
    rows_max
        Of more findings, or of more deliveries, the oldest go sooner.
    """
    waits = exists().where(deliveries.c.finding_id == findings.c.id, IS_PENDING)
    made, seen = deliveries.c.created, findings.c.first_seen
    return _forget(engine, made, made, ~IS_PENDING, before, rows_max) + _forget(
        engine, seen, findings.c.resolved_at, ~IS_OPEN & ~waits, before, rows_max
    )


def _forget(
    engine: Engine,
    begun: Column[datetime],
    ended: Column[datetime],
    over: ColumnElement[bool],
    before: datetime,
    rows_max: int,
) -> int:
    """Delete from the table whose rows are indexed by `begun`."""
    table, forgotten, deleted = begun.table, 0, _ROWS
    while deleted == _ROWS:
        with writing(engine) as connection:
            first_too_many = select(begun).order_by(begun.desc()).offset(rows_max).limit(1)
            too_many = connection.scalar(first_too_many) or _NEVER
            old = begun <= max(before, too_many), or_(ended <= before, begun <= too_many)
            ids = select(table.c.id).where(*old, over).order_by(begun).limit(_ROWS)
            deleted = connection.execute(delete(table).where(table.c.id.in_(ids))).rowcount
        forgotten += deleted
    return forgotten
