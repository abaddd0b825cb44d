"""Source: who sends spans, and whether it has fallen silent. Pure."""

from collections.abc import Set as AbstractSet
from typing import NamedTuple

# A source is silent below this share of its usual events (`reference/detectors.md` 3.0).
SILENT_RATIO = 0.2


class Source(NamedTuple):
    """A process, a service (`service_instance` '') or a whole project (both '')."""

    project: str
    service: str = ""
    service_instance: str = ""


def is_silent(events: float, events_usual: float) -> bool:
    """Say whether so many events are far fewer than usual.

    Examples
    --------
    >>> is_silent(1, 10), is_silent(2, 10), is_silent(0, 0)
    (True, False, False)
    """
    return events < SILENT_RATIO * events_usual


def is_of_any(source: Source, silent: AbstractSet[Source]) -> bool:
    """Say whether the source, its service or its project is among the silent ones.

    Examples
    --------
    >>> is_of_any(Source("shop", "agents", "agents-1"), {Source("shop", "agents")})
    True
    """
    project, service, _ = source
    return not silent.isdisjoint((source, Source(project, service), Source(project)))
