"""A fleet to look at: the same traces, open spans and findings at every run."""

import random
import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from analytics.api.models import Event, Finding, Link, ListedSpan, OpenSpan, SpanDetail, Trace, TraceSummary

NOW = datetime(2026, 11, 23, 14, 3, 11, tzinfo=UTC)
DATA = tomllib.loads((Path(__file__).parent / "fleet.toml").read_text(encoding="utf-8"))
STUCK_TRACE = DATA["traces"]["stuck"]["id"]
STUCK_SPAN = "00000000000000a9"
FAILED_TRACE = DATA["traces"]["failed"]["id"]
FAILED_SPAN = "00000000000000b4"
AGENTS = ("planner", "coder", "tester", "writer", "reviewer", "researcher")


def before(seconds: float) -> str:
    """Return the time `seconds` before NOW as the API writes it."""
    return f"{NOW - timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S.%f}000Z"


def filled(model: type[Any], /, **known: Any) -> Any:
    """Return a model with `known`; what is left out is unknown, empty or zero."""
    fallback = {"environment": "production", "project": "default", "status": "unset", "state": "ended"}
    for name, field in model.model_fields.items():
        empty = {"list[str]": [], "int": 0, "float": 0.0, "str": ""}.get(
            str(getattr(field.annotation, "__name__", field.annotation))
        )
        if str(field.annotation).startswith("list["):
            empty = []
        known.setdefault(name, fallback.get(name, empty))
    return model.model_validate(known)


def span(*, start_s: float, short_id: str, parent: str | None = None, **known: Any) -> ListedSpan:
    """Return a span; `start_s` is how long before NOW it began."""
    lasted_s = known.pop("duration_s", start_s)
    ended = known.get("state") != "open"
    made: ListedSpan = filled(
        ListedSpan,
        span_id=f"{short_id:0>16}",
        parent_span_id=f"{parent:0>16}" if parent else None,
        start=before(start_s),
        end=before(start_s - lasted_s) if ended else None,
        duration_s=lasted_s,
        **{"session": "session-81", "user": "user-7", "version": "v14", **known},
    )
    return made


def trace(name: str) -> Trace:
    """Return `stuck` or `failed`."""
    data = DATA["traces"][name]
    spans = [span(**one) for one in data["spans"]]
    return Trace(
        trace_id=data["id"],
        summary=summary(data["id"], spans, data["status"]),
        spans=spans,
        spans_total=len(spans),
    )


def summary(trace_id: str, spans: list[ListedSpan], status: str, /, **known: Any) -> TraceSummary:
    """Return what the API says of a trace in a list."""
    failed = [one.error_message for one in spans if one.error_message]
    made: TraceSummary = filled(
        TraceSummary,
        **{
            "trace_id": trace_id,
            "status": status,
            "name": spans[0].name,
            "environment": spans[0].environment,
            "agents": list(dict.fromkeys(one.agent for one in spans if one.agent)),
            "start": spans[0].start,
            "end": spans[0].end,
            "duration_s": spans[0].duration_s,
            "spans": len(spans),
            "errors": sum(one.status == "error" for one in spans),
            "open": sum(one.state == "open" for one in spans),
            "session": "session-81",
            "user": "user-7",
            "input_tokens": sum(one.input_tokens or 0 for one in spans) or None,
            "output_tokens": sum(one.output_tokens or 0 for one in spans) or None,
            "cost_usd": sum(one.cost_usd or 0 for one in spans) or None,
            "error_message": failed[0] if failed and status == "error" else None,
            **known,
        },
    )
    return made


@cache
def summaries(number: int) -> list[TraceSummary]:
    """Return the two traces of the file among `number` in all, newest first."""
    dice = random.Random(3)
    made = [trace("stuck").summary, trace("failed").summary]
    made += [ordinary(dice, place, 20 + place * 3400 / number) for place in range(number - 2)]
    return sorted(made, key=lambda one: one.start, reverse=True)


