"""Shifts as the API tells them: of levels, and of the shares that moved most. Pure."""

from collections.abc import Iterator, Sequence

from analytics.api.drift_models import LevelShift, ShareShift
from analytics.drift.effect import LEVELS, Shift


def level_shifts(shift: Shift) -> list[LevelShift]:
    """Return the shifts of a number, by level."""
    return [
        LevelShift(level=level, before=before, after=after, low=low, high=high)
        for level, (before, after, low, high) in zip(LEVELS.tolist(), _rows(shift), strict=True)
    ]


def share_shifts(shift: Shift, names: Sequence[str], shares_max: int) -> list[ShareShift]:
    """Return the shifts of categories, those that moved most."""
    every = [
        ShareShift(category=name, before=before, after=after, low=low, high=high)
        for name, (before, after, low, high) in zip(names, _rows(shift), strict=True)
    ]
    return sorted(every, key=lambda share: -abs(share.after - share.before))[:shares_max]


def _rows(shift: Shift) -> Iterator[tuple[float, float, float, float]]:
    parts = (part.tolist() for part in (shift.before, shift.after, shift.low, shift.high))
    return zip(*parts, strict=True)
