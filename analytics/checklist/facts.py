"""What was seen of an agent, and the answer to a question about it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.api.models import Severity

Verdict = Literal["pass", "fail", "unknown"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What was seen of an agent. Counts are of one trace in `read_one_in`.

    Parameters
    ----------
    waits
        Calls that it waited for: tools, models, other agents.
    effects, retries
        Calls that changed something outside, by the tool's name; calls that were made again.
    validated
        Traces with a guardrail or an evaluator.
    memory_calls
        Calls to a memory.
    partial, partial_undone
        Traces that failed after it had changed something; those in which something was taken back.
    partial_traces
        Some in which nothing was.
    """

    agent: str
    traces: int
    waits: int
    effects: int
    retries: int
    validated: int
    memory_calls: int
    partial: int
    partial_undone: int
    partial_traces: Sequence[str]
    read_one_in: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    Parameters
    ----------
    n
        Observations that it rests on.
    severity
        Of what speaks against it; None where nothing does.
    traces
        The worst, three at most.
    findings
        Ids of what was found.
    todo
        What to do; '' where there is nothing.
    """

    question: str
    verdict: Verdict
    sentence: str
    n: int
    severity: Severity | None = None
    traces: Sequence[str] = ()
    findings: Sequence[str] = ()
    todo: str = ""
