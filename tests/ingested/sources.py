"""Where payloads come from: this repository's captures, and a folder of other projects' fixtures."""

import json
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from collector.otlp.signal import Signal
from tests.captures.labels import CAPTURES
from tests.ingested.langfuse import from_langfuse, is_otlp
from tests.ingested.payload import JSON, NoPayload, Payload, Request, captured
from tests.ingested.rebuilt import from_looptrip, from_phoenix, from_readable_spans

REQUESTS = Path(__file__).parents[1] / "captures" / "requests"
FIXTURES = Path("data") / "otlp-fixtures"
_ORIGIN = ("LICENSE", "COMMIT")
_AS_IT_IS = f"{JSON} over HTTP"

# Files of the fixtures that hold no span and no log record of OTLP.
_REASONS = {
    "jaeger/*/otlp2jaeger-out.json": "what Jaeger's API answers of otlp2jaeger-in.json, in its own model",
    "jaeger/*/ui-config*.json": "settings of Jaeger's pages",
    "jaeger/*/domain_*.json": "spans in Jaeger's own model, from before OTLP",
    "jaeger/*/thrift_batch_*.json": "Thrift of Jaeger's former clients, written as JSON",
    "jaeger/*/queries*.json": "what Jaeger's tests ask its storage for",
    "jaeger/*/samplingstore/*.json": "requests of Jaeger to Elasticsearch",
    "langfuse/*.chatml.json": "what Langfuse's test expects of the trace beside it, as chats",
    "langfuse/*/google-vertex-tools-*.json": "written by hand for Langfuse's tests; its ids are words",
    "langfuse/*/openai-assistants-*.json": "came by Langfuse's interface before OTLP; its ids are UUIDs",
    "tracelint/*/langsmith_*_run.json": "a tree of runs as LangSmith's SDK holds it; what its exporter sends "
    "of one is the capture langgraph_langsmith",
    "tracelint/*/scout/*.json": "messages and tools of a transcript, without spans",
}


def captures(folder: Path = REQUESTS) -> list[Payload]:
    """Return each capture as its exporter sent it."""
    return [
        captured(
            name,
            sorted(folder.joinpath(name).glob("*.pb")) or sorted(folder.joinpath(name).glob("[0-9]*.json")),
        )
        for name in CAPTURES
    ]


def twins(folder: Path) -> list[Payload]:
    """Return the captures of the shared folder once more, as OTLP/JSON."""
    names = sorted(path.name for path in folder.iterdir() if path.is_dir())
    return [captured(name, sorted(folder.joinpath(name).glob("[0-9]*.json"))) for name in names]


def fixtures(folder: Path) -> Iterator[Payload | NoPayload]:
    """Return what each file of the fixtures holds, or why it holds nothing.

    Raises
    ------
    LookupError
        A file is of no form that is known here.
    """
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in _ORIGIN):
        name, body = path.relative_to(folder).as_posix(), path.read_bytes()
        yield _payload(name, body) or NoPayload(name, _reason(name), body)


def _payload(name: str, body: bytes) -> Payload | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    match document:
        case {"resourceLogs": _}:
            return Payload(name, _AS_IT_IS, (Request(Signal.LOGS, JSON, body),))
        case {"resourceSpans": _}:
            return Payload(name, _AS_IT_IS, (Request(Signal.TRACES, JSON, body),))
        case {"observations": _} if is_otlp(document):
            return _rebuilt(name, "Langfuse's export of a trace", from_langfuse(document))
        case {"sessions": dict(sessions)}:
            return _rebuilt(name, "rows of agents' runs, by the names of GenAI", from_looptrip(sessions))
        case [{"context.span_id": _}, *_]:
            return _rebuilt(name, "rows of Phoenix's table of spans", from_phoenix(document))
        case [{"span_id": _, "attributes": _}, *_]:
            return _rebuilt(name, "a list of the SDK's spans", from_readable_spans(document))
    return None


def _rebuilt(name: str, what: str, body: bytes) -> Payload:
    return Payload(name, f"{_AS_IT_IS}, rebuilt from {what}", (Request(Signal.TRACES, JSON, body),))


def _reason(name: str) -> str:
    for pattern, reason in _REASONS.items():
        if fnmatch(name, pattern):
            return reason
    raise LookupError(f"{name} is of no form that tests/ingested/sources.py knows")


def provenance(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the licence and the commit of each project in the fixtures."""
    return {
        project.name: {
            "licence": _licence(project / "LICENSE"),
            "commit": _first_word(project / "COMMIT"),
        }
        for project in sorted(folder.iterdir())
    }


def _licence(path: Path) -> str:
    return "Apache-2.0" if "Apache License" in path.read_text(encoding="utf-8") else "MIT"


def _first_word(path: Path) -> str:
    return path.read_text(encoding="utf-8").split()[0][:7] if path.exists() else ""
