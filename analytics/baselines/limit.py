"""Limit: how long a span may stay open, and how that is known."""

from dataclasses import dataclass
from typing import Literal

from analytics.baselines.survival import Survival
from analytics.baselines.work import Work

KeyLevel = Literal["agent", "tool", "kind", "default"]

# Seconds, for work of which too few have ended. llm, tool and agent: `reference/detectors.md`
# 3.1. What asks a model is an llm, what asks a service a tool, what contains others an agent;
# a workflow contains agents.
DEFAULT_LIMITS_S = {
    "llm": 120.0,
    "guardrail": 120.0,
    "evaluator": 120.0,
    "tool": 60.0,
    "retriever": 60.0,
    "embedding": 60.0,
    "memory": 60.0,
    "message_send": 60.0,
    "agent": 900.0,
    "handoff": 900.0,
    "wait": 900.0,
    "task": 900.0,
    "step": 900.0,
    "chain": 900.0,
    "message_process": 900.0,
    "other": 900.0,
    "workflow": 1800.0,
}


def default_limit_s(kind: str) -> float:
    """Return the limit of a kind of which nothing is known yet."""
    return DEFAULT_LIMITS_S.get(kind, DEFAULT_LIMITS_S["other"])


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a span may stay open before it counts as stuck.

    Parameters
    ----------
    limit_s
        Age past which a span that shows no progress is stuck.
    usual_s, p95_s, q99_s
        Median, 95 % and conformal 99 % duration of what ended; None while unlearned.
    samples, censored
        Spans behind them that ended, and that were cut off or are still open.
    loss_rate
        Share that never ends; None when that cannot be told yet.
    key_level
        ``agent``: the same agent, operation, tool and model. ``tool``: the same operation and
        tool of any agent. ``kind``: everything of the kind. ``default``: nothing was learned.
    older_version
        The agent's own version has too few spans, so older versions count too.
    longest_s
        Longest of this agent's own version that ended; it raised the limit where it is borrowed.
    curve
        What the figures were read from.
    """

    limit_s: float
    usual_s: float | None
    p95_s: float | None
    q99_s: float | None
    samples: int
    censored: int
    loss_rate: float | None
    key_level: KeyLevel
    older_version: bool
    longest_s: float | None
    curve: Survival | None

    @property
    def learned(self) -> bool:
        """Whether the limit comes from spans that were seen, not from a default."""
        return self.key_level != "default"

    def is_of_others(self, work: Work) -> bool:
        """Whether it comes from other agents and models, that share no tool with the work."""
        return self.key_level in ("tool", "kind") and not work.tool
