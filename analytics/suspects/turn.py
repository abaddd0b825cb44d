"""Turn: what the search for suspects knows of a span. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

_EXECUTING = frozenset({"tool", "retriever", "embedding"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A span of the trace: somebody says something, or something is run. Unknown strings are ''.

    Parameters
    ----------
    parent_span_id
        The span that it is part of.
    tool
        What is run, where something is.
    failed
        Its status is error, and it was neither cancelled nor did it wait for a person.
    error
        Type and message of its error.
    input, output
        Texts, or how they begin.
    breaks
        Contracts that it broke: whose, `input` or `output`, and how.
    """

    span_id: str
    agent: str
    kind: str = "agent"
    parent_span_id: str = ""
    tool: str = ""
    failed: bool = False
    error: str = ""
    input: str = ""
    output: str = ""
    breaks: Sequence[tuple[str, str, str]] = ()

    @property
    def runs(self) -> bool:
        """Whether it executes what another asked for: what comes out of it is a source, not a claim."""
        return self.kind in _EXECUTING

    @property
    def name(self) -> str:
        """Who it is, as a person would say."""
        return (self.tool or self.agent if self.runs else self.agent) or self.tool or self.kind
