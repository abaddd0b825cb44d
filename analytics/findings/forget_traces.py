"""Findings about traces that were erased go with them, and so do the messages about them."""

from collections.abc import Sequence

from sqlalchemy import Engine, Select, delete, func, select

from analytics.state.tables import deliveries, finding_subjects, findings
from analytics.state.transaction import writing

# Of one statement: SQLite takes 32,766 parameters.
_TRACES = 1_000


def forget_traces(engine: Engine, project: str, trace_ids: Sequence[str]) -> dict[str, int]:
    """Delete a project's findings about traces, with their deliveries, and return how many."""
    gone = {"findings": 0, "deliveries": 0}
    for part in _parts(trace_ids):
        about = _about(project, part)
        messages = select(func.count()).select_from(deliveries).where(deliveries.c.finding_id.in_(about))
        with writing(engine) as connection:
            gone["deliveries"] += connection.execute(messages).scalar_one()
            gone["findings"] += connection.execute(delete(findings).where(findings.c.id.in_(about))).rowcount
    return gone


def count_about(engine: Engine, project: str, trace_ids: Sequence[str]) -> int:
    """Count a project's findings about traces."""
    count = 0
    with engine.connect() as connection:
        for part in _parts(trace_ids):
            query = select(func.count()).select_from(findings).where(findings.c.id.in_(_about(project, part)))
            count += connection.execute(query).scalar_one()
    return count


def _about(project: str, trace_ids: Sequence[str]) -> Select[tuple[str]]:
    return (
        select(finding_subjects.c.finding_id)
        .join(findings, findings.c.id == finding_subjects.c.finding_id)
        .where(
            findings.c.project == project,
            finding_subjects.c.kind == "trace",
            finding_subjects.c.value.in_(trace_ids),
        )
    )


def _parts(trace_ids: Sequence[str]) -> list[Sequence[str]]:
    return [trace_ids[first : first + _TRACES] for first in range(0, len(trace_ids), _TRACES)]
