"""A wait-for graph as a picture: a ring with its queue, or everything that waits."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from analytics.api.models import WaitEdge
from dashboard.presentation.address import trace_address
from dashboard.presentation.deadlock import Deadlock
from dashboard.presentation.layered_layout import layered_layout
from dashboard.presentation.layout import Layout, Place, leads_round
from dashboard.presentation.picture import Arrow, Box, Picture
from dashboard.presentation.ring_layout import ring_layout
from dashboard.presentation.waiting import Waiting
from dashboard.wording.amount import counted
from dashboard.wording.moment import moment

NODES_MAX = 40
"""A picture of more is a tangle: a table says it better."""


def ring_picture(one: Deadlock, looked: Waiting) -> Picture | None:
    """Return a ring with what waits for it, and for narrow places the ring alone; None if it is too big."""
    members = [hop.waiter for hop in one.hops]
    if len(members) > NODES_MAX:
        return None
    alone = _drawn(ring_layout(members, {}), one.hops, [one], looked)
    tails, queue = _tails(members, one.ring.victims, looked.waits.edges)
    if not tails or len(members) + len(tails) > NODES_MAX:
        return alone
    tailed = _drawn(ring_layout(members, tails), [*one.hops, *queue], [one], looked)
    return replace(tailed, narrow=alone)


def graph_picture(found: Sequence[Deadlock], looked: Waiting) -> Picture | None:
    """Return every wait, waiters left of what they wait for; None if there are too many.

    Parameters
    ----------
    found
        Rings that are marked in it.
    """
    edges = looked.waits.edges
    if len({node for edge in edges for node in (edge.waiter, edge.target)}) > NODES_MAX:
        return None
    layout = layered_layout((edge.waiter, edge.target) for edge in edges)
    return _drawn(layout, edges, found, looked, labelled=False)


def hidden_note(one: Deadlock, looked: Waiting) -> str:
    """Return how many wait for something else than this ring; '' for nobody."""
    shown = {hop.waiter for hop in one.hops} | set(one.ring.victims)
    hidden = {edge.waiter for edge in looked.waits.edges} - shown
    return f"{counted(len(hidden), 'other waiter')} outside of this ring." if hidden else ""


def _tails(
    members: Sequence[str], victims: Iterable[str], edges: Sequence[WaitEdge]
) -> tuple[dict[str, str], list[WaitEdge]]:
    """Return whom each victim waits for on a shortest way to the ring, and those waits."""
    left = set(victims) - set(members)
    tails: dict[str, str] = {}
    queue: list[WaitEdge] = []
    reached = set(members)
    while fresh := [edge for edge in edges if edge.waiter in left and edge.target in reached]:
        for edge in fresh:
            if edge.waiter not in tails:
                tails[edge.waiter] = edge.target
                queue.append(edge)
        reached |= tails.keys()
        left -= tails.keys()
    return tails, queue


def _drawn(
    layout: Layout,
    edges: Sequence[WaitEdge],
    found: Sequence[Deadlock],
    looked: Waiting,
    *,
    labelled: bool = True,
) -> Picture:
    """Draw `edges`; those of a ring are `labelled` themselves, or else in their waiter's box."""
    of_waiter: defaultdict[str, list[WaitEdge]] = defaultdict(list)
    for edge in edges:
        of_waiter[edge.waiter].append(edge)
    members = {hop.waiter for one in found for hop in one.hops}
    boxes = [
        _box(node, place, of_waiter[node], looked, in_ring=node in members, labelled=labelled)
        for node, place in layout.places.items()
    ]
    arrows = [_arrow(edge, layout, found, looked, labelled=labelled) for edge in edges]
    caption = " ".join(looked.sentence(edge) for edge in edges)
    return Picture(caption, layout.columns, layout.height_px, boxes, arrows)


def _box(
    node: str, place: Place, waits: Sequence[WaitEdge], looked: Waiting, *, in_ring: bool, labelled: bool
) -> Box:
    first = min(waits, key=lambda edge: edge.since, default=None)
    says_it = first is not None and not (in_ring and labelled)
    trace_id = first.trace_id if first else ""
    return Box(
        column=place.column,
        y_px=place.y_px,
        label=looked.name(node),
        tone="ring" if in_ring else "behind" if waits else "free",
        note=" · ".join(filter(None, (looked.kind(node), _said(waits) if says_it else ""))),
        since_ms=_since_ms(first) if first and says_it else None,
        pick=trace_id,
        href=trace_address(trace_id) if trace_id else "",
    )


def _said(waits: Sequence[WaitEdge]) -> str:
    spans = len({edge.span_id for edge in waits})
    return counted(spans, "wait") if spans > 1 else waits[0].resource or ""


def _arrow(
    edge: WaitEdge, layout: Layout, found: Sequence[Deadlock], looked: Waiting, *, labelled: bool
) -> Arrow:
    is_hop = any(edge is hop for one in found for hop in one.hops)
    what = "held" if looked.is_lock(edge.waiter) else edge.resource or ""
    order = list(layout.places)
    return Arrow(
        source=order.index(edge.waiter),
        target=order.index(edge.target),
        tone="ring" if is_hop else "queue",
        label=what if is_hop and labelled else None,
        since_ms=_since_ms(edge),
        pick=f"{edge.trace_id}/{edge.span_id}",
        href=trace_address(edge.trace_id, edge.span_id),
        hint=looked.sentence(edge),
        bowed=is_hop if labelled else leads_round(layout, edge.waiter, edge.target),
        cut=any(edge is one.cut for one in found),
        inferred=edge.inferred,
    )


def _since_ms(edge: WaitEdge) -> float:
    return moment(edge.since).timestamp() * 1000
