"""Heard: whether somebody of a name was heard of since a time. Pure."""

from collections.abc import Iterable

from analytics.inferred.agents import normal
from analytics.inferred.step import Step


class Heard:
    """The latest steps of each name: a client may choose thousands, and ask for each."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._latest: dict[str, list[Step]] = {}
        for step in steps:
            for name in {normal(step.agent), normal(step.name)}:
                latest = self._latest.setdefault(name, [])
                latest.append(step)
                if len(latest) > 2:  # the last one, and one more for whom asks about others than that
                    latest.remove(min(latest, key=lambda one: one.end_ns))

    def of(self, name: str, *, since_ns: int, but: Step) -> bool:
        """Say whether a step of that agent or name, another than `but`, ended since then."""
        latest = self._latest.get(normal(name), ())
        return any(step.end_ns >= since_ns and step is not but for step in latest)
