"""The ledger's statements: each runs once for a whole look, however much it found."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, tuple_, update

from analytics.findings.judgement import Key
from analytics.findings.record import Record, subjects
from analytics.state.tables import IS_OPEN, finding_subjects, findings, sightings

_OPENED_WITH = frozenset({"id", "project", "detector", "fingerprint", "first_seen"})
# of one statement: SQLite takes 32,766 values
_KEYS_MAX = 10_000
_UPDATE = (
    update(findings)
    .where(findings.c.id == bindparam("row_id"))
    .values({column.name: bindparam(column.name) for column in findings.c if column.name not in _OPENED_WITH})
)


def read_open(connection: Connection, detector: str) -> list[Record]:
    query = select(findings).where(findings.c.detector == detector, IS_OPEN)
    return [dict(row) for row in connection.execute(query).mappings()]


def read_ended(connection: Connection, detector: str, keys: Collection[Key]) -> set[Key]:
    """Return which of the keys had a finding before that is resolved because what it was about ended."""
    ended: set[Key] = set()
    ordered = sorted(keys)
    for first in range(0, len(ordered), _KEYS_MAX):
        some = ordered[first : first + _KEYS_MAX]
        query = select(findings.c.project, findings.c.fingerprint).where(
            findings.c.detector == detector,
            findings.c.resolution_word == "ended",
            tuple_(findings.c.project, findings.c.fingerprint).in_(some),
        )
        ended |= {(row.project, row.fingerprint) for row in connection.execute(query)}
    return ended


def read_sightings(connection: Connection, detector: str) -> dict[Key, datetime]:
    """Return what the last look saw for the first time, and when that was."""
    query = select(sightings).where(sightings.c.detector == detector)
    return {(row.project, row.fingerprint): row.first_seen for row in connection.execute(query)}


def replace_sightings(
    connection: Connection, detector: str, past: Collection[Key], present: Iterable[Key], now: datetime
) -> None:
    """Keep what this look saw for the first time: what the last one did is open by now, or gone."""
    if past:
        connection.execute(delete(sightings).where(sightings.c.detector == detector))
    added = [
        {"detector": detector, "project": project, "fingerprint": fingerprint, "first_seen": now}
        for project, fingerprint in present
    ]
    if added:
        connection.execute(insert(sightings), added)


def insert_findings(connection: Connection, records: Sequence[Record]) -> None:
    if records:
        connection.execute(insert(findings), records)
    _insert_subjects(connection, records)


def update_findings(connection: Connection, records: Sequence[Record], before: Mapping[str, Record]) -> None:
    """Write all that may change of open findings; `before` holds them by id as they were."""
    if not records:
        return
    connection.execute(
        _UPDATE,
        [
            {"row_id": record["id"], **{name: record[name] for name in record if name not in _OPENED_WITH}}
            for record in records
        ],
    )
    moved = [record for record in records if subjects(record) != subjects(before[record["id"]])]
    if moved:
        connection.execute(
            delete(finding_subjects).where(finding_subjects.c.finding_id == bindparam("moved_id")),
            [{"moved_id": record["id"]} for record in moved],
        )
    _insert_subjects(connection, moved)


def _insert_subjects(connection: Connection, records: Iterable[Record]) -> None:
    added = [row for record in records for row in subjects(record)]
    if added:
        connection.execute(insert(finding_subjects), added)
