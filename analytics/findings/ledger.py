"""The ledger: what is found, since when, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import Counter
from sqlalchemy import ColumnElement, Connection, Engine, func, select

from analytics.alerts.message import FindingEvent, Links, finding_message
from analytics.alerts.outbox import enqueue
from analytics.api import models
from analytics.findings import rows
from analytics.findings.filters import NO_FILTERS, Filters, conditions
from analytics.findings.finding import UNSEEN, Finding, Resolution
from analytics.findings.judgement import Key, judge
from analytics.findings.record import Record, absent, opening, over, seen_again, shown
from analytics.state.cursor import newest_first
from analytics.state.tables import IS_OPEN, findings
from analytics.state.text import storable
from analytics.state.transaction import writing

_OPENED = Counter("doldrums_core_findings_opened", "Findings that opened", ["detector"])
_RESOLVED = Counter("doldrums_core_findings_resolved", "Findings that were resolved", ["detector"])

NO_RESOLUTIONS: Mapping[Key, Resolution] = {}


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of the findings that a look opened, saw again, and resolved."""

    opened: tuple[str, ...]
    updated: tuple[str, ...]
    resolved: tuple[str, ...]


class FindingLedger:
    """Remembers findings between looks and tells the webhooks when one opens or is resolved.

    Parameters
    ----------
    webhooks
        Names of those that are told.
    """

    def __init__(self, engine: Engine, webhooks: Sequence[str], links: Links | None = None) -> None:
        self._engine = engine
        self._webhooks = tuple(webhooks)
        self._links = links or Links()

    def reconcile(
        self,
        detector: str,
        found: Sequence[Finding],
        now: datetime,
        resolutions: Mapping[Key, Resolution] = NO_RESOLUTIONS,
        kept: Collection[Key] = (),
    ) -> Changes:
        """Take in one look of a detector, whole or not at all, and the messages it causes with it.

        A finding opens when it is seen at two looks in a row, or is certain. It is resolved when it is
        absent from two in a row, or at once when it ended; what is found again later opens anew, under
        another id, but not what has ended. Not to be called for a look that failed: absence would count.

        Parameters
        ----------
        found
            Everything the detector sees now; of two with one fingerprint the first counts.
        resolutions
            By `(project, fingerprint)` why it is resolved now, if it is; what ended is over, found or not.
        kept
            By `(project, fingerprint)` what is not over although it is not found.
        """
        seen = {_key(finding.project, finding.fingerprint): finding for finding in reversed(found)}
        reasons = {_key(*key): reason for key, reason in resolutions.items()}
        ended = [key for key, reason in reasons.items() if reason.word == "ended"]
        with writing(self._engine, lock=f"reconcile {detector}") as connection:
            before = {row["id"]: row for row in rows.read_open(connection, detector)}
            known = {(row["project"], row["fingerprint"]): row for row in before.values()}
            sighted = rows.read_sightings(connection, detector)
            missed_looks = {key: row["missed_looks"] for key, row in known.items()}
            certain = [key for key, finding in seen.items() if finding.certain]
            judgement = judge(missed_looks, sighted, seen, ended, certain, [_key(*key) for key in kept])
            to_open = judgement.opened - rows.read_ended(connection, detector, judgement.opened)
            opened = [opening(seen[key], sighted.get(key, now), now) for key in sorted(to_open)]
            updated = [seen_again(known[key], seen[key], now) for key in sorted(judgement.updated)]
            missed = [absent(known[key]) for key in sorted(judgement.missed)]
            resolved = [over(known[key], reasons.get(key, UNSEEN), now) for key in sorted(judgement.resolved)]
            rows.replace_sightings(connection, detector, sighted, judgement.sighted, now)
            rows.insert_findings(connection, opened)
            rows.update_findings(connection, [*updated, *missed, *resolved], before)
            self._tell(connection, "finding.opened", opened, now)
            self._tell(connection, "finding.resolved", resolved, now)
        _OPENED.labels(detector).inc(len(opened))
        _RESOLVED.labels(detector).inc(len(resolved))
        return Changes(_ids(opened), _ids(updated), _ids(resolved))

    def open(self, detector: str) -> list[models.Finding]:
        """Return all open findings of a detector, to ask what of them has ended."""
        with self._engine.connect() as connection:
            return [shown(row) for row in rows.read_open(connection, detector)]

    def count_open(self, detector: str, project: str | None = None) -> int:
        """Count the open findings of a detector, in one project or in all."""
        query = select(func.count()).where(findings.c.detector == detector, IS_OPEN)
        if project is not None:
            query = query.where(findings.c.project == storable(project))
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one()

    def count_open_by_severity(self) -> Mapping[tuple[str, str], int]:
        """Return the open findings by detector and severity; those that have none are not in it."""
        by = (findings.c.detector, findings.c.severity)
        query = select(*by, func.count()).where(IS_OPEN).group_by(*by)
        with self._engine.connect() as connection:
            return {(detector, severity): count for detector, severity, count in connection.execute(query)}

    def list(
        self, project: str, filters: Filters = NO_FILTERS, *, cursor: str | None = None, limit: int = 100
    ) -> models.Page[models.Finding]:
        """Return one page of a project's findings, newest `first_seen` first.

        Raises
        ------
        CursorError
            If `cursor` is not one that a page gave.
        """
        with self._engine.connect() as connection:
            page, following = newest_first(
                connection,
                select(findings).where(_of(project), *conditions(filters)),
                at=findings.c.first_seen,
                id_=findings.c.id,
                cursor=cursor,
                limit=limit,
            )
        return models.Page(items=[shown(row) for row in page], next=following)

    def get(self, project: str, finding_id: str) -> models.Finding | None:
        query = select(findings).where(_of(project), findings.c.id == storable(finding_id))
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else shown(dict(row))

    def _tell(
        self, connection: Connection, event: FindingEvent, records: Sequence[Record], now: datetime
    ) -> None:
        bodies = [
            (record["project"], record["id"], finding_message(event, shown(record), now, self._links))
            for record in records
        ]
        enqueue(connection, self._webhooks, event, bodies, now)


def _key(project: str, fingerprint: str) -> Key:
    return storable(project), storable(fingerprint)


def _of(project: str) -> ColumnElement[bool]:
    return findings.c.project == storable(project)


def _ids(records: Sequence[Record]) -> tuple[str, ...]:
    return tuple(record["id"] for record in records)
