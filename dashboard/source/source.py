"""Source: the API's calls as methods that return the API's own models."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from pydantic import TypeAdapter

from analytics.api.drift_models import Acceptance, AcceptanceWanted, Series, SeriesPage
from analytics.api.models import (
    Checklist,
    ContractBoundaries,
    ContractDetail,
    ErrorChainDetail,
    ErrorChains,
    Finding,
    OpenSpan,
    Page,
    RootComparisons,
    SpanDetail,
    Stats,
    Suspects,
    Trace,
    TraceSummary,
    Waits,
)
from dashboard.source.library import Library, Loaded

STATS = TypeAdapter(Stats)
TRACE = TypeAdapter(Trace)
SPAN = TypeAdapter(SpanDetail)
SUSPECTS = TypeAdapter(Suspects)
TRACES: TypeAdapter[Page[TraceSummary]] = TypeAdapter(Page[TraceSummary])
OPEN_SPANS: TypeAdapter[Page[OpenSpan]] = TypeAdapter(Page[OpenSpan])
FINDING = TypeAdapter(Finding)
FINDINGS: TypeAdapter[Page[Finding]] = TypeAdapter(Page[Finding])
WAITS = TypeAdapter(Waits)
CHECKLIST = TypeAdapter(Checklist)
CHAINS = TypeAdapter(ErrorChains)
CHAIN = TypeAdapter(ErrorChainDetail)
ROOT_CAUSES = TypeAdapter(RootComparisons)
CONTRACTS = TypeAdapter(ContractBoundaries)
CONTRACT = TypeAdapter(ContractDetail)
SERIES_PAGE = TypeAdapter(SeriesPage)
SERIES = TypeAdapter(Series)
ACCEPTANCE = TypeAdapter(Acceptance)

T = TypeVar("T")


def live_s(_: object) -> float:
    """Return how long sessions share what is live; pages ask every 3 s."""
    return 2.0


def trace_s(trace: Trace) -> float:
    """Return how long a trace is kept: it changes only while spans are open, and a big one is dear."""
    return max(4.0, len(trace.spans) / 500) if trace.summary.open else 60.0


def span_s(span: SpanDetail) -> float:
    return 4.0 if span.state == "open" else 60.0


def chain_s(_: object) -> float:
    """Return how long one error chain is kept: how far it reached takes the API a second."""
    return 10.0


def hourly_s(_: object) -> float:
    """Return how long that is kept which changes by the hour."""
    return 20.0


def dear_s(_: object) -> float:
    """Return how long that is kept which takes the API seconds."""
    return 60.0


@dataclass(frozen=True, slots=True)
class TraceFilter:
    """What a list of traces is narrowed by; an empty string narrows nothing.

    Parameters
    ----------
    range_s
        Length in seconds of the time range that ends now.
    query
        Text looked for in names, ids and error messages.
    """

    range_s: int
    environment: str = ""
    query: str = ""
    agent: str = ""
    status: str = ""


class Source:
    """The API's answers. Every method raises SourceError when there is nothing at all to show."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def now(self) -> datetime:
        """Return the time by the API's clock."""
        return self._library.now()

    def age_s(self, loaded: Loaded[Any]) -> float:
        """Return the seconds since `loaded` was loaded."""
        return self._library.age_s(loaded)

    def stats(self) -> Loaded[Stats]:
        """Return the service at a glance."""
        return self._library.read(STATS, "stats", dict, name="stats", age_s_max=live_s)

    def traces(self, chosen: TraceFilter, *, cursor: str = "", limit: int) -> Loaded[Page[TraceSummary]]:
        """Return a page of traces, newest first."""

        def parameters() -> dict[str, str]:
            start = self.now() - timedelta(seconds=chosen.range_s)
            return _given(
                {
                    "from": start.isoformat().replace("+00:00", "Z"),
                    "environment": chosen.environment,
                    "q": chosen.query,
                    "agent": chosen.agent,
                    "status": chosen.status,
                    "cursor": cursor,
                    "limit": str(limit),
                }
            )

        name = f"traces {chosen} {cursor!r} {limit}"
        return self._library.read(TRACES, "traces", parameters, name=name, age_s_max=live_s)

    def trace(self, trace_id: str) -> Loaded[Trace]:
        """Return a trace in pre-order."""
        return self._library.read(
            TRACE, f"traces/{trace_id}", dict, name=f"trace {trace_id}", age_s_max=trace_s
        )

    def span(self, trace_id: str, span_id: str) -> Loaded[SpanDetail]:
        """Return everything of one span."""
        path = f"traces/{trace_id}/spans/{span_id}"
        return self._library.read(SPAN, path, dict, name=path, age_s_max=span_s)

    def suspects(self, trace_id: str) -> Loaded[Suspects]:
        """Return where a trace may have gone wrong."""
        path = f"traces/{trace_id}/suspects"
        return self._library.read(SUSPECTS, path, dict, name=path, age_s_max=dear_s)

    def open_spans(self, environment: str, *, limit: int) -> Loaded[Page[OpenSpan]]:
        """Return spans that have not ended, oldest first."""
        query = _given({"environment": environment, "limit": str(limit)})
        return self._library.read(
            OPEN_SPANS, "open-spans", lambda: query, name=f"open {query}", age_s_max=live_s
        )

    def waits(self) -> Loaded[Waits]:
        """Return the wait-for graph as the last look saw it."""
        return self._library.read(WAITS, "waits", dict, name="waits", age_s_max=live_s)

    def chains(self, range_s: int, environment: str) -> Loaded[ErrorChains]:
        """Return the error chains of the last `range_s` seconds, those that failed most traces first."""
        return self._of_range(CHAINS, "chains", range_s, environment, live_s)

    def chain(self, fingerprint: str, range_s: int, environment: str) -> Loaded[ErrorChainDetail]:
        """Return one error chain of the last `range_s` seconds with its newest traces."""
        return self._of_range(CHAIN, f"chains/{fingerprint}", range_s, environment, chain_s)

    def root_causes(self, range_s: int, environment: str) -> Loaded[RootComparisons]:
        """Return what sets the failing traces of the last `range_s` seconds apart from passing ones."""
        return self._of_range(ROOT_CAUSES, "root-causes", range_s, environment, dear_s)

    def contracts(self, range_s: int, environment: str) -> Loaded[ContractBoundaries]:
        """Return the boundaries of which calls were seen in the last `range_s` seconds, broken ones first."""
        return self._of_range(CONTRACTS, "contracts", range_s, environment, live_s)

    def contract(self, boundary: str, range_s: int, environment: str) -> Loaded[ContractDetail]:
        """Return one boundary, its contracts, and how they were broken in the last `range_s` seconds."""
        return self._of_range(CONTRACT, f"contracts/{boundary}", range_s, environment, live_s)

    def series(
        self, environment: str, *, query: str = "", state: str = "", cursor: str = "", limit: int
    ) -> Loaded[SeriesPage]:
        """Return a page of series, those that drift first."""
        asked = _given(
            {"environment": environment, "q": query, "state": state, "cursor": cursor, "limit": str(limit)}
        )
        return self._library.read(
            SERIES_PAGE, "series", lambda: asked, name=f"series {asked}", age_s_max=hourly_s
        )

    def drifting(self) -> Loaded[SeriesPage]:
        """Return how many series drift, in every environment; every page asks."""
        asked = {"state": "drifting", "limit": "1"}
        return self._library.read(
            SERIES_PAGE, "series", lambda: asked, name="series that drift", age_s_max=dear_s
        )

    def one_series(self, series: str, days: int) -> Loaded[Series]:
        """Return one series by the hour, of so many last days."""
        return self._of_range(SERIES, f"series/{series}", days * 86_400, "", hourly_s)

    def accept(self, series: str, wanted: AcceptanceWanted, key: str) -> Acceptance:
        """Take what a series does for its new normal, as whoever has this key, or with none."""
        body = wanted.model_dump_json(exclude_none=True)
        return self._library.write(ACCEPTANCE, f"series/{series}/acceptances", body, key, changes="series")

    def _of_range(
        self,
        kind: TypeAdapter[T],
        path: str,
        range_s: int,
        environment: str,
        age_s_max: Callable[[T], float],
    ) -> Loaded[T]:
        """Return what a path has of the last `range_s` seconds: a moving range has one name."""
        asked = partial(self._lately, range_s, environment)
        name = f"{path} {range_s} {environment!r}"
        return self._library.read(kind, path, asked, name=name, age_s_max=age_s_max)

    def _lately(self, range_s: int, environment: str) -> dict[str, str]:
        start = self.now() - timedelta(seconds=range_s)
        return _given({"from": start.isoformat().replace("+00:00", "Z"), "environment": environment})

    def checklist(self) -> Loaded[Checklist]:
        """Return five answers about each agent of the last seven days."""
        return self._library.read(CHECKLIST, "checklist", dict, name="checklist", age_s_max=dear_s)

    def finding(self, finding_id: str) -> Loaded[Finding]:
        """Return one finding."""
        path = f"findings/{finding_id}"
        return self._library.read(FINDING, path, dict, name=path, age_s_max=live_s)

    def findings(
        self, state: str, *, since_s: int | None = None, trace_id: str = "", detector: str = ""
    ) -> Loaded[Page[Finding]]:
        """Return findings in one state ("" for all), newest first, of the last `since_s` seconds if given."""

        def parameters() -> dict[str, str]:
            start = "" if since_s is None else (self.now() - timedelta(seconds=since_s)).isoformat()
            return _given(
                {
                    "state": state,
                    "from": start.replace("+00:00", "Z"),
                    "trace_id": trace_id,
                    "detector": detector,
                }
            )

        name = f"findings {state} {since_s} {trace_id} {detector}"
        return self._library.read(FINDINGS, "findings", parameters, name=name, age_s_max=live_s)


def _given(parameters: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in parameters.items() if value}
