"""A graph of waits or of errors in columns: what leads on stands left of where it leads. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from dashboard.presentation.layout import MARGIN_PX, ROW_PX, Layout, Place, leads_round, settled

BOWS_PX = 72.0
"""Room above and below for what leads back, or past a column."""


def layered_layout(edges: Iterable[tuple[str, str]]) -> Layout:
    """Return waiters left of what they wait for; what is not connected stands below each other.

    Examples
    --------
    >>> layout = layered_layout([("a", "b"), ("b", "c")])
    >>> [layout.places[node].column for node in "abc"]
    [0.0, 1.0, 2.0]
    """
    pairs = list(dict.fromkeys(edges))
    depths = _depths(pairs)
    placed: dict[str, Place] = {}
    top_px = 0.0
    for group in _groups(pairs):
        columns: defaultdict[int, list[str]] = defaultdict(list)
        deepest = max(depths[node] for node in group)
        for node in group:
            columns[deepest - depths[node]].append(node)
        rows = max(map(len, columns.values()))
        for column, nodes in columns.items():
            first_px = top_px + (rows - len(nodes)) * ROW_PX / 2
            places = (Place(float(column), first_px + row * ROW_PX) for row in range(len(nodes)))
            placed |= dict(zip(nodes, places, strict=True))
        top_px += rows * ROW_PX
    layout = settled(placed)
    is_bowed = any(leads_round(layout, source, target) for source, target in pairs)
    return settled(placed, margin_px=BOWS_PX if is_bowed else MARGIN_PX)


def _depths(pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return the longest way from each node to one that waits for nobody; what leads back does not count."""
    targets: defaultdict[str, list[str]] = defaultdict(list)
    for waiter, target in pairs:
        targets[waiter].append(target)
    depths: dict[str, int] = {}
    for node in _nodes(pairs):
        _measure(node, targets, depths)
    return depths


def _measure(start: str, targets: Mapping[str, Sequence[str]], depths: dict[str, int]) -> None:
    """Measure all that `start` leads to, deepest first; a list in place of recursion bears long chains."""
    begun: set[str] = set()
    to_do = [start]
    while to_do:
        node = to_do[-1]
        further = targets.get(node, ())
        if node not in begun:
            begun.add(node)
            to_do += [other for other in further if other not in depths and other not in begun]
            continue
        to_do.pop()
        depths.setdefault(node, 1 + max((depths.get(other, -1) for other in further), default=-1))


def _groups(pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return the nodes that are connected with each other, neighbours near each other."""
    near: defaultdict[str, list[str]] = defaultdict(list)
    for waiter, target in pairs:
        near[waiter].append(target)
        near[target].append(waiter)
    seen: set[str] = set()
    groups = []
    for first in _nodes(pairs):
        if first in seen:
            continue
        seen.add(first)
        group = [first]
        for node in group:
            fresh = [other for other in dict.fromkeys(near[node]) if other not in seen]
            seen.update(fresh)
            group += fresh
        groups.append(group)
    return groups


def _nodes(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(node for pair in pairs for node in pair))
