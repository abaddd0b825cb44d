"""What a scenario asks of a framework: agents with tools, driven by a script."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from opentelemetry.sdk.trace import TracerProvider


class ToolError(Exception):
    """A tool's way to tell its agent that the call failed; the agent goes on."""


class RunError(Exception):
    """A tool's way to end the run of its agent, in frameworks in which tools can."""


@dataclass(frozen=True)
class Say:
    """The model answers, and the agent is done."""

    text: str


@dataclass(frozen=True)
class Call:
    """The model calls a tool; several times at once if there are several queries."""

    tool: str
    queries: Sequence[str]

    @classmethod
    def once(cls, tool: str, query: str) -> "Call":
        return cls(tool, [query])


@dataclass(frozen=True)
class Stall:
    """The model begins an answer and stops in the midst of it, until `wait` returns."""

    answer: Say
    wait: Callable[[], object]


@dataclass(frozen=True)
class Refuse:
    """The model answers HTTP 400, which no client tries again."""

    why: str


Step = Say | Call | Stall | Refuse


@dataclass(frozen=True)
class Tool:
    """A tool of one text argument, `query`, that answers a text or raises `ToolError` or `RunError`.

    Parameters
    ----------
    asks
        It asks a person, for whom frameworks that can do so interrupt the run.
    """

    name: str
    work: Callable[[str], str]
    asks: bool = False

    @property
    def about(self) -> str:
        return f"Use this to {self.name.replace('_', ' ')}."


@dataclass(frozen=True)
class Agent:
    """An agent whose model says what stands in `script`; the last step repeats."""

    name: str
    script: Sequence[Step]
    tools: Sequence[Tool] = ()

    @property
    def prompt(self) -> str:
        return f"You are the {self.name}. Use your tools, then answer in one sentence."


class Framework(Protocol):
    """A framework with the instrumentation that its users take."""

    def instrument(self, provider: TracerProvider, *, content: bool) -> None:
        """Turn its instrumentation on, with the texts of prompts, calls and answers or without."""
        ...

    def run(self, agent: Agent, task: str, model_url: str) -> str:
        """Let an agent work until it has answered; blocks, and may be called in a tool."""
        ...
