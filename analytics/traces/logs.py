"""Log records as parts of the span that they belong to: its events, and its content. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from analytics.api import models
from analytics.rfc3339 import rfc3339
from collector.otlp.log_events import LogEvent, log_events

# The name that a span's own event of an exception has.
_EXCEPTION = "exception"
_BODY = "body"

Logs = Sequence[Mapping[str, Any]]


def with_logs(report: Mapping[str, Any], logs: Logs) -> dict[str, Any]:
    """Add what logs say to what a span says of itself.

    Parameters
    ----------
    report
        `input`, `output`, `events` and `marks` of a span; its own content stands.
    logs
        As read_logs.sql answers.
    """
    completed = dict(report)
    if logs and logs[0]["records"] > len(logs):
        completed["marks"] = [*completed["marks"], f"logs_cut:{logs[0]['records']}"]
    for part in ("input", "output"):
        if not report[part] and (text := _content(logs, part)):
            completed[part] = text
            completed["marks"] = [*completed["marks"], f"{part}_from_logs"]
    events = [*report["events"], *map(_event, logs)]
    completed["events"] = sorted(events, key=lambda event: event.time)
    return completed


def _content(logs: Logs, part: str) -> str:
    """Return what one event says as a whole, else the messages of several as a list of them."""
    named = [(log, event) for log in logs if (event := log_events().named(log["event"]))]
    for log, event in reversed(named):
        keys = event.input if part == "input" else event.output
        if texts := [log["attributes"][key] for key in keys if log["attributes"].get(key)]:
            return _joined(texts)
    messages = [_message(log, event) for log, event in named if event.message == part]
    return orjson.dumps(messages).decode() if messages else ""


def _joined(texts: Sequence[str]) -> str:
    """Instructions come before messages; both are lists of them."""
    if len(texts) == 1:
        return texts[0]
    return orjson.dumps(list(_flattened(map(_parsed, texts)))).decode()


def _flattened(parts: Iterable[Any]) -> Iterable[Any]:
    for part in parts:
        yield from part if isinstance(part, list) else (part,)


def _message(log: Mapping[str, Any], event: LogEvent) -> dict[str, Any]:
    body = _parsed(log[_BODY])
    said = body if isinstance(body, dict) else {"content": body}
    return {"role": event.role, **said}


def _parsed(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _event(log: Mapping[str, Any]) -> models.Event:
    event = log_events().named(log["event"])
    name = _EXCEPTION if event is not None and event.kind == _EXCEPTION else log["event"]
    body = {_BODY: log[_BODY]} if log[_BODY] and _BODY not in log["attributes"] else {}
    return models.Event(time=rfc3339(log["time_ns"]), name=name, attributes=body | log["attributes"])
