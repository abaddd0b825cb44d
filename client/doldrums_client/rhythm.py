"""Rhythm: which spans are reported when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan

from doldrums_client import attributes

# What a span says about its kind, by the dialects that agents speak. An operation that goes to
# another agent is worth a report at its start, for its end may never come.
_AT_ONCE: Mapping[str, frozenset[str]] = {
    "gen_ai.operation.name": frozenset({"invoke_agent", "invoke_workflow", "handoff"}),
    "openinference.span.kind": frozenset({"AGENT"}),
    "traceloop.span.kind": frozenset({"agent", "workflow", "handoff"}),
}
_AT_ONCE_IF_PRESENT = ("gen_ai.transfer.target.name", "gen_ai.handoff.to_agent")


@dataclass(frozen=True)
class Rhythm:
    """When an open span is first reported, and how often after that.

    A wait, and the hold of a lock, beat fastest: that four agents wait for each other is known
    once every wait of the ring was seen open at one instant.

    Parameters
    ----------
    look_s
        Seconds between two looks at the open spans, so also the delay of a report "at start".
        What ends sooner is never reported open.
    patience_s
        Age in seconds at which a span is first reported that is no agent, hand-off or wait.
    wait_beat_s
        Seconds between the reports of a wait, or of the hold of a lock.
    beat_s
        Seconds between the reports of every other span.
    """

    look_s: float = 0.25
    patience_s: float = 2.0
    wait_beat_s: float = 3.0
    beat_s: float = 10.0

    def first_s(self, span: ReadableSpan) -> float:
        """Return the age in seconds at which `span` is first reported."""
        said = span.attributes or {}
        return 0.0 if _is_wait(said) or _is_at_once(said) else self.patience_s

    def next_s(self, span: ReadableSpan) -> float:
        """Return the seconds from one report of `span` to the next."""
        return self.wait_beat_s if _is_wait(span.attributes or {}) else self.beat_s


def _is_wait(said: Mapping[str, Any]) -> bool:
    return any(key in said for key in (attributes.WAIT_ON, attributes.WAIT_KIND, attributes.HOLDS))


def _is_at_once(said: Mapping[str, Any]) -> bool:
    return any(said.get(key) in values for key, values in _AT_ONCE.items()) or any(
        key in said for key in _AT_ONCE_IF_PRESENT
    )
