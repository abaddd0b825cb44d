"""Unfinished: a trace whose spans name parents that have not arrived, and what it seems to wait for. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

# call: a model asked for it and no answer was seen. handoff: the agent that was handed over to has
# done nothing. model: everything that was asked for is there, and the model's next word is not.
# parent: a span's children arrived, the span did not, and nothing says what it does.
Evidence = Literal["call", "handoff", "model", "parent"]


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Something that goes on, by what has ended around it: inferred, nobody reported it.

    Parameters
    ----------
    run_id
        The span that contains it, which has not arrived: 16 hex digits.
    asked_by
        The span after which it began, the last one of the run that says so.
    agent
        Who waits; '' when unknown.
    waits_for
        The tool, agent or model; '' when it was not said.
    target
        `waits_for`, if it is another agent of the trace, by that agent's name; else ''.
    operation, model, agent_version
        As the spans around it have them: with them the wait is compared with what ended.
    for_human
        A person decides when it ends.
    began_ns, since_ns
        Start of the first span of the run, and end of `asked_by`, by the client's clock.
    """

    evidence: Evidence
    run_id: str
    asked_by: str
    agent: str
    waits_for: str
    target: str
    service: str
    service_instance: str
    operation: str
    model: str
    agent_version: str
    for_human: bool
    began_ns: int
    since_ns: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A trace that is quiet and has not ended, as far as was told. Times are Unix nanoseconds.

    Parameters
    ----------
    heard_ns
        When something of it was last assembled, by our clock.
    open_spans
        Spans that were reported open: they are judged one by one.
    roots
        Spans without a parent that arrived.
    work
        What is inferred to go on in it, oldest first; empty where nothing says what it waits for.
    talked_out
        Its model was last heard to ask for nothing: it came to its end, and its root was lost.
    """

    project: str
    trace_id: str
    name: str
    environment: str
    agents: Sequence[str]
    services: Sequence[str]
    start_ns: int
    heard_ns: int
    spans: int
    open_spans: int
    roots: int
    missing_parents: int
    work: Sequence[OpenWork] = field(default=())
    talked_out: bool = False

    @property
    def latest(self) -> OpenWork | None:
        """What began last of what is known to go on: the others wait for it, as far as can be seen."""
        return max(self.work, key=lambda work: (work.evidence != "parent", work.since_ns), default=None)
