"""Dialect: how a step of a script is worded as a span; each service speaks one."""

from dataclasses import dataclass, field
from typing import Protocol

from opentelemetry.trace import SpanKind
from opentelemetry.util.types import AttributeValue

from doldrums.demo.script import HandOff, Part, Run, Think, Use

Attributes = dict[str, AttributeValue]


@dataclass(frozen=True, slots=True)
class Wording:
    """A span to be: its name and kind, what it says when it starts, and what when it succeeds."""

    name: str
    start: Attributes
    end: Attributes = field(default_factory=dict)
    kind: SpanKind = SpanKind.INTERNAL


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a step takes place.

    Parameters
    ----------
    call_id
        The model's id of the tool call that the step is, or that the thought decides on.
    calls
        Name of the tool that the thought decides on; None when it ends in words.
    """

    run: Run
    part: Part
    call_id: str
    calls: str | None = None


class Dialect(Protocol):
    """Words each kind of step."""

    scope: str
    error_type_key: str | None

    def workflow(self, run: Run) -> Wording: ...

    def agent(self, run: Run, part: Part) -> Wording: ...

    def think(self, move: Think, scene: Scene) -> Wording: ...

    def use(self, move: Use, scene: Scene) -> Wording: ...

    def hand_off(self, move: HandOff, scene: Scene) -> Wording: ...
