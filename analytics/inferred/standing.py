"""The wait-for graph of traces that are unfinished and of which nothing was reported open. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from analytics.inferred.unfinished import OpenWork, Unfinished
from analytics.inferred.waits import inferred_waits
from analytics.waits.graph import Node
from analytics.waits.open_span import OpenSpan
from analytics.waits.standing import Standing


def inferred_standings(traces: Iterable[Unfinished], now_ns: int) -> Sequence[tuple[str, Standing]]:
    """Return for each project the graph of what is inferred of its traces, where that is anything.

    What shows a wait is the span that asked, which has ended.
    """
    places: defaultdict[tuple[str, str], list[Unfinished]] = defaultdict(list)
    for trace in traces:
        if trace.work:
            places[trace.project, trace.environment].append(trace)
    graphs = ((project, _standing(group, now_ns)) for (project, _), group in places.items())
    return [(project, graph) for project, graph in graphs if graph.waits]


def _standing(traces: Sequence[Unfinished], now_ns: int) -> Standing:
    asked = _by_who_asked(traces)
    found = Standing(waits=list(inferred_waits(traces, now_ns, _node)))
    for wait in found.waits:
        trace, work = asked[wait.id]
        span = _asking(trace, work, now_ns)
        found.shown |= {(wait.id, target): span for target in wait.targets}
    for trace in traces:
        for work in trace.work:
            for agent in filter(None, (work.agent, work.target)):
                node = _node(trace, agent)
                found.nodes[node] = Node(trace.project, node, "agent", agent, agent, working=True)
    return found


def _by_who_asked(traces: Iterable[Unfinished]) -> Mapping[str, tuple[Unfinished, OpenWork]]:
    return {
        trace.trace_id + work.asked_by: (trace, work)
        for trace in traces
        for work in trace.work
        if work.target
    }


def _node(trace: Unfinished, agent: str) -> str:
    return f"agent {agent} of {trace.trace_id}"


def _asking(trace: Unfinished, work: OpenWork, now_ns: int) -> OpenSpan:
    return OpenSpan(
        project=trace.project,
        environment=trace.environment,
        project_seen_ns=now_ns,
        trace_id=trace.trace_id,
        span_id=work.asked_by,
        parent_span_id=work.run_id,
        ended=False,
        name=work.waits_for,
        kind="tool",
        agent=work.agent,
        agent_id="",
        tool=work.waits_for,
        session="",
        open_descendants=0,
        handoff_to=work.target,
        waiting_on="",
        wait_reason="agent",
        wait_resource="",
        wait_needed=None,
        wait_timeout_s=None,
        holds="",
        holds_capacity=None,
        end_ns=0,
        end_state="",
        error_type="",
        start_ns=work.since_ns,
        first_seen_ns=work.since_ns,
        last_seen_ns=now_ns,
        heartbeats=0,
    )