def ordinary(dice: random.Random, place: int, start_s: float) -> TraceSummary:
    tasks = ("answer ticket", "triage alert", "nightly summary", "refund request", "review pull request")
    failed, tokens = dice.random() < 0.06, dice.randint(200, 40_000)
    root = span(
        short_id=f"{place}",
        depth=0,
        name=f"{dice.choice(tasks)} {4000 + place}",
        kind="workflow",
        start_s=start_s,
        duration_s=dice.uniform(0.4, 90),
        environment=dice.choice(["production", "production", "staging"]),
    )
    return summary(
        f"{place + 1:032x}",
        [root],
        "error" if failed else "ok",
        agents=dice.sample(AGENTS, dice.randint(1, 4)),
        spans=dice.randint(3, 80),
        errors=int(failed),
        input_tokens=tokens,
        output_tokens=tokens // 9,
        cost_usd=tokens * 2.5e-6,
        error_message="rate limit reached, gave up after 4 attempts" if failed else None,
    )


def open_spans(number: int = 0) -> list[OpenSpan]:
    """Return the open spans of the file and `number` ordinary ones, oldest first."""
    made = [open_span(place, **one) for place, one in enumerate(DATA["open_spans"])]
    usual = {"verdict": "working", "usual_s": 30.2, "p95_s": 36.4, "limit_s": 120.0, "samples": 2140}
    made += [
        open_span(place + 5000, name=f"chat {place}", age_s=50 - place * 40 / number, **usual)
        for place in range(number)
    ]
    return sorted(made, key=lambda one: -one.age_s)


def open_span(place: int, *, age_s: float, still_s: float = 4, silent_s: float = 1, **known: Any) -> OpenSpan:
    made: OpenSpan = filled(
        OpenSpan,
        start=before(age_s),
        age_s=age_s,
        last_seen=before(silent_s),
        last_progress=before(min(still_s, age_s)),
        **{"kind": "tool", "trace_id": STUCK_TRACE, "span_id": f"{place:016x}", **known},
    )
    return made


def findings() -> list[Finding]:
    """Return two open findings and a resolved one."""
    return [finding(**one) for one in DATA["findings"]]


def finding(*, seen_s: float, resolved_s: float | None = None, **known: Any) -> Finding:
    made: Finding = filled(
        Finding,
        **{
            "detector": "stuck_span",
            "fingerprint": known["id"],
            "state": "open" if resolved_s is None else "resolved",
            "since": before(seen_s),
            "first_seen": before(seen_s),
            "last_seen": before(resolved_s or 2),
            "resolved_at": None if resolved_s is None else before(resolved_s),
            **known,
        },
    )
    return made


def detail(trace_id: str, one: ListedSpan) -> SpanDetail:
    """Return a span with content, attributes, an event and a link."""
    return SpanDetail(
        **one.model_dump(),
        trace_id=trace_id,
        input='{"messages": [{"role": "user", "content": "Run the tests of module billing."}]}',
        output="All 214 tests passed." if one.state == "ended" else None,
        tool_call_id="call_81" if one.tool else None,
        attributes={"gen_ai.tool.name": one.name, "gen_ai.agent.name": one.agent or "", "attempts": "3"},
        attribute_types={"gen_ai.tool.name": "string", "gen_ai.agent.name": "string", "attempts": "int"},
        dropped_attributes=2,
        resource_attributes={"service.name": "fleet", "service.version": "v14"},
        resource_schema_url="https://opentelemetry.io/schemas/1.37.0",
        scope="opentelemetry.instrumentation.openai_agents 0.5.1",
        scope_attributes={"team": "release"},
        scope_schema_url=None,
        trace_state="vendor=81",
        events=[Event(time=one.start, name="queued", attributes={"queue": "tests", "position": "3"})],
        dropped_events=1,
        links=[
            Link(
                trace_id=FAILED_TRACE,
                span_id=FAILED_SPAN,
                trace_state="vendor=80",
                attributes={"reason": "retry of"},
            )
        ],
        dropped_links=0,
        received=before(1),
        marks=["input truncated to 256 KiB"] if one.kind == "retriever" else [],
    )
