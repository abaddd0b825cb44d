"""Who called what failed, where that is another trace: by the links of roots."""

from collections.abc import Iterable, Mapping

from analytics.chains.following import FailedTrace
from collector.store.statement import statement
from collector.store.store import Store

# A trace and a span of it, in hexadecimal digits.
Caller = tuple[str, str]


def callers(store: Store, traces: Iterable[FailedTrace]) -> Mapping[tuple[str, str], Caller]:
    """Return by project and trace the span of another trace that the failed root links to."""
    places = [trace.trace_id + trace.project for trace in traces if trace.root_failed]
    if not places:
        return {}
    rows = store.query(statement(__package__, "callers_of_roots.sql"), {"places": places})
    return {(row["project"], row["trace"]): (row["caller_trace_id"], row["caller_span_id"]) for row in rows}
