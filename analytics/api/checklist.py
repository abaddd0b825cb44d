"""GET /checklist: five questions about each agent, answered by its traces and findings."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import PlainTextResponse
from pydantic import AwareDatetime

from analytics.api import models
from analytics.api.access import Caller
from analytics.api.failed_in import LONGEST, between
from analytics.checklist.markdown import markdown
from analytics.checklist.reader import Checked
from analytics.rfc3339 import rfc3339
from collector.keys.key import Key

DEFAULT = timedelta(days=7)

Check = Callable[[str, datetime, datetime, str], Sequence[Checked]]
VersionSeen = Callable[[str, str, datetime, str], datetime | None]
Version = Annotated[
    str, Query(max_length=1000, description="Since this version was first seen, instead of `from`")
]


def router(check: Check, version_seen: VersionSeen) -> APIRouter:
    """Return the routes.

    Parameters
    ----------
    check
        Answers the questions of a project's agents between two times, of one or, by '', of all.
    version_seen
        Says since when a project has a version of an agent, at a time or later.
    """
    routes = APIRouter(tags=["checklist"])

    def asked(
        caller: Key, start: datetime | None, end: datetime | None, agent: str, version: str
    ) -> models.Checklist:
        since, until = between(start, end, LONGEST if version else DEFAULT)
        if version:
            if start:
                raise HTTPException(422, "`from` and `version` both say since when: one of them will do.")
            seen = version_seen(caller.project, version, since, agent)
            if seen is None or seen >= until:
                raise HTTPException(404, f"No span of this version began in {LONGEST.days} days.")
            since = seen
        return _shown(check(caller.project, since, until, agent), since, until)

    @routes.get("/checklist")
    def checklist(
        caller: Caller,
        start: Annotated[AwareDatetime | None, Query(alias="from")] = None,
        end: Annotated[AwareDatetime | None, Query(alias="to")] = None,
        agent: Annotated[str, Query(max_length=1000)] = "",
        version: Version = "",
    ) -> models.Checklist:
        """Answer of each agent: pass, fail or unknown, with n and the worst traces; by default of a week."""
        return asked(caller, start, end, agent, version)

    @routes.get("/checklist.md", response_class=PlainTextResponse)
    def checklist_as_markdown(
        caller: Caller,
        start: Annotated[AwareDatetime | None, Query(alias="from")] = None,
        end: Annotated[AwareDatetime | None, Query(alias="to")] = None,
        agent: Annotated[str, Query(max_length=1000)] = "",
        version: Version = "",
    ) -> PlainTextResponse:
        """Answer the same as Markdown."""
        shown = asked(caller, start, end, agent, version)
        return PlainTextResponse(markdown(shown.items, shown.since, shown.until), media_type="text/markdown")

    return routes


def _shown(checked: Sequence[Checked], since: datetime, until: datetime) -> models.Checklist:
    return models.Checklist(
        items=[
            models.AgentChecklist(
                agent=one.facts.agent,
                traces=one.facts.traces,
                read_one_in=one.facts.read_one_in,
                answers=[
                    models.ChecklistAnswer(
                        question=answer.question,
                        verdict=answer.verdict,
                        sentence=answer.sentence,
                        n=answer.n,
                        severity=answer.severity,
                        trace_ids=list(answer.traces),
                        finding_ids=list(answer.findings),
                        todo=answer.todo,
                    )
                    for answer in one.answers
                ],
            )
            for one in checked
        ],
        since=rfc3339(since),
        until=rfc3339(until),
    )
