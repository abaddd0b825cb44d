"""A ring of waits as a round, with what waits for it on either side. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import cos, pi, sin

from dashboard.presentation.layout import MARGIN_PX, ROW_PX, Layout, Place, settled

ROUND_MAX = 8
"""More members than this would touch on an ellipse: they go down one side and up the other."""
PAIR_MARGIN_PX = 76.0
"""Two stand side by side: their arrows, and what is written on them, need room above and below."""


def ring_layout(ring: Sequence[str], tails: Mapping[str, str]) -> Layout:
    """Return a ring of two or more nodes, clockwise from the top, in three columns, and its tails.

    Parameters
    ----------
    tails
        For each node outside of the ring, the one it waits for: of the ring, or another of these.

    Examples
    --------
    >>> layout = ring_layout(["a", "b", "c", "d"], {"e": "b"})
    >>> [layout.places[node].column for node in "abcde"]
    [1.0, 2.0, 1.0, 0.0, 3.0]
    """
    members = _ellipse(ring) if len(ring) <= ROUND_MAX else _racetrack(ring)
    left, right = _sides(members, tails)
    tailed = _columns(members, tails, left, -1) | _columns(members, tails, right, 1)
    return settled(members | tailed, columns_min=3, margin_px=PAIR_MARGIN_PX if len(ring) == 2 else MARGIN_PX)


def _ellipse(ring: Sequence[str]) -> dict[str, Place]:
    half_px = 64 + 18 * len(ring)
    turn = 2 * pi / len(ring)
    begin = -pi / 2 if len(ring) == 2 else 0.0
    angles = [begin + turn * place for place in range(len(ring))]
    return {
        node: Place(round(1 + sin(angle), 6), -half_px * cos(angle))
        for node, angle in zip(ring, angles, strict=True)
    }


def _racetrack(ring: Sequence[str]) -> dict[str, Place]:
    half = (len(ring) + 1) // 2
    down = {node: Place(2.0, place * ROW_PX) for place, node in enumerate(ring[:half])}
    up = {node: Place(0.0, (half - 1 - place) * ROW_PX) for place, node in enumerate(ring[half:])}
    return down | up


def _sides(members: Mapping[str, Place], tails: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return who waits on the left and on the right; behind the top and the bottom, where more room is."""
    left: list[str] = []
    right: list[str] = []
    undecided: defaultdict[str, list[str]] = defaultdict(list)
    for node in tails:
        end = node
        while end in tails:
            end = tails[end]
        lean = members[end].column - 1
        (undecided[end] if abs(lean) < 0.1 else right if lean > 0 else left).append(node)
    for nodes in undecided.values():
        (right if len(right) <= len(left) else left).extend(nodes)
    return left, right


def _columns(
    members: Mapping[str, Place], tails: Mapping[str, str], nodes: Sequence[str], way: int
) -> dict[str, Place]:
    """Return places outward from the ring, each beside the one it waits for as far as there is room."""
    known = dict(members)
    placed: dict[str, Place] = {}
    across = 1.0 + 2 * way
    column = [node for node in nodes if tails[node] in members]
    while column:
        column.sort(key=lambda node: known[tails[node]].y_px)
        rows = apart([known[tails[node]].y_px for node in column])
        fresh = {node: Place(across, y_px) for node, y_px in zip(column, rows, strict=True)}
        placed |= fresh
        known |= fresh
        column = [node for node in nodes if tails[node] in fresh]
        across += way
    return placed


def apart(wanted_px: Sequence[float]) -> list[float]:
    """Return heights that are a row apart, near those wanted, which ascend.

    Examples
    --------
    >>> apart([0, 0, 200])
    [-31.0, 31.0, 200.0]
    """
    groups: list[list[float]] = []
    for y_px in wanted_px:
        groups.append([y_px])
        while len(groups) > 1 and _rows(groups[-1])[0] - _rows(groups[-2])[-1] < ROW_PX:
            last = groups.pop()
            groups[-1] += last
    return [y_px for group in groups for y_px in _rows(group)]


def _rows(group: Sequence[float]) -> list[float]:
    """Return heights a row apart about the mean of those wanted."""
    first_px = sum(group) / len(group) - (len(group) - 1) * ROW_PX / 2
    return [first_px + place * ROW_PX for place in range(len(group))]
