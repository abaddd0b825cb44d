"""Own time: what a span took that no child of it accounts for. Pure."""

from collections.abc import Sequence

SLOW_SHARE_MIN = 0.1
"""Slow is a span whose own time is a tenth of the trace: few can be, so that the mark means something."""


def own_times(depths: Sequence[int], starts: Sequence[float], ends: Sequence[float]) -> list[float]:
    """Return each span's own time, in the unit given.

    Parameters
    ----------
    depths, starts, ends
        Spans in pre-order, siblings by start; children may overlap and may outlast their parent.
    """
    own = [end - start for start, end in zip(starts, ends, strict=True)]
    covered_until = list(starts)
    ancestors: list[int] = []
    for index, depth in enumerate(depths):
        del ancestors[depth:]
        if ancestors:
            parent = ancestors[-1]
            start = max(starts[index], covered_until[parent])
            end = min(ends[index], ends[parent])
            own[parent] -= max(end - start, 0.0)
            covered_until[parent] = max(covered_until[parent], end)
        ancestors.append(index)
    return own
