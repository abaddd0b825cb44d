"""Reads traces for people: lists, one trace in reading order, everything of one span."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analytics.api import models
from analytics.rfc3339 import rfc3339, unix_ns
from analytics.state.cursor import Cursor
from analytics.state.instant import microseconds, moment
from analytics.traces.contents import whole_attributes
from analytics.traces.logs import with_logs
from analytics.traces.preorder import preorder
from analytics.traces.windows import windows
from collector.store.rows import Rows
from collector.store.statement import statement
from collector.store.store import Store

# More would not fit a page; the answer says how many there are.
SPANS_MAX = 10_000
# Of a larger trace nobody reads how each span's content begins, and 10,000 would be 4 MB of it.
PREVIEWS_SPANS_MAX = 1_000
# Of one span; a conversation has a hundred messages, and nobody reads 8 MiB in a pane.
LOGS_MAX = 1_000
LOGS_BYTES_MAX = 8 << 20
_LAST_ID = "g"  # sorts behind every hexadecimal id
_LAST_NS = 2**63 - 1


@dataclass(frozen=True)
class TraceFilters:
    """What to list. An empty text matches everything; times are half-open, [start_from, start_to)."""

    start_from: datetime | None = None
    start_to: datetime | None = None
    agent: str = ""
    status: str = ""
    environment: str = ""
    text: str = ""
    trace_id: str = ""


class TraceReader:
    """Reads the traces of one project."""

    def __init__(self, store: Store, project: str) -> None:
        self._store = store
        self._project = project

    def page(self, filters: TraceFilters, cursor: str | None, limit: int) -> models.Page[models.TraceSummary]:
        """List traces, newest first.

        Raises
        ------
        CursorError
            The cursor is none of ours.
        """
        before = Cursor.decode(cursor) if cursor else None
        before_us = microseconds(before.at) if before else _LAST_NS // 1000
        until_ns = unix_ns(filters.start_to) - 1 if filters.start_to else _LAST_NS
        parameters = {
            "trace_id": filters.trace_id,
            "agent": filters.agent,
            "status": filters.status,
            "environment": filters.environment,
            "text": filters.text,
            "before_us": before_us,
            "before_id": before.id if before else _LAST_ID,
        }
        first_ns = _storable(unix_ns(filters.start_from)) if filters.start_from else 0
        last_ns = _storable(min(until_ns, before_us * 1000 + 999))
        whole = [(first_ns, last_ns)]
        places = whole if filters.trace_id else self._windows(first_ns, last_ns)
        rows = self._listed(parameters, places, limit + 1)
        more = len(rows) > limit
        return models.Page(
            items=[_summary(row) for row in rows[:limit]], next=_cursor(rows[limit - 1]) if more else None
        )

    def _listed(
        self, parameters: Mapping[str, object], places: Iterable[tuple[int, int]], rows_max: int
    ) -> list[dict[str, Any]]:
        """Look into one window after the other until there are enough rows."""
        # a trace whose start moves meanwhile may be in two of them
        rows: dict[str, dict[str, Any]] = {}
        for from_ns, until_ns in places:
            bounds = {"from_ns": from_ns, "until_ns": until_ns, "rows_max": rows_max - len(rows)}
            for row in self._query("list_traces.sql", {**parameters, **bounds}):
                rows.setdefault(row["id"], row)
            if len(rows) >= rows_max:
                break
        return list(rows.values())

    def _windows(self, first_ns: int, last_ns: int) -> Iterable[tuple[int, int]]:
        # what a wrong clock puts into the future is in the first window, however far off it is
        bounds = {"from_ns": first_ns, "until_ns": min(last_ns, time.time_ns())}
        newest = self._query("newest_hour.sql", bounds)
        return windows(first_ns, last_ns, newest[0]["hour_s"]) if newest else [(first_ns, last_ns)]

    def trace(self, trace_id: str) -> models.Trace | None:
        """One trace in reading order, at most SPANS_MAX of its spans; None when there is none."""
        summaries = self.page(TraceFilters(trace_id=trace_id), None, 1).items
        if not summaries:
            return None
        rows = {row["id"]: row for row in self._steps(trace_id)}
        order = preorder({span: row["parent_id"] for span, row in rows.items()})
        previews = self._previews(summaries[0])
        now_ns = time.time_ns()
        return models.Trace(
            trace_id=trace_id,
            summary=summaries[0],
            spans=[
                models.ListedSpan(**_span(rows[span], depth, now_ns), **previews.get(span, {}))
                for span, depth in order
            ],
            spans_total=summaries[0].spans + summaries[0].spans_left_out,
        )

    def span(self, trace_id: str, span_id: str) -> models.SpanDetail | None:
        """Everything of one span; None when there is none."""
        steps = self._steps(trace_id, span_id)
        ids = {"trace_id": trace_id, "span_id": span_id}
        reports = self._query("read_report.sql", ids)
        if not steps or not reports:
            return None
        attributes = whole_attributes(self._store, reports[0], {"project": self._project, **ids})
        logs = self._query("read_logs.sql", {**ids, "rows_max": LOGS_MAX, "bytes_max": LOGS_BYTES_MAX})
        report = with_logs(_report(reports[0], attributes), logs)
        return models.SpanDetail(trace_id=trace_id, **_span(steps[0], 0, time.time_ns()), **report)

    def _steps(self, trace_id: str, span_id: str = "") -> Rows:
        parameters = {"trace_id": trace_id, "span_id": span_id, "rows_max": SPANS_MAX}
        return self._query("read_steps.sql", parameters)

    def _previews(self, trace: models.TraceSummary) -> dict[str, dict[str, Any]]:
        if trace.spans + trace.spans_left_out > PREVIEWS_SPANS_MAX:
            return {}
        rows = self._query("read_previews.sql", {"trace_id": trace.trace_id})
        return {row["id"]: {name: row[name] or None for name in _PREVIEWS} for row in rows}

    def _query(self, name: str, parameters: Mapping[str, object]) -> Rows:
        return self._store.query(statement(__package__, name), {"project": self._project, **parameters})


def _storable(time_ns: int) -> int:
    """Return the nearest of the times that a column holds; -1 lies before all that is stored."""
    return max(-1, min(time_ns, _LAST_NS))


def _summary(row: Mapping[str, Any]) -> models.TraceSummary:
    end_ns = _end(row, is_open=row["open"] > 0)
    return models.TraceSummary(
        trace_id=row["id"],
        start=rfc3339(row["start_ns"]),
        end=rfc3339(end_ns) if end_ns else None,
        duration_s=_seconds(row["start_ns"], end_ns or time.time_ns()),
        session=row["session"] or None,
        user=row["user"] or None,
        error_message=row["error_message"] or None,
        **{name: row[name] for name in _SUMMARY_AS_IT_IS},
    )


_SUMMARY_AS_IT_IS = (
    "project", "environment", "name", "agents", "spans", "spans_left_out", "errors", "open", "status",
    "input_tokens", "output_tokens", "cost_usd",
)  # fmt: skip


def _span(row: Mapping[str, Any], depth: int, now_ns: int) -> dict[str, Any]:
    end_ns = _end(row, is_open=row["state"] == "open")
    return {
        "span_id": row["id"],
        "parent_span_id": None if set(row["parent_id"]) <= {"0"} else row["parent_id"],
        "depth": depth,
        "start": rfc3339(row["start_ns"]),
        "end": rfc3339(end_ns) if end_ns else None,
        "duration_s": _seconds(row["start_ns"], end_ns or now_ns),
        "version": row["agent_version"] or None,
        **{name: row[name] for name in _SPAN_AS_IT_IS},
        **{name: row[name] or None for name in _SPAN_OR_NULL},
    }


_SPAN_AS_IT_IS = (
    "project", "environment", "name", "kind", "state", "status", "finish_reasons",
    "input_tokens", "output_tokens", "cached_tokens", "reasoning_tokens", "cost_usd",
)  # fmt: skip
_SPAN_OR_NULL = (
    "agent", "agent_id", "operation", "tool", "model", "provider", "session", "user",
    "error_type", "error_message", "payload_error", "handoff_to", "waiting_on",
)  # fmt: skip


_PREVIEWS = ("input_preview", "output_preview")


def _report(row: Mapping[str, Any], attributes: Mapping[str, str]) -> dict[str, Any]:
    events = zip(row["event_times_ns"], row["event_names"], row["event_attributes"], strict=True)
    # spans that were stored before these columns were have no states of links and no types
    states = row["link_trace_states"] or [""] * len(row["link_spans"])
    links = zip(row["link_traces"], row["link_spans"], states, row["link_attributes"], strict=True)
    types = {key: row["attribute_types"].get(key, "string") for key in attributes}
    return {
        "input": row["input"] or attributes.get(row["input_key"]) or None,
        "output": row["output"] or attributes.get(row["output_key"]) or None,
        "attributes": attributes,
        "attribute_types": {key: type_ for key, type_ in types.items() if type_ != "none"},
        **{name: row[name] for name in _REPORT_AS_IT_IS},
        **{name: row[name] or None for name in _REPORT_OR_NULL},
        "events": [models.Event(time=rfc3339(at), name=name, attributes=more) for at, name, more in events],
        "links": [
            models.Link(trace_id=trace, span_id=span, trace_state=state or None, attributes=more)
            for trace, span, state, more in links
        ],
        "received": rfc3339(row["received_ns"]),
    }


_REPORT_AS_IT_IS = (
    "resource_attributes", "scope", "scope_attributes", "marks",
    "dropped_attributes", "dropped_events", "dropped_links",
)  # fmt: skip
_REPORT_OR_NULL = ("resource_schema_url", "scope_schema_url", "trace_state", "tool_call_id")


def _end(row: Mapping[str, Any], *, is_open: bool) -> int | None:
    return None if is_open else int(row["end_ns"])


def _seconds(start_ns: int, end_ns: int) -> float:
    return max(0, end_ns - start_ns) / 1e9


def _cursor(row: Mapping[str, Any]) -> str:
    return Cursor(moment(row["start_us"]), row["id"]).encode()
