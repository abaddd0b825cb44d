"""The record of erasures in the state database."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert, select, update

from analytics.api import models
from analytics.rfc3339 import rfc3339
from analytics.state.cursor import newest_first
from analytics.state.tables import erasures
from analytics.state.text import storable
from analytics.state.transaction import writing
from collector.deletion.subject import Subject


@dataclass(frozen=True)
class Unfinished:
    """An erasure at work.

    Attributes
    ----------
    counts
        What was found so far.
    deleted
        When everything that was found was deleted; None before.
    """

    id: str
    subject: Subject
    counts: Mapping[str, int]
    deleted: datetime | None


class ErasureLedger:
    """Remembers what was asked for, by whom, and what became of it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def request(
        self, subject: Subject, requested_by: str, now: datetime, counts: Mapping[str, int]
    ) -> models.Erasure:
        """Write down that a subject's traces are to be erased."""
        record = _record(uuid.uuid4().hex, "pending", subject, requested_by, now, counts)
        with writing(self._engine) as connection:
            connection.execute(insert(erasures), record)
        return _shown(record)

    def list(self, project: str | None, cursor: str | None, limit: int) -> models.Page[models.Erasure]:
        """Return a page of a project's erasures, or everybody's, the newest first.

        Raises
        ------
        CursorError
            If `cursor` is not one that a page gave.
        """
        query = select(erasures)
        if project is not None:
            query = query.where(erasures.c.project == project)
        with self._engine.connect() as connection:
            page, following = newest_first(
                connection, query, at=erasures.c.requested, id_=erasures.c.id, cursor=cursor, limit=limit
            )
        return models.Page(items=[_shown(row) for row in page], next=following)

    def get(self, project: str | None, erasure_id: str) -> models.Erasure | None:
        """Return one of a project's, or of anybody's."""
        query = select(erasures).where(erasures.c.id == storable(erasure_id))
        if project is not None:
            query = query.where(erasures.c.project == project)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _shown(dict(row))

    def unfinished(self) -> Sequence[Unfinished]:
        """Return what is to be done, the oldest first."""
        query = select(erasures).where(erasures.c.state != "done").order_by(erasures.c.requested)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            Unfinished(
                row["id"], Subject(row["project"], row["kind"], row["value"]), row["counts"], row["deleted"]
            )
            for row in rows
        ]

    def running(self, erasure_id: str, counts: Mapping[str, int]) -> None:
        """Write down what was found, before any of it is deleted."""
        self._update(erasure_id, state="running", counts=dict(counts), deleted=None)

    def deleted(self, erasure_id: str, counts: Mapping[str, int], now: datetime) -> None:
        """Write down that all that was found is deleted; what it stood in may still be on disk."""
        self._update(erasure_id, counts=dict(counts), deleted=now)

    def done(self, erasure_id: str, proof: Mapping[str, int], now: datetime) -> None:
        """Write down that nothing is left, and forget whose it was."""
        self._update(erasure_id, state="done", proof=dict(proof), finished=now, value=None)

    def _update(self, erasure_id: str, **values: Any) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(erasures).where(erasures.c.id == erasure_id).values(**values))


def dry_run(subject: Subject, requested_by: str, now: datetime, counts: Mapping[str, int]) -> models.Erasure:
    """Return what an erasure would do; nothing is written down."""
    return _shown(_record("", "dry_run", subject, requested_by, now, counts))


def _record(
    id_: str, state: str, subject: Subject, requested_by: str, now: datetime, counts: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "id": id_,
        "project": subject.project,
        "kind": subject.kind,
        "value": subject.value,
        "digest": subject.digest,
        "state": state,
        "requested_by": requested_by,
        "requested": now,
        "counts": dict(counts),
    }


def _shown(row: Mapping[str, Any]) -> models.Erasure:
    """Return an erasure as the API shows it: not whose."""
    finished = row.get("finished")
    return models.Erasure(
        id=row["id"],
        project=row["project"],
        kind=row["kind"],
        subject_sha256=row["digest"],
        state=row["state"],
        requested_by=row["requested_by"],
        requested=rfc3339(row["requested"]),
        finished=rfc3339(finished) if finished else None,
        counts=row["counts"],
        proof=row.get("proof"),
    )
