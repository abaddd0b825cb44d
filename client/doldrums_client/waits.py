"""waits: a wait, and a lock that is held, as spans by the convention of docs/waits.md."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeAlias

from opentelemetry import trace
from opentelemetry.trace import Span, Tracer

from doldrums_client import attributes

Deadline: TypeAlias = float | timedelta | datetime
"""Seconds from now, a span of time from now, or a point in time (aware)."""

TRACER_NAME = "doldrums_client"


@contextmanager
def waiting_for(
    target: str | Sequence[str],
    *,
    kind: str = "agent",
    resource: str | None = None,
    deadline: Deadline | None = None,
    needed: int | None = None,
    tracer: Tracer | None = None,
) -> Iterator[Span]:
    """Record that what happens in this block is waiting.

    The span begins with the block and ends with it, whatever way it is left; nothing else ends it.
    It waits for nothing itself, and gives up nothing: the block does.

    Parameters
    ----------
    target
        Whom or what: an agent's name or id, a tool, a person's role; several for a join or a race.
    kind
        What that is: agent, tool, lock, human, timer or external.
    resource
        What the other side has to give: an artifact, an answer, a queue.
    deadline
        When the block gives up, if it does: by it a ring of waits is known to end by itself.
    needed
        How many of several targets must act: 1 for a race, k for a quorum; all of them if it is not said.
    tracer
        Whose span it is; that of the global provider if it is not said.

    Examples
    --------
    >>> import queue
    >>> inbox = queue.SimpleQueue()
    >>> inbox.put("print('hello')")
    >>> with waiting_for("coder", resource="code", deadline=60):
    ...     code = inbox.get(timeout=60)
    """
    targets = [target] if isinstance(target, str) else list(target)
    said = {
        attributes.WAIT_ON: targets[0] if len(targets) == 1 else targets,
        attributes.WAIT_KIND: kind,
        attributes.WAIT_RESOURCE: resource,
        attributes.WAIT_NEEDED: needed,
        attributes.WAIT_TIMEOUT_S: None if deadline is None else seconds_until(deadline),
    }
    tracer = tracer or trace.get_tracer(TRACER_NAME)
    given = {key: value for key, value in said.items() if value is not None}
    with tracer.start_as_current_span(f"wait for {', '.join(targets)}", attributes=given) as span:
        yield span


def seconds_until(deadline: Deadline) -> float:
    """Return how long it is until `deadline`, in seconds; 0 when it has passed."""
    if isinstance(deadline, datetime):
        deadline = deadline - datetime.now(deadline.tzinfo)
    if isinstance(deadline, timedelta):
        deadline = deadline.total_seconds()
    return max(0.0, float(deadline))
