"""Metrics: what is measured of what agents put out, and in which words it is told. Pure."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["numeric", "category"]
Unit = Literal["s", "tokens", "USD", "calls", "characters", "share", "score", "sketch", "rank"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Parameters
    ----------
    name
        As in `drift_counts`, and as it is told.
    """

    name: str
    kind: Kind
    unit: Unit


METRICS = {
    metric.name: metric
    for metric in (
        Metric("duration", "numeric", "s"),
        Metric("time to first token", "numeric", "s"),
        Metric("input tokens", "numeric", "tokens"),
        Metric("output tokens", "numeric", "tokens"),
        Metric("reasoning tokens", "numeric", "tokens"),
        Metric("output length", "numeric", "characters"),
        Metric("cost", "numeric", "USD"),
        Metric("retries", "numeric", "calls"),
        Metric("steps", "numeric", "calls"),
        Metric("tool calls", "numeric", "calls"),
        Metric("model calls", "numeric", "calls"),
        Metric("outcome", "category", "share"),
        Metric("finish reason", "category", "share"),
        Metric("tool", "category", "share"),
        Metric("next agent", "category", "share"),
        Metric("language", "category", "share"),
        Metric("refusal", "category", "share"),
        Metric("output shape", "category", "share"),
    )
}

RANK_OF = "rank of "


def metric(name: str) -> Metric:
    """Return a metric by its name.

    What has no entry is named by who sent it: ``field PATH`` of a structured answer that is a category,
    ``number PATH`` of one that is a number, ``evaluation NAME``, ``label NAME``, ``text NAME``. ``rank of
    METRIC`` is of series that are watched together (analytics/series/pools.py).

    Examples
    --------
    >>> metric("number $.amount").kind, metric("field $.state").kind
    ('numeric', 'category')
    """
    if name in METRICS:
        return METRICS[name]
    if name.startswith(RANK_OF):
        return Metric(name, "numeric", "rank")
    word = name.split(" ", 1)[0]
    return Metric(
        name,
        "category" if word in ("field", "label") else "numeric",
        "share" if word in ("field", "label") else "score",
    )
