"""Standing: in which state series are, which are asked for, and in which order they are listed. Pure."""

import base64
import binascii
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from analytics.api import drift_models as models
from analytics.state.cursor import CursorError

_ORDER: dict[models.SeriesState, int] = {
    "drifting": 0,
    "watched": 1,
    "pooled": 2,
    "warming up": 3,
    "quiet": 4,
}


@dataclass(frozen=True, slots=True)
class SeriesFilters:
    """What to list; an empty text matches everything."""

    environment: str = ""
    agent: str = ""
    metric: str = ""
    text: str = ""
    state: models.SeriesState | None = None

    @property
    def parameters(self) -> Mapping[str, object]:
        """As the statement takes them."""
        return {name: getattr(self, name) for name in ("environment", "agent", "metric", "text")}


class Standing(NamedTuple):
    """One series and how it stands."""

    number: int
    state: models.SeriesState
    row: Mapping[str, Any]

    @property
    def place(self) -> tuple[int, float, int]:
        """Where it is in a list: those that drift first, then by how near they are to their threshold."""
        return _ORDER[self.state], -_nearness(self.row), self.number


def standing(row: Mapping[str, Any], alarming: Mapping[int, Any]) -> Standing:
    """Return how a series stands.

    Parameters
    ----------
    row
        Of standing.sql.
    alarming
        Series with an open alarm.
    """
    number = int(row["number"])
    if number in alarming:
        return Standing(number, "drifting", row)
    if not row["until_s"]:
        return Standing(number, "pooled" if row["pooled_as"] else "warming up", row)
    return Standing(number, "watched" if row["calls_lately"] or not row["looked_s"] else "quiet", row)


def counted(every: Sequence[Standing]) -> models.SeriesCounts:
    """Return how many are in which state."""
    states = [one.state for one in every]
    return models.SeriesCounts(
        watched=states.count("watched"),
        warming_up=states.count("warming up"),
        pooled=states.count("pooled"),
        drifting=states.count("drifting"),
        quiet=states.count("quiet"),
    )


def page_of(
    every: Sequence[Standing], state: models.SeriesState | None, cursor: str | None, limit: int
) -> tuple[list[Standing], str | None]:
    """Return a page of those in a state, and the cursor of the next one.

    Raises
    ------
    CursorError
        If `cursor` is not one that a page gave.
    """
    after = _decoded(cursor) if cursor else (-1, 0.0, 0)
    ordered = sorted(
        (one for one in every if state in (None, one.state) and one.place > after), key=lambda one: one.place
    )
    some = ordered[:limit]
    return some, _encoded(some[-1].place) if len(ordered) > limit else None


def _nearness(row: Mapping[str, Any]) -> float:
    near = row["evidence"] / row["threshold"] if row["threshold"] else -1.0
    return float(near) if math.isfinite(near) else -1.0


def _encoded(place: tuple[int, float, int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _decoded(cursor: str) -> tuple[int, float, int]:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        match json.loads(text):
            case [int() as order, int() | float() as nearness, int() as number]:
                return order, float(nearness), number
    except (ValueError, OverflowError, RecursionError, binascii.Error) as error:
        raise CursorError(_NOT_OURS) from error
    raise CursorError(_NOT_OURS)


_NOT_OURS = "The cursor is not one that this service gave out."
