"""Addresses of pages inside the dashboard, and the ids that they carry."""

import re
from urllib.parse import urlencode

TRACE_ID = re.compile(r"[0-9a-f]{32}")
SPAN_ID = re.compile(r"[0-9a-f]{16}")
FINGERPRINT = re.compile(r"[0-9a-f]{32}")
SERIES_ID = re.compile(r"[0-9a-f]{16}")
FINDING_ID = re.compile(r"[0-9a-zA-Z-]{1,64}")


def trace_parameters(trace_id: str, span_id: str | None = None) -> dict[str, str]:
    """Return the query of the trace page, pointed at a span if one is given."""
    return {"trace": trace_id, "span": span_id} if span_id else {"trace": trace_id}


def trace_address(trace_id: str, span_id: str | None = None) -> str:
    """Return a relative link, so that it also holds when served under a sub-path."""
    return f"trace?{urlencode(trace_parameters(trace_id, span_id))}"


def traces_address(agent: str) -> str:
    """Return a relative link to the traces of an agent."""
    return f"traces?{urlencode({'agent': agent})}"


def deadlock_parameters(finding_id: str) -> dict[str, str]:
    """Return the query of the deadlocks page, pointed at one."""
    return {"id": finding_id}


def deadlock_address(finding_id: str) -> str:
    """Return a relative link to one deadlock."""
    return f"deadlocks?{urlencode(deadlock_parameters(finding_id))}"


def chain_parameters(fingerprint: str) -> dict[str, str]:
    """Return the query of the page of error chains, pointed at one."""
    return {"id": fingerprint}


def chain_address(fingerprint: str) -> str:
    """Return a relative link to one error chain."""
    return f"chains?{urlencode(chain_parameters(fingerprint))}"


def contract_parameters(boundary: str) -> dict[str, str]:
    """Return the query of the page of contracts, pointed at a boundary."""
    return {"id": boundary}


def contract_address(boundary: str) -> str:
    """Return a relative link to one boundary."""
    return f"contracts?{urlencode(contract_parameters(boundary))}"


def series_parameters(series: str) -> dict[str, str]:
    """Return the query of the page of drift, pointed at a series."""
    return {"series": series}


def series_address(series: str) -> str:
    """Return a relative link to one series."""
    return f"drift?{urlencode(series_parameters(series))}"


def is_fingerprint(text: str) -> bool:
    """Tell whether `text` may be sent to the API as the fingerprint of an error chain or a boundary."""
    return FINGERPRINT.fullmatch(text) is not None


def is_series_id(text: str) -> bool:
    """Tell whether `text` may be sent to the API as the id of a series."""
    return SERIES_ID.fullmatch(text) is not None


def is_finding_id(text: str) -> bool:
    """Tell whether `text` may be sent to the API as a finding's id."""
    return FINDING_ID.fullmatch(text) is not None


def is_trace_id(text: str) -> bool:
    """Tell whether `text` may be sent to the API as a trace id."""
    return TRACE_ID.fullmatch(text) is not None


def is_span_id(text: str) -> bool:
    """Tell whether `text` may be sent to the API as a span id."""
    return SPAN_ID.fullmatch(text) is not None
