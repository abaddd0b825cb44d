"""Ribbons of a flow picture: as wide as what flows, side by side where several leave or enter a box. Pure."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from analytics.api.models import ErrorFlow

BOX_PX = 28.0
"""For all ribbons at one side of a box, of which the lowest is 34 px high."""
WIDTH_PX_MIN = 2.0

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ribbon:
    """How one flow is drawn.

    Parameters
    ----------
    failed_px
        So much of its width is of traces that failed of it.
    leaves_px, enters_px
        Where its middle is at the source and at the target, from the middle of the box's side.
    """

    width_px: float
    failed_px: float
    leaves_px: float
    enters_px: float


def ribbons(flows: Sequence[ErrorFlow], across: Callable[[str], float]) -> dict[Pair, Ribbon]:
    """Return the ribbons of flows by source and target, the widths in proportion to their traces.

    Parameters
    ----------
    across
        Where a box stands across the way that ribbons lead: they leave and enter in that order.

    Examples
    --------
    >>> flows = [ErrorFlow(source=name, target="c", traces=n, failures=1) for name, n in (("a", 1), ("b", 3))]
    >>> for pair, each in ribbons(flows, {"a": 0, "b": 62, "c": 31}.__getitem__).items():
    ...     print(pair, each.width_px, each.failed_px, each.enters_px)
    ('a', 'c') 7.0 7.0 -10.5
    ('b', 'c') 21.0 7.0 3.5
    """
    scale_px = BOX_PX / max(1, _busiest(flows))
    widths = {_pair(flow): max(WIDTH_PX_MIN, flow.traces * scale_px) for flow in flows}
    leaves = _side_by_side(widths, lambda pair: pair[0], lambda pair: across(pair[1]))
    enters = _side_by_side(widths, lambda pair: pair[1], lambda pair: across(pair[0]))
    return {
        pair: Ribbon(
            width_px=round(widths[pair], 1),
            failed_px=round(widths[pair] * min(1.0, flow.failures / max(1, flow.traces)), 1),
            leaves_px=round(leaves[pair], 1),
            enters_px=round(enters[pair], 1),
        )
        for flow in flows
        for pair in [_pair(flow)]
    }


def _pair(flow: ErrorFlow) -> Pair:
    return flow.source, flow.target


def _busiest(flows: Sequence[ErrorFlow]) -> int:
    """Return the most that goes through one side of a box."""
    through: defaultdict[tuple[str, str], int] = defaultdict(int)
    for flow in flows:
        through["out", flow.source] += flow.traces
        through["in", flow.target] += flow.traces
    return max(through.values(), default=0)


def _side_by_side(
    widths: Mapping[Pair, float], box: Callable[[Pair], str], order: Callable[[Pair], float]
) -> dict[Pair, float]:
    """Return where each stands at its box; too many thin ones lie over each other."""
    at_box: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in sorted(widths, key=order):
        at_box[box(pair)].append(pair)
    placed: dict[Pair, float] = {}
    for pairs in at_box.values():
        total_px = sum(widths[pair] for pair in pairs)
        begin_px, shrunk = -total_px / 2, min(1.0, BOX_PX / total_px)
        for pair in pairs:
            placed[pair] = (begin_px + widths[pair] / 2) * shrunk
            begin_px += widths[pair]
    return placed
