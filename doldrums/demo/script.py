"""Script: what the agents of one run do, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent and the model it thinks with."""

    name: str
    provider: str
    model: str
    duty: str


@dataclass(frozen=True, slots=True)
class Fault:
    """How a step fails; a fatal one ends its part, any other is dealt with by what follows."""

    type: str
    message: str
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Think:
    """A call of the model."""

    ask: str
    answer: str
    seconds: float
    input_tokens: int
    output_tokens: int
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """A call of a tool."""

    tool: str
    arguments: Mapping[str, str | int]
    result: str
    seconds: float
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Await:
    """Wait until another agent publishes `artifact`; after `limit_s` cancel what everyone does."""

    artifact: str
    owner: str
    limit_s: float = inf


@dataclass(frozen=True, slots=True)
class Publish:
    """Give `artifact` to whoever waits for it."""

    artifact: str


@dataclass(frozen=True, slots=True)
class HandOff:
    """Hand over to an agent, whose part begins with that."""

    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rest:
    """Do nothing that leaves a trace, such as waiting before a retry."""

    seconds: float


Move = Think | Use | Await | Publish | HandOff | Rest


@dataclass(frozen=True, slots=True)
class Part:
    """What one agent does in a run.

    Parameters
    ----------
    on_call
        Whether the part begins when the agent is handed over to; else with the run.
    rescue
        What the agent does instead of the rest when its wait was cancelled or timed out.
    """

    agent: Agent
    task: str
    moves: tuple[Move, ...]
    on_call: bool = False
    rescue: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One trace: a workflow, the conversation it belongs to, and its parts, played at once."""

    workflow: str
    session: str
    parts: tuple[Part, ...]


def turn_of(agent_name: str) -> str:
    """Return the artifact that a hand-off publishes and a part on call waits for."""
    return f"turn of {agent_name}"
