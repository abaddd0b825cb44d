"""Rankings that read no more than how long spans lasted by themselves: what a product has to beat."""

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa

from analytics.assembly.lineage import parent_rows
from analytics.rootcause.calls import own_seconds
from bench.rootcause.recorded import service_of

Floor = Callable[[pa.Table, pa.Table], list[str]]


def longest_own_time(window: pa.Table, _usual: pa.Table) -> list[str]:
    """Services by the own time of their spans in all."""
    return _descending(_own_s(window))


def own_time_ratio(window: pa.Table, usual: pa.Table) -> list[str]:
    """Services by how many times their own time a span is what it is usually."""
    now, before = _own_s(window, mean=True), _own_s(usual, mean=True)
    return _descending({name: now[name] / before[name] for name in now.keys() & before.keys()})


FLOORS: Mapping[str, Floor] = {"longest own time": longest_own_time, "own time, ratio": own_time_ratio}


def _own_s(spans: pa.Table, *, mean: bool = False) -> dict[str, float]:
    """Return the own time of each service, in all or a span."""
    if not len(spans):
        return {}
    spans = spans.sort_by("StartTimeUnixNano")
    start, end = (spans[f"{name}TimeUnixNano"].to_numpy() for name in ("Start", "End"))
    trace = spans["TraceID"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    span, parent = (
        np.array([int(one, 16) if one != "root" else 0 for one in spans[name].to_pylist()], np.uint64)
        for name in ("SpanID", "ParentID")
    )
    own = own_seconds(parent_rows(trace, span, parent), start, end)
    pods = spans["PodName"].combine_chunks().dictionary_encode()
    total = np.bincount(pods.indices.to_numpy(), weights=own)
    share = total / np.bincount(pods.indices.to_numpy()) if mean else total
    return dict(zip((service_of(pod) for pod in pods.dictionary.to_pylist()), share.tolist(), strict=True))


def _descending(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda name: (-scores[name], name))
