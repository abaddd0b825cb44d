"""Whose words a payload speaks, and which of them nobody reads."""

import re
from collections.abc import Iterable

from collector.conventions.table import Table

# A dialect by what begins the names of its attributes, or is one.
_MARKS = {
    "OpenTelemetry GenAI": ("gen_ai.",),
    "OpenInference": ("openinference.",),
    "Traceloop": ("traceloop.",),
    "OpenLLMetry's old names": ("llm.request.type",),
    "Logfire": ("logfire.",),
    "pydantic-ai": ("pydantic_ai.", "model_request_parameters"),
    "Vercel AI SDK": ("ai.",),
    "LangSmith": ("langsmith.",),
    "MLflow": ("mlflow.",),
    "Langfuse": ("langfuse.",),
    "Google ADK": ("gcp.vertex.agent.",),
    "CrewAI": ("crewai.", "crew_"),
    "Koog": ("koog.",),
    "OpenLIT": ("openlit.",),
    "smolagents": ("smolagents.",),
    "messaging": ("messaging.",),
    "agent-framework": ("agent_framework.", "executor."),
    "doldrums-client": ("doldrums.",),
}
_OTHERS = (
    "llm.",
    "input.",
    "output.",
    "tool.",
    "agent.",
    "graph.node.",
    "embedding.",
    "retrieval.",
    "mcp.",
    "a2a.",
)
_OURS = tuple(mark for marks in _MARKS.values() for mark in marks) + _OTHERS
_NUMBER = re.compile(r"(?<=\.)\d+(?=\.|$)")


def dialects(keys: Iterable[str]) -> list[str]:
    """Return the dialects that names of attributes belong to."""
    known = list(keys)
    return [name for name, marks in _MARKS.items() if any(key.startswith(marks) for key in known)]


def unread(keys: Iterable[str], table: Table) -> list[str]:
    """Return names of agents' and models' attributes that no row reads; places in lists are one `N`."""
    sources = [source for field in table.fields for source in field.sources]
    prefixes = tuple(source.prefix for source in sources if source.prefix)
    read = set(table.attributes())
    left = {key for key in keys if key.startswith(_OURS) and key not in read and not key.startswith(prefixes)}
    return sorted({_NUMBER.sub("N", key) for key in left})
