"""The span attributes that doldrums defines. docs/waits.md lists them for readers in any language.

A wait is an ordinary span that says whom it waits for; plain OpenTelemetry is enough to record
one. The rest stands on snapshots alone: the processor sets it, an application does not.
"""

from typing import Final

WAIT_ON: Final = "doldrums.wait.on"
"""Whom or what the span waits for: an agent's name or id, a tool, a lock, a person's role; or several."""

WAIT_KIND: Final = "doldrums.wait.kind"
"""What `WAIT_ON` is: agent, tool, lock, human, timer or external."""

WAIT_RESOURCE: Final = "doldrums.wait.resource"
"""What the other side has to give: an artifact, a lock's name, a queue, an answer."""

WAIT_NEEDED: Final = "doldrums.wait.needed"
"""How many of several targets must act: 1 for a race, k for a quorum. Without it, all."""

WAIT_TIMEOUT_S: Final = "doldrums.wait.timeout_s"
"""Seconds after its start at which the wait gives up. Without it nobody knows that it ever does."""

HOLDS: Final = "doldrums.holds"
"""On a span that holds a lock from its start to its end: the lock's name."""

HOLDS_CAPACITY: Final = "doldrums.holds.capacity"
"""How many may hold that lock at once; 1 without it."""

OPEN: Final = "doldrums.open"
"""True on a snapshot: the span had not ended when this was sent."""

HEARTBEAT: Final = "doldrums.heartbeat"
"""Number of the snapshot of this span, from 0. A gap is a snapshot that was lost."""

PROGRESS: Final = "doldrums.progress"
"""Counts what has happened in the span and below it; see `open_spans.OpenSpans`."""
