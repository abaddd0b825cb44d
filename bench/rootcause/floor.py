"""Rankings that read no more than how long spans lasted by themselves: what a product has to beat."""

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analytics.assembly.lineage import parent_rows
from analytics.rootcause.calls import own_seconds
from bench.rootcause.recorded import service_of

Floor = Callable[[pa.Table, pa.Table], list[str]]


def longest_own_time(window: pa.Table, _usual: pa.Table) -> list[str]:
    """Services by the own time of their spans in all."""
    scores: dict[str, float] = {}
    for (service, _), seconds in _own_s(window).items():
        scores[service] = scores.get(service, 0.0) + float(seconds.sum())
    return _descending(scores)


def own_time_ratio(window: pa.Table, usual: pa.Table) -> list[str]:
    """Services by the operation whose mean own time is the largest multiple of what it is usually."""
    now, before = _own_s(window), _own_s(usual)
    scores: dict[str, float] = {}
    for key in now.keys() & before.keys():
        ratio = float(now[key].mean() / before[key].mean())
        scores[key[0]] = max(scores.get(key[0], 0.0), ratio)
    return _descending(scores)


FLOORS: Mapping[str, Floor] = {"longest own time": longest_own_time, "own time, ratio": own_time_ratio}


def _own_s(spans: pa.Table) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Return the own times of the spans of each service and operation."""
    if not len(spans):
        return {}
    spans = spans.sort_by("StartTimeUnixNano")
    start, end = (spans[f"{name}TimeUnixNano"].to_numpy() for name in ("Start", "End"))
    trace = spans["TraceID"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    span, parent = (_numbers(spans[name].to_pylist()) for name in ("SpanID", "ParentID"))
    own = own_seconds(parent_rows(trace, span, parent), start, end)
    rows: dict[tuple[str, str], list[int]] = {}
    pods, operations = (spans[name].to_pylist() for name in ("PodName", "OperationName"))
    for row, (pod, operation) in enumerate(zip(pods, operations, strict=True)):
        rows.setdefault((service_of(pod), operation), []).append(row)
    return {key: own[some] for key, some in rows.items()}


def _numbers(ids: list[str]) -> NDArray[np.uint64]:
    return np.array([0 if one == "root" else int(one, 16) for one in ids], np.uint64)


def _descending(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda name: (-scores[name], name))
