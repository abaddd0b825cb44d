"""Cursors of lists that show the newest first."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Select, literal, tuple_

from analytics.state.instant import Instant, microseconds, moment
from analytics.state.text import storable

_NOT_OURS = "The cursor is not one that this service gave out."


class CursorError(ValueError):
    """The cursor is none that this service gave out."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after one item: lists go on with what is older, ties in descending order of id."""

    at: datetime
    id: str

    def encode(self) -> str:
        place = json.dumps([microseconds(self.at), self.id], separators=(",", ":"))
        return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Self:
        """Read what `encode` wrote.

        Raises
        ------
        CursorError
            For every other text.
        """
        padded = text + "=" * (-len(text) % 4)
        try:
            match json.loads(base64.b64decode(padded, altchars=b"-_", validate=True)):
                case [int() as at, str() as id_]:
                    return cls(moment(at), storable(id_))
        except (ValueError, OverflowError, RecursionError) as error:
            raise CursorError(_NOT_OURS) from error
        raise CursorError(_NOT_OURS)


def newest_first(
    connection: Connection,
    query: Select[Any],
    *,
    at: ColumnElement[datetime],
    id_: ColumnElement[str],
    cursor: str | None,
    limit: int,
) -> tuple[list[dict[str, Any]], str | None]:
    """Return one page of `query`, newest by `at` first, and the cursor of the next page.

    Raises
    ------
    CursorError
        If `cursor` is not one that a page gave.
    """
    ordered = query.order_by(at.desc(), id_.desc()).limit(limit + 1)
    if cursor is not None:
        after = Cursor.decode(cursor)
        ordered = ordered.where(tuple_(at, id_) < tuple_(literal(after.at, Instant), literal(after.id)))
    placed = ordered.add_columns(at.label("cursor_at"), id_.label("cursor_id"))
    rows = [dict(row) for row in connection.execute(placed).mappings()]
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], Cursor(last["cursor_at"], last["cursor_id"]).encode()
