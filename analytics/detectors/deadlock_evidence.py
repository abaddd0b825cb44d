"""The evidence of a ring of waits: times, ids and numbers a person can check. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from analytics.detectors.wording import plain
from analytics.rfc3339 import rfc3339
from analytics.waits.attempts import retry_s
from analytics.waits.open_span import OpenSpan
from analytics.waits.ring import Edge
from analytics.waits.standing import Standing
from analytics.waits.standstill import CONCLUDED, INFERRED_AGE_S_MIN, Standstill, overlap_s_min

# Waits and victims named in one finding; the evidence says how many there are.
NAMED_MAX = 20


def deadlock_evidence(
    found: Standstill, graph: Standing, now_ns: int, before: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the evidence of a ring; JSON values, durations in seconds.

    Parameters
    ----------
    before
        The same as it was told last; empty where it was not.
    """
    ring = found.ring
    hops = [_hop(edge, span, graph, now_ns) for edge, span in zip(ring.edges, found.spans, strict=True)]
    told = _spans(before.get("hops", ()))
    return {
        "hops": hops[:NAMED_MAX],
        "hops_count": len(hops),
        "closed": rfc3339(ring.closed_ns),
        "age_s": round(max(0, now_ns - ring.closed_ns) / 1e9, 3),
        "all_open_from": rfc3339(ring.held_ns),
        "all_open_until": rfc3339(ring.seen_ns),
        "overlap_s": round((ring.seen_ns - ring.held_ns) / 1e9, 3),
        "overlap_s_min": round(overlap_s_min(found.spans), 3),
        "age_s_min": INFERRED_AGE_S_MIN if found.ring_is_inferred else None,
        "breaks": rfc3339(ring.deadline_ns) if ring.deadline_ns is not None else None,
        "retry_s": retry_s(found.spans),
        "closings": before.get("closings", 1) + bool(told and told != _spans(hops[:NAMED_MAX])),
        "closed_first": before.get("closed_first", rfc3339(ring.closed_ns)),
        "inferred_hops": sum(edge.wait.inferred for edge in ring.edges),
        "victims": [
            {"agent": plain(graph.nodes[node].label), "kind": graph.nodes[node].kind}
            for node in found.victims[:NAMED_MAX]
        ],
        "victims_count": len(found.victims),
        "cheapest_break": {
            "hop": found.cut,
            "waiter": plain(graph.nodes[found.cut_edge.wait.waiter].label),
            "frees": len(ring.members) + len(found.victims),
        },
        "rule": (
            "whatever is open in its members, and has nothing open below it, waits or holds a lock;"
            " all waits of the ring were seen open at once for longer than their reports are apart"
        ),
        "false_positive_note": _doubt(found),
    }


def _spans(hops: Iterable[Mapping[str, Any]]) -> frozenset[tuple[str, str]]:
    return frozenset((hop["trace_id"], hop["span_id"]) for hop in hops)


def _hop(edge: Edge, span: OpenSpan, graph: Standing, now_ns: int) -> dict[str, Any]:
    wait = edge.wait
    return {
        "waiter": plain(graph.nodes[wait.waiter].label),
        "waits_for": plain(graph.nodes[edge.target].label),
        "kind": "lock" if span.holds else plain(span.wait_reason) or "agent",
        "resource": plain(span.holds or span.wait_resource) or None,
        "needed": wait.needed,
        "targets": len(wait.targets),
        "since": rfc3339(wait.since_ns),
        "last_seen": rfc3339(wait.seen_ns),
        "age_s": round(max(0, now_ns - wait.since_ns) / 1e9, 3),
        "deadline": rfc3339(wait.deadline_ns) if wait.deadline_ns is not None else None,
        "overdue": span.wait_timeout_s is not None and wait.deadline_ns is None,
        "inferred": wait.inferred,
        "trace_id": span.trace_id,
        "span_id": span.span_id,
    }


def _doubt(found: Standstill) -> str:
    if found.fingerprint.endswith(CONCLUDED):
        return "All of it is inferred from calls that have no answer: the answers may have been lost."
    if found.ring_is_inferred:
        return (
            "Part of it is inferred: from a call's name, from one agent running below another, from several"
            " instances of a name, or from a source without heartbeats, whose process may have died."
        )
    if found.ring.deadline_ns is not None:
        return "It ends by itself if the wait gives up when it says it does."
    return (
        "An agent that goes on while it waits, without a span that says so, is not held up;"
        " instances are told apart by trace, session and id, and by the name alone where only one is open."
    )
