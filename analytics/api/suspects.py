"""GET /traces/{trace_id}/suspects: where a trace may have gone wrong, with the evidence for each."""

from collections.abc import Callable

from fastapi import APIRouter, HTTPException

from analytics.api import models
from analytics.api.access import Caller
from analytics.api.traces import TraceId
from analytics.flow.aftermath import Aftermath
from analytics.suspects.evidence import Suspect
from analytics.suspects.reader import Suspects


def router(read_suspects: Callable[[str, str], Suspects]) -> APIRouter:
    """Return the route.

    Parameters
    ----------
    read_suspects
        Says whom to look at in a trace, by its project and id.
    """
    routes = APIRouter(tags=["traces"])

    @routes.get("/traces/{trace_id}/suspects", responses={404: {"model": models.Problem}})
    def trace_suspects(caller: Caller, trace_id: TraceId) -> models.Suspects:
        """At most three spans of a trace that went wrong, the most suspicious first, and what came of each.

        By rules alone, without a model: how often they are right stands in docs/attribution.md.
        """
        found = read_suspects(caller.project, trace_id.lower())
        if not found.turns:
            raise HTTPException(404, "There is no trace of this id. It may not have arrived yet.")
        return models.Suspects(
            items=[_suspect(one, found.aftermaths.get(one.turn.span_id)) for one in found.suspects],
            spans=found.turns,
            spans_with_content=found.with_content,
        )

    return routes


def _suspect(one: Suspect, after: Aftermath | None) -> models.Suspect:
    return models.Suspect(
        span_id=one.turn.span_id,
        agent=one.turn.agent or None,
        name=one.turn.name,
        kind=one.turn.kind,
        grade=one.grade,
        evidence=[
            models.SuspectEvidence(kind=each.kind, grade=each.grade, text=each.text) for each in one.evidence
        ],
        aftermath=_aftermath(after) if after else None,
    )


def _aftermath(after: Aftermath) -> models.Aftermath:
    return models.Aftermath(
        way=[
            models.AftermathHop(
                source=hop.flow.source, target=hop.flow.target, channel=hop.flow.channel, shared=hop.shared
            )
            for hop in after.way
        ],
        outcome=after.outcome,
        consumer=after.consumer or None,
        boundary=after.boundary,
    )
