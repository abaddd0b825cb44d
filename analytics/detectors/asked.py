"""Asked: what a tool that says its name alone was asked, by the model's answer before it. Pure."""

from collections.abc import Iterable, Iterator
from typing import Protocol


class AskedStep(Protocol):
    """A step of an agent."""

    @property
    def span_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def input_hash(self) -> int: ...
    @property
    def output_hash(self) -> int: ...


def asked(steps: Iterable[AskedStep]) -> Iterator[tuple[str, int]]:
    """Yield tools of which nothing was captured, and the hash of the model's answer that asked for each.

    AutoGen's tools say their name alone; what the model asked them stands in its answer. One answer may
    ask for many things at once: it speaks for the first of them.

    Parameters
    ----------
    steps
        Of one agent, by their start.
    """
    answer = 0
    for step in steps:
        if step.kind == "llm":
            answer = step.output_hash
        elif step.kind == "tool" and answer and not (step.input_hash or step.output_hash):
            yield step.span_id, answer
            answer = 0
