"""GET /traces/{trace_id}/flows: which output of a trace was taken in by whom."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from analytics.api import models
from analytics.api.access import Caller
from analytics.api.traces import TraceId
from analytics.flow.flows_in import flows_in
from analytics.flow.reach import reach
from analytics.flow.reader import TraceSaid

SpanId = Annotated[str, Query(pattern="^[0-9a-fA-F]{16}$", description="16 hexadecimal digits")]


def router(read_said: Callable[[str, str], TraceSaid]) -> APIRouter:
    """Return the route.

    Parameters
    ----------
    read_said
        Reads what was said in a trace, by its project and id.
    """
    routes = APIRouter(tags=["traces"])

    @routes.get("/traces/{trace_id}/flows", responses={404: {"model": models.Problem}})
    def trace_flows(caller: Caller, trace_id: TraceId, seed: SpanId | None = None) -> models.Flows:
        """Data flow of a trace, by what its spans put in and out; with a seed, the ways on from that span.

        What stands in the task, or in many outputs, shows nothing. Without content there is no flow.
        """
        said = read_said(caller.project, trace_id.lower())
        if not said.spans:
            raise HTTPException(404, "There is no trace of this id. It may not have arrived yet.")
        flows = flows_in(said.spans, said.task)
        shown = reach(flows, seed.lower()) if seed else flows
        return models.Flows(
            items=[
                models.Flow(
                    source=flow.source,
                    target=flow.target,
                    channel=flow.channel,
                    share=flow.share,
                    shared=list(flow.shared),
                )
                for flow in shown
            ],
            spans_with_content=sum(bool(span.taken or span.given) for span in said.spans),
            spans_left_out=said.left_out,
        )

    return routes
