"""Flow: what one span gave stands in what another took in. Pure."""

from dataclasses import dataclass
from typing import Literal

from analytics.flow.said import Said

Channel = Literal["explicit", "value", "prose"]

# Outputs in which a value or a run of words may stand and still show where it came from.
GIVERS_MAX = 3


@dataclass(frozen=True, slots=True)
class Flow:
    """What one span gave stands in what another took in, or in what a span above it gave.

    Parameters
    ----------
    channel
        ``explicit``: the id of a call; ``value``: values that hardly stand there by chance; ``prose``: runs
        of words.
    share
        Of what was given, by what is compared: values or runs.
    shared
        Values that stand in both; none for prose.
    """

    source: str
    target: str
    channel: Channel
    share: float
    shared: tuple[str, ...]


def may_take(giver: Said, taker: Said) -> bool:
    """Say whether one may have taken in what the other gave: it began after that was there."""
    return bool(giver.end_ns) and giver.end_ns <= taker.start_ns and taker.span_id not in giver.above
