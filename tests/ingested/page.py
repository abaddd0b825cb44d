"""docs/ingested.md: what each capture and each of the shared fixtures produced. `make ingested`.

The fixtures may not be committed: they are read from a folder, `../shared` unless another is named. Without
it their part of the page stays as it is.
"""

import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.ingested.dialects import dialects
from tests.ingested.payload import NoPayload, Payload
from tests.ingested.produced import Produced, produce
from tests.ingested.sources import FIXTURES, captures, fixtures, provenance

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "ingested.md"
SHARED = ROOT.parent / "shared"

_HEAD = """# What was ingested

<!-- Written by `make ingested`; tests/ingested compares. -->

Every capture of a framework in `tests/captures` and every file of other projects' fixtures
(`../shared/data/otlp-fixtures`, never committed here) was sent to a real receiver, loaded and assembled, each
as a project of its own. Below stands what each produced. What a person reads in them is stated apart from
this: span by span for the captures (`tests/captures/expected`), by payload for the fixtures
(`tests/ingested/expected.toml`); tests compare.

*Tokens* count each call once. *Not read* are attributes of agents and models that no row of the
[table of conventions](conventions.md) reads: they are stored and shown with the span, and decide nothing. `N`
stands for the places of a list.

## Captures
"""
_FIXTURES = "## Fixtures of other projects\n"
_SERVICES = """### Spans of services

Traces without agents, sent as they are: OTLP/JSON over HTTP. Every span is stored, its kind is `other`.

| file | spans sent | spans stored | log records sent | kept |
|---|--:|--:|--:|--:|"""
_NOTHING = """### Files without a payload

They hold no span and no log record of OTLP. Sent to `/v1/traces` as they are all the same, none of them
stored anything; OTLP/JSON demands that unknown fields are ignored, so that most are taken as requests without
a span.

| file | what it is | answer |
|---|---|---|"""


def captures_part(sent: Iterable[Payload], produced: Iterable[Produced]) -> str:
    """Return the page as far as it is about this repository's captures."""
    return "\n".join([_HEAD, *(_section(*pair) for pair in zip(sent, produced, strict=True))])


def fixtures_part(
    sent: Iterable[Payload | NoPayload],
    produced: Iterable[Produced],
    projects: Mapping[str, Mapping[str, Any]],
) -> str:
    """Return the rest of the page."""
    pairs = list(zip(sent, produced, strict=True))
    payloads = [(one, became) for one, became in pairs if isinstance(one, Payload)]
    services = [_row(one, became) for one, became in payloads if _is_plain(became)]
    agents = [_section(one, became) for one, became in payloads if not _is_plain(became)]
    nothing = [_refused(one, became) for one, became in pairs if isinstance(one, NoPayload)]
    parts = [_FIXTURES, *_projects(projects), "", *agents, _SERVICES, *services, "", _NOTHING, *nothing, ""]
    return "\n".join(parts)


def _projects(projects: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, project in projects.items():
        commit = f", commit `{project['commit']}`" if project["commit"] else ""
        yield f"- `{name}`: {project['licence']}{commit}"


def _is_plain(produced: Produced) -> bool:
    return set(produced.kinds) <= {"other"} and not dialects(produced.keys)


def _section(payload: Payload, produced: Produced) -> str:
    lines = (f"- {label}: {said}" for label, said in _facts(payload, produced) if said)
    return "\n".join([f"### {payload.name}\n", *lines, ""])


def _facts(payload: Payload, produced: Produced) -> Iterator[tuple[str, str]]:
    yield "Sent", f"{_number(payload)} as {payload.form}"
    yield "Answers", _counted(produced.answers)
    yield "Spans", f"{payload.spans} sent, {produced.reports} stored{_folded(produced)}"
    yield "Log records", f"{payload.log_records} sent, {produced.logs} kept" if payload.log_records else ""
    yield "Speaks", ", ".join(dialects(produced.keys))
    yield "Scopes", _code(sorted(produced.scopes))
    yield "Kinds", _counted(produced.kinds)
    yield "Agents", _code(produced.names("agent"))
    yield "Tools", _code(produced.names("tool"))
    yield "Models", _code(produced.models)
    yield "Tokens", "{} in, {} out".format(*produced.tokens) if any(produced.tokens) else ""
    yield "Errors", str(produced.errors or "")
    yield "Open", str(sum(step["state"] == "open" for step in produced.steps) or "")
    yield "Hand-offs", ", ".join(produced.handoffs)
    yield "Waiting on", _code(produced.names("waiting_on"))
    yield "Marks", _counted(produced.marks)
    yield "Not read", _code(produced.unread)


def _number(payload: Payload) -> str:
    number = len(payload.requests)
    return f"{number} request{'s' * (number > 1)}"


def _folded(produced: Produced) -> str:
    spans = len(produced.steps)
    return "" if spans == produced.reports else f": {spans} spans, some reported more than once"


def _row(payload: Payload, produced: Produced) -> str:
    counts = (payload.spans, produced.reports, payload.log_records, produced.logs)
    return f"| {payload.name} | {' | '.join(map(str, counts))} |"


def _refused(payload: NoPayload, produced: Produced) -> str:
    answer = ", ".join(produced.answers)
    return f"| {payload.name} | {payload.reason} | {'200, no span' if answer == 'ok' else answer} |"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def _code(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def main(shared: Path = SHARED) -> None:
    """Write the page anew."""
    own, folder = captures(), shared / FIXTURES
    there = folder.is_dir()
    others = list(fixtures(folder)) if there else []
    with tempfile.TemporaryDirectory() as data:
        produced = produce([*own, *others], Path(data) / "data")
    first = captures_part(own, produced[: len(own)])
    if there:
        rest = fixtures_part(others, produced[len(own) :], provenance(folder))
    else:
        print(f"{folder} is not there: what {PAGE.name} says of the fixtures stays as it is", file=sys.stderr)
        rest = parts_of(PAGE.read_text(encoding="utf-8"))[1]
    PAGE.write_text(f"{first}\n{rest}", encoding="utf-8")


def parts_of(page: str) -> tuple[str, str]:
    """Return the page's part of the captures, and that of the fixtures."""
    first, heading, rest = page.partition(f"\n{_FIXTURES}")
    return first, heading.removeprefix("\n") + rest


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
