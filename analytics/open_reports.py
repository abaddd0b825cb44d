"""OpenReports: how a span was reported open, and what of it can be believed. Pure."""

from dataclasses import dataclass

# A plain batch exporter sends what began up to 5 s late (OTEL_BSP_SCHEDULE_DELAY). Heartbeats are
# not trusted to come more often either: what they tell of children is as late as the children are.
REPORT_DELAY_S = 5.0
_REPORT_DELAY_NS = int(REPORT_DELAY_S * 1e9)
HEARTBEAT_S_DEFAULT = 10.0
HEARTBEAT_S_MAX = 60.0
# Missed heartbeats, or silence in heartbeats, that count as an answer.
HEARTBEATS_MISSED = 3


# Not frozen, nor what inherits from it: a look makes 200,000, and a frozen one takes four times as long.
@dataclass(slots=True)
class OpenReports:
    """The reports of one open span. Times are Unix nanoseconds.

    Parameters
    ----------
    start_ns
        By the client's clock; every other time is when we received something.
    heartbeats
        Reports of the span so far.
    """

    start_ns: int
    first_seen_ns: int
    last_seen_ns: int
    heartbeats: int

    @property
    def opened_ns(self) -> int:
        """When the span began, as far as the client's clock can be believed.

        It was open when we first saw it, and we saw it one export after it began. A start after
        the one or before the other is the client's clock being wrong, or a report that was held
        up; either way the age counts from what we saw, which errs to the young.
        """
        first_seen_ns, start_ns = self.first_seen_ns, self.start_ns
        # comparisons, not min() and max(): a look asks 600,000 times
        if start_ns >= first_seen_ns:
            return first_seen_ns
        earliest_ns = first_seen_ns - _REPORT_DELAY_NS
        return max(earliest_ns, start_ns)

    @property
    def beats(self) -> bool:
        """Whether the source sends heartbeats of it: it was reported open more than once."""
        return self.heartbeats >= 2

    @property
    def interval_s(self) -> float:
        """Observed interval of the heartbeats; the default where there are none."""
        if not self.beats:
            return HEARTBEAT_S_DEFAULT
        return (self.last_seen_ns - self.first_seen_ns) / 1e9 / (self.heartbeats - 1)

    @property
    def heartbeat_s(self) -> float:
        """The interval within bounds: what is expected of a source."""
        interval_s = self.interval_s
        if interval_s <= REPORT_DELAY_S:
            return REPORT_DELAY_S
        return min(interval_s, HEARTBEAT_S_MAX)
