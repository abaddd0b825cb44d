"""How errors flow, as a picture: from where they began, from agent to agent, to what failed of them."""

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt

from analytics.api.models import ErrorChain, ErrorChainDetail, ErrorFlow
from dashboard.presentation.address import chain_address, trace_address
from dashboard.presentation.layered_layout import layered_layout
from dashboard.presentation.layout import Layout
from dashboard.presentation.picture import Arrow, Box, Picture
from dashboard.wording.amount import count, counted, shortened

NODES_MAX = 40
"""A picture of more is a tangle: a table says it better."""
WIDTHS_PX = (1.4, 5.0)

Pick = tuple[str, str]
"""What a click gives, and where its link leads."""
NOWHERE: Pick = ("", "")


def flows_picture(flows: Sequence[ErrorFlow], chains: Sequence[ErrorChain]) -> Picture | None:
    """Return all flows, or those that failed traces where all are too many; None where these are, too.

    Parameters
    ----------
    chains
        A click on a box or an arrow leads to the first of these that went that way.
    """
    for shown in (list(flows), [flow for flow in flows if flow.failures]):
        if 0 < len(_nodes(shown)) <= NODES_MAX:
            return _drawn(shown, _notes(shown, chains), *_to_chains(chains))
    return None


def chain_picture(detail: ErrorChainDetail) -> Picture | None:
    """Return the way of one chain; a click leads to the span at which it got there in the newest trace."""
    if not 0 < len(_nodes(detail.flows)) <= NODES_MAX:
        return None
    entered = _entered(detail)
    arrows = {(flow.source, flow.target): entered.get(flow.target, NOWHERE) for flow in detail.flows}
    return _drawn(detail.flows, _notes(detail.flows, [detail.chain]), entered, arrows)


def _nodes(flows: Iterable[ErrorFlow]) -> set[str]:
    return {node for flow in flows for node in (flow.source, flow.target)}


def _to_chains(chains: Sequence[ErrorChain]) -> tuple[dict[str, Pick], dict[tuple[str, str], Pick]]:
    boxes: dict[str, Pick] = {}
    arrows: dict[tuple[str, str], Pick] = {}
    for one in chains:
        pick = (one.fingerprint, chain_address(one.fingerprint))
        for name in one.path:
            boxes.setdefault(name, pick)
        for pair in zip(one.path, one.path[1:], strict=False):
            arrows.setdefault(pair, pick)
    return boxes, arrows


def _entered(detail: ErrorChainDetail) -> dict[str, Pick]:
    """Return of each name of the path the first span at which it failed."""
    if not detail.traces:
        return {}
    trace_id = detail.traces[0].trace_id
    found: dict[str, Pick] = {}
    for hop in detail.hops:
        pick = (f"{trace_id}/{hop.span_id}", trace_address(trace_id, hop.span_id))
        found.setdefault(hop.agent or hop.call, pick)
    return found


def _notes(flows: Sequence[ErrorFlow], chains: Sequence[ErrorChain]) -> dict[str, str]:
    """Return what stands in boxes: which error began there, how many traces failed, or who contained it."""
    notes: dict[str, str] = {}
    sources = {flow.source for flow in flows}
    for flow in flows:
        if flow.target not in sources:
            failures = sum(other.failures for other in flows if other.target == flow.target)
            notes[flow.target] = f"{count(failures)} failed" if failures else "contained"
    for one in reversed(chains):
        if one.path:
            notes[one.path[0]] = f"{shortened(one.error_type) or 'error'} in {shortened(one.call)}"
    return notes


def _drawn(
    flows: Sequence[ErrorFlow],
    notes: Mapping[str, str],
    boxes: Mapping[str, Pick],
    arrows: Mapping[tuple[str, str], Pick],
) -> Picture:
    layout = layered_layout((flow.source, flow.target) for flow in flows)
    failed = _nodes(flow for flow in flows if flow.failures)
    targets_only = {flow.target for flow in flows} - {flow.source for flow in flows}
    drawn = []
    for node, place in layout.places.items():
        pick, href = boxes.get(node, NOWHERE)
        box_tone = "failed" if node in failed else "free" if node in targets_only else "behind"
        drawn.append(Box(place.column, place.y_px, node, box_tone, notes.get(node, ""), None, pick, href))
    most = max(flow.traces for flow in flows)
    lines = [_arrow(flow, layout, most, arrows.get((flow.source, flow.target), NOWHERE)) for flow in flows]
    caption = " ".join(_sentence(flow) for flow in flows)
    return Picture(caption, layout.columns, layout.height_px, drawn, lines)


def _arrow(flow: ErrorFlow, layout: Layout, most: int, pick: Pick) -> Arrow:
    order = list(layout.places)
    thinnest_px, thickest_px = WIDTHS_PX
    mixed = 0 < flow.failures < flow.traces
    return Arrow(
        source=order.index(flow.source),
        target=order.index(flow.target),
        tone="failed" if flow.failures else "contained",
        label=f"{count(flow.failures)} of {count(flow.traces)}" if mixed else count(flow.traces),
        since_ms=None,
        pick=pick[0],
        href=pick[1],
        hint=_sentence(flow),
        bowed=layout.places[flow.target].column <= layout.places[flow.source].column,
        width_px=round(thinnest_px + (thickest_px - thinnest_px) * sqrt(flow.traces / max(1, most)), 1),
    )


def _sentence(flow: ErrorFlow) -> str:
    source, target = shortened(flow.source), shortened(flow.target)
    failed = f"{count(flow.failures)} failed of it" if flow.failures else "none failed of it"
    return f"From {source} to {target} in {counted(flow.traces, 'trace')}, {failed}."
