"""Accepted drifts, in the state database: what a series does since a time is its new normal."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine, RowMapping, insert, select

from analytics.api import drift_models as models
from analytics.rfc3339 import rfc3339
from analytics.series.key import series_id
from analytics.state.tables import accepted_drifts
from analytics.state.text import storable
from analytics.state.transaction import writing

# Of one series, the latest.
ACCEPTANCES_MAX = 1_000


class AcceptedDrift(NamedTuple):
    """A drift that somebody accepted at a time: nothing before `since` is compared with any more."""

    project: str
    series: int
    since: datetime
    at: datetime
    accepted_by: str
    note: str


class AcceptedDrifts:
    """Remembers who took which drift for the new normal, and why."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def accept(self, accepted: AcceptedDrift) -> models.Acceptance:
        """Take note of it."""
        record = accepted._asdict() | {
            "id": uuid.uuid4().hex,
            "series": series_id(accepted.series),
            "accepted_by": storable(accepted.accepted_by),
            "note": storable(accepted.note),
        }
        with writing(self._engine) as connection:
            connection.execute(insert(accepted_drifts), record)
        return _shown(record["since"], record["at"], record["accepted_by"], record["note"])

    def of(self, project: str, series: int) -> Sequence[models.Acceptance]:
        """Return those of a series, the latest first."""
        table = accepted_drifts.c
        query = (
            select(accepted_drifts)
            .where(table.project == project, table.series == series_id(series))
            .order_by(table.at.desc(), table.id)
            .limit(ACCEPTANCES_MAX)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [_shown(row["since"], row["at"], row["accepted_by"], row["note"]) for row in rows]

    def accepted_from(self, time: datetime) -> Sequence[AcceptedDrift]:
        """Return what was accepted at a time or later, in every project, the oldest first."""
        table = accepted_drifts.c
        query = select(accepted_drifts).where(table.at >= time).order_by(table.at, table.id)
        with self._engine.connect() as connection:
            return [_accepted(row) for row in connection.execute(query).mappings()]


def _accepted(row: RowMapping) -> AcceptedDrift:
    known = {name: row[name] for name in AcceptedDrift._fields}
    return AcceptedDrift(**known | {"series": int(row["series"], 16)})


def _shown(since: datetime, at: datetime, accepted_by: str, note: str) -> models.Acceptance:
    return models.Acceptance(since=rfc3339(since), at=rfc3339(at), accepted_by=accepted_by, note=note)
