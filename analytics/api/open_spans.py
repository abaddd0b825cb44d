"""GET /open-spans: what is open now, and how it does by the last look."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from analytics.api.access import Caller
from analytics.api.models import OpenSpan, Page
from analytics.detectors.verdict import Verdict
from analytics.rfc3339 import rfc3339

LIMIT_DEFAULT = 100
LIMIT_MAX = 1_000

Cursor = tuple[int, str]


def router(verdicts: Callable[[], Sequence[Verdict]]) -> APIRouter:
    """Return the route.

    Parameters
    ----------
    verdicts
        Gives the verdicts of the last look, oldest first (`Outcome.verdicts`).
    """
    routes = APIRouter()

    @routes.get("/open-spans")
    def open_spans(
        caller: Caller,
        agent: str | None = None,
        environment: str | None = None,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = LIMIT_DEFAULT,
    ) -> Page[OpenSpan]:
        """Return the open spans, oldest first."""
        after = _parsed(cursor) if cursor is not None else None
        wanted = _wanted(verdicts(), caller.project, agent, environment, after)
        page = list(islice(wanted, limit + 1))
        more = len(page) > limit
        page = page[:limit]
        return Page(items=[_open_span(verdict) for verdict in page], next=_cursor(page[-1]) if more else None)

    return routes


def _wanted(
    verdicts: Sequence[Verdict],
    project: str,
    agent: str | None,
    environment: str | None,
    after: Cursor | None,
) -> Iterable[Verdict]:
    return (
        verdict
        for verdict in verdicts
        if verdict.row.project == project
        and (agent is None or verdict.row.agent == agent)
        and (environment is None or verdict.row.environment == environment)
        and (after is None or _place(verdict) > after)
    )


def _place(verdict: Verdict) -> Cursor:
    return verdict.row.opened_ns, verdict.row.fingerprint


def _cursor(verdict: Verdict) -> str:
    opened_ns, fingerprint = _place(verdict)
    return f"{opened_ns}-{fingerprint}"


def _parsed(cursor: str) -> Cursor:
    opened_ns, _, fingerprint = cursor.partition("-")
    if not (opened_ns.isdecimal() and opened_ns.isascii() and len(opened_ns) <= 20):
        raise HTTPException(400, "The cursor is not one that this list gave.")
    return int(opened_ns), fingerprint


def _open_span(verdict: Verdict) -> OpenSpan:
    row, limit = verdict.row, verdict.limit
    return OpenSpan(
        project=row.project,
        environment=row.environment,
        trace_id=row.trace_id,
        span_id=row.span_id,
        name=row.name,
        kind=row.kind,
        agent=row.agent or None,
        tool=row.tool or None,
        model=row.model or None,
        start=rfc3339(row.start_ns),
        age_s=verdict.age_s,
        last_seen=rfc3339(row.last_seen_ns),
        last_progress=rfc3339(row.progressed_ns),
        waiting_on=verdict.waiting_on or None,
        usual_s=limit.usual_s,
        p95_s=limit.p95_s,
        limit_s=limit.limit_s,
        samples=limit.samples,
        verdict=verdict.word,
    )
