"""How errors flow, as a picture: from where they began, from agent to agent, to what failed of them.

A Sankey diagram whose nodes are boxes with names in them: the width of a way is its traces, red those that
failed of it. What leads back or past a column is an arrow, for a ribbon would cover boxes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from analytics.api.models import ErrorChain, ErrorChainDetail, ErrorFlow
from dashboard.presentation.address import chain_address, trace_address
from dashboard.presentation.layered_layout import layered_layout
from dashboard.presentation.layout import Layout, leads_round, turned
from dashboard.presentation.picture import Arrow, Box, Picture
from dashboard.presentation.ribbon import Ribbon, ribbons
from dashboard.wording.amount import count, counted, shortened

NODES_MAX = 40
"""A picture of more is a tangle: a table says it better."""
GAP_PX_MIN = 72
"""Between columns: room for `12 of 14` and some of the line."""
NARROW_COLUMNS_MAX = 3

Pick = tuple[str, str]
"""What a click gives, and where its link leads."""
NOWHERE: Pick = ("", "")
Pair = tuple[str, str]


def flows_picture(flows: Sequence[ErrorFlow], chains: Sequence[ErrorChain]) -> Picture | None:
    """Return all flows, or those that failed traces where all are too many; None where these are, too.

    Parameters
    ----------
    chains
        A click on a box or an arrow leads to the first of these that went that way. Where one of them failed
        more traces than it spared, the way is red.
    """
    for shown in (list(flows), [flow for flow in flows if flow.failures]):
        if 0 < len(_nodes(shown)) <= NODES_MAX:
            return _Drawing(shown, chains, *_to_chains(chains)).picture()
    return None


def chain_picture(detail: ErrorChainDetail) -> Picture | None:
    """Return the way of one chain; a click leads to the span at which it got there in the newest trace."""
    if not 0 < len(_nodes(detail.flows)) <= NODES_MAX:
        return None
    entered = _entered(detail)
    arrows = {_pair(flow): entered.get(flow.target, NOWHERE) for flow in detail.flows}
    return _Drawing(detail.flows, [detail.chain], entered, arrows).picture()


def _pair(flow: ErrorFlow) -> Pair:
    return flow.source, flow.target


def _nodes(flows: Iterable[ErrorFlow]) -> set[str]:
    return {node for flow in flows for node in _pair(flow)}


def _to_chains(chains: Sequence[ErrorChain]) -> tuple[dict[str, Pick], dict[Pair, Pick]]:
    boxes: dict[str, Pick] = {}
    arrows: dict[Pair, Pick] = {}
    for one in chains:
        pick = (one.fingerprint, chain_address(one.fingerprint))
        for name in one.path:
            boxes.setdefault(name, pick)
        for pair in pairwise(one.path):
            arrows.setdefault(pair, pick)
    return boxes, arrows


def _entered(detail: ErrorChainDetail) -> dict[str, Pick]:
    """Return of each name on the way the first of its spans."""
    if not detail.traces:
        return {}
    trace_id = detail.traces[0].trace_id
    found: dict[str, Pick] = {}
    for hop in detail.hops:
        pick = (f"{trace_id}/{hop.span_id}", trace_address(trace_id, hop.span_id))
        found.setdefault(hop.agent or hop.call, pick)
    return found


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Flows, and where clicks on their boxes and arrows lead."""

    flows: Sequence[ErrorFlow]
    chains: Sequence[ErrorChain]
    boxes: Mapping[str, Pick]
    arrows: Mapping[Pair, Pick]

    def picture(self) -> Picture:
        """Return the flows from left to right, and for narrow places from above."""
        red = {
            pair for one in self.chains if one.failures and not one.expected for pair in pairwise(one.path)
        }
        flows = sorted(self.flows, key=lambda flow: _pair(flow) not in red)
        layout = layered_layout(map(_pair, flows))
        wide = self._placed(flows, red, layout, layout)
        turned_layout = turned(layout, NARROW_COLUMNS_MAX)
        narrow = self._placed(flows, red, turned_layout, layout, is_down=True) if turned_layout else None
        return replace(wide, gap_px_min=GAP_PX_MIN, narrow=narrow)

    def _placed(
        self,
        flows: Sequence[ErrorFlow],
        red: set[Pair],
        where: Layout,
        flat: Layout,
        *,
        is_down: bool = False,
    ) -> Picture:
        notes = self._notes()
        failed = {node for pair in red for node in pair}
        ends = {flow.target for flow in flows} - {flow.source for flow in flows}
        boxes = [
            Box(
                column=place.column,
                y_px=place.y_px,
                label=node,
                tone="failed" if node in failed else "free" if node in ends else "behind",
                note=notes.get(node, ""),
                pick=self.boxes.get(node, NOWHERE)[0],
                href=self.boxes.get(node, NOWHERE)[1],
            )
            for node, place in where.places.items()
        ]
        straight = [flow for flow in flows if not leads_round(flat, *_pair(flow))]
        places = where.places
        drawn = ribbons(straight, lambda node: places[node].column if is_down else places[node].y_px)
        order = list(places)
        arrows = [
            self._arrow(flow, order, drawn.get(_pair(flow)), is_red=_pair(flow) in red) for flow in flows
        ]
        caption = " ".join(map(_sentence, flows))
        return Picture(caption, where.columns, where.height_px, boxes, arrows, is_down=is_down)

    def _notes(self) -> dict[str, str]:
        """Return what stands in boxes: which error began there, or what became of those that ended there."""
        notes: dict[str, str] = {}
        sources = {flow.source for flow in self.flows}
        for end in {flow.target for flow in self.flows} - sources:
            failures = sum(flow.failures for flow in self.flows if flow.target == end)
            notes[end] = f"{count(failures)} failed" if failures else "contained"
        for one in reversed(self.chains):
            if one.path:
                notes[one.path[0]] = f"{shortened(one.error_type) or 'error'} in {shortened(one.call)}"
        return notes

    def _arrow(self, flow: ErrorFlow, order: list[str], ribbon: Ribbon | None, *, is_red: bool) -> Arrow:
        is_mixed = 0 < flow.failures < flow.traces
        pick, href = self.arrows.get(_pair(flow), NOWHERE)
        return Arrow(
            source=order.index(flow.source),
            target=order.index(flow.target),
            tone="failed" if is_red else "contained",
            label=f"{count(flow.failures)} of {count(flow.traces)}" if is_mixed else count(flow.traces),
            since_ms=None,
            pick=pick,
            href=href,
            hint=_sentence(flow),
            bowed=ribbon is None,
            ribbon=ribbon,
        )


def _sentence(flow: ErrorFlow) -> str:
    source, target = shortened(flow.source), shortened(flow.target)
    failed = f"{count(flow.failures)} failed of it" if flow.failures else "none failed of it"
    return f"From {source} to {target} in {counted(flow.traces, 'trace')}, {failed}."
