"""Step: what is read of a span to infer what goes on around it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One row of `steps.sql`; unknown strings are '', times Unix nanoseconds by the client's clock."""

    project: str
    trace_id: str
    span_id: str
    parent_span_id: str
    name: str
    kind: str
    agent: str
    agent_version: str
    service: str
    service_instance: str
    operation: str
    tool: str
    tool_call_id: str
    model: str
    start_ns: int
    end_ns: int
    finish_reasons: Sequence[str]
    handoff_to: str
    wait_reason: str
