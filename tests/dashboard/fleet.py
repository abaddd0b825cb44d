"""A fleet to look at: the same traces, open spans and findings at every run."""

import random
from datetime import UTC, datetime, timedelta

from analytics.api.models import Event, Finding, Link, OpenSpan, Span, SpanDetail, Trace, TraceSummary

NOW = datetime(2026, 11, 23, 14, 3, 11, tzinfo=UTC)
STUCK_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
STUCK_SPAN = "00000000000000a9"
FAILED_TRACE = "7d0a52c41f0e4c0e8c5b8f7f4f1d2a3b"
FAILED_SPAN = "00000000000000b4"
BIG_TRACE = "b16b00b5b16b00b5b16b00b5b16b00b5"
AGENTS = ("planner", "coder", "tester", "writer", "reviewer", "researcher")

HOSTILE = (
    "![x](https://evil.invalid/p.png?leak=1) <img src=https://evil.invalid/i.png onerror=alert(1)> "
    "<script>alert(2)</script> [link](javascript:alert(3)) `code` $x^2$ :red[red] **bold** \u202egnip\u202c"
)


def rfc3339(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%S.%f}000Z"


def before(seconds: float) -> str:
    return rfc3339(NOW - timedelta(seconds=seconds))


def span(
    span_id: str,
    parent: str | None,
    depth: int,
    name: str,
    kind: str,
    start_s: float,
    duration_s: float,
    **known: object,
) -> Span:
    """Return a span; `start_s` is how long before NOW it began."""
    is_open = known.get("state") == "open"
    fields = {
        "project": "default", "environment": "production", "version": "v14", "span_id": span_id,
        "parent_span_id": parent, "depth": depth, "name": name, "kind": kind, "agent": None, "agent_id": None,
        "operation": None, "tool": None, "model": None, "provider": None, "session": "session-81", "user": "user-7",
        "start": before(start_s), "end": None if is_open else before(start_s - duration_s), "duration_s": duration_s,
        "state": "ended", "status": "unset", "error_type": None, "error_message": None, "input_tokens": None,
        "output_tokens": None, "cached_tokens": None, "reasoning_tokens": None, "cost_usd": None,
        "finish_reasons": [], "handoff_to": None, "waiting_on": None,
    }  # fmt: skip
    return Span.model_validate({**fields, **known})


def stuck_trace() -> Trace:
    """Return the ring of the design: planner, coder, tester and writer, of whom the tester is stuck."""
    llm = {"model": "gpt-4o", "provider": "openai", "operation": "chat"}
    spans = [
        span("00000000000000a0", None, 0, "release 2.4", "workflow", 790, 790, state="open", agent="planner"),
        span("00000000000000a1", "00000000000000a0", 1, "invoke_agent planner", "agent", 789.5, 789.5, state="open", agent="planner", waiting_on="coder"),
        span("00000000000000a2", "00000000000000a1", 2, "chat gpt-4o", "llm", 789, 4.21, agent="planner", input_tokens=1834, output_tokens=212, cost_usd=0.0068, finish_reasons=["tool_calls"], **llm),
        span("00000000000000a3", "00000000000000a1", 2, "handoff to coder", "handoff", 784, 0.004, agent="planner", handoff_to="coder"),
        span("00000000000000a4", "00000000000000a1", 2, "invoke_agent coder", "agent", 783.9, 783.9, state="open", agent="coder", waiting_on="tester"),
        span("00000000000000a5", "00000000000000a4", 3, "chat gpt-4o", "llm", 783, 11.9, agent="coder", input_tokens=5210, output_tokens=1404, cost_usd=0.027, **llm),
        span("00000000000000a6", "00000000000000a4", 3, "read_file", "tool", 770.5, 0.0214, agent="coder", tool="read_file"),
        span("00000000000000a7", "00000000000000a4", 3, "run_sql", "tool", 770, 30.02, agent="coder", tool="run_sql", status="error", error_type="TimeoutError", error_message="statement timeout after 30 s"),
        span("00000000000000a8", "00000000000000a4", 3, "invoke_agent tester", "agent", 735, 735, state="open", agent="tester", waiting_on="writer"),
        span(STUCK_SPAN, "00000000000000a8", 4, "run_tests", "tool", 724, 724, state="open", agent="tester", tool="run_tests", waiting_on="writer"),
        span("00000000000000aa", "00000000000000a1", 2, "search_docs", "retriever", 700, 1.4, agent="planner"),
        span("00000000000000ab", "00000000000000a1", 2, "guardrail: scope", "guardrail", 690, 0.35, agent="planner", status="ok"),
    ]  # fmt: skip
    return Trace(
        trace_id=STUCK_TRACE, summary=summary(STUCK_TRACE, spans, "open"), spans=spans, spans_total=len(spans)
    )


def failed_trace() -> Trace:
    spans = [
        span("00000000000000b0", None, 0, "answer ticket 4711", "workflow", 1500, 42.6, agent="planner", status="error", error_type="ToolTimeout", error_message="search_web gave up"),
        span("00000000000000b1", "00000000000000b0", 1, "invoke_agent researcher", "agent", 1499, 40.1, agent="researcher", status="error", error_type="ToolTimeout"),
        span("00000000000000b2", "00000000000000b1", 2, "chat claude-sonnet", "llm", 1498, 3.02, agent="researcher", model="claude-sonnet", provider="anthropic", input_tokens=912, output_tokens=88),
        span("00000000000000b3", "00000000000000b1", 2, "search_web", "tool", 1494, 10.01, agent="researcher", tool="search_web", status="error", error_type="ToolTimeout", error_message="no answer within 10 s"),
        span(FAILED_SPAN, "00000000000000b1", 2, "search_web", "tool", 1483, 20.03, agent="researcher", tool="search_web", status="error", error_type="ToolTimeout", error_message="no answer within 20 s"),
        span("00000000000000b5", "00000000000000b0", 1, "chat gpt-4o", "llm", 1459, 1.2, agent="planner", model="gpt-4o", provider="openai", input_tokens=296, output_tokens=54),
    ]  # fmt: skip
    return Trace(
        trace_id=FAILED_TRACE,
        summary=summary(FAILED_TRACE, spans, "error"),
        spans=spans,
        spans_total=len(spans),
    )


def big_trace(length: int, seed: int = 7) -> Trace:
    """Return a trace of `length` spans in pre-order, deep and wide, with errors and open spans in it."""
    dice = random.Random(seed)
    spans: list[Span] = []

    def grow(parent: str | None, depth: int, start_s: float, budget_s: float) -> None:
        if len(spans) >= length:
            return
        agent = AGENTS[len(spans) % len(AGENTS)]
        kind = "agent" if depth < 3 else dice.choice(["llm", "tool", "agent", "retriever", "handoff"])
        state = "open" if parent is None or dice.random() < 0.002 else "ended"
        span_id = f"{len(spans) + 1:016x}"
        broken = dice.random() < 0.01
        spans.append(
            span(
                span_id,
                parent,
                depth,
                {
                    "agent": f"invoke_agent {agent}",
                    "llm": "chat gpt-4o",
                    "tool": dice.choice(["read_file", "run_sql", "search_web"]),
                    "retriever": "vector.query",
                    "handoff": "handoff",
                }[kind],
                kind,
                start_s,
                start_s if state == "open" else budget_s,
                agent=agent,
                state=state,
                status="error" if broken else "unset",
            )  # fmt: skip
        )
        if kind != "agent" or depth > 9:
            return
        children = dice.randint(3, 9)
        child_start = start_s
        for _ in range(children):
            share = budget_s / children * dice.uniform(0.5, 0.98)
            grow(span_id, depth + 1, child_start, share)
            child_start -= budget_s / children

    while len(spans) < length:
        grow(None, 0, 3600 - len(spans) / length * 1800, 1800)
    return Trace(
        trace_id=BIG_TRACE, summary=summary(BIG_TRACE, spans, "open"), spans=spans, spans_total=48_112
    )


def summary(trace_id: str, spans: list[Span], status: str, /, **known: object) -> TraceSummary:
    given = [one.input_tokens for one in spans if one.input_tokens is not None]
    made = [one.output_tokens for one in spans if one.output_tokens is not None]
    failed = [one.error_message for one in spans if one.error_message]
    fields = {
        "trace_id": trace_id, "project": "default", "environment": "production", "name": spans[0].name,
        "agents": list(dict.fromkeys(one.agent for one in spans if one.agent)), "start": spans[0].start,
        "end": spans[0].end, "duration_s": spans[0].duration_s, "spans": len(spans),
        "errors": sum(one.status == "error" for one in spans), "open": sum(one.state == "open" for one in spans),
        "status": status, "session": "session-81", "user": "user-7", "input_tokens": sum(given) or None,
        "output_tokens": sum(made) or None, "cost_usd": 0.0338 if given else None,
        "error_message": failed[0] if failed and status == "error" else None,
    }  # fmt: skip
    return TraceSummary.model_validate({**fields, **known})


def summaries(number: int, seed: int = 3) -> list[TraceSummary]:
    """Return the two traces above among `number` ordinary ones, newest first."""
    dice = random.Random(seed)
    known = [stuck_trace().summary, failed_trace().summary]
    tasks = ("answer ticket", "triage alert", "nightly summary", "refund request", "review pull request")
    for index in range(number - len(known)):
        start_s, lasted_s = 20 + index * 3400 / number, dice.uniform(0.4, 90)
        failed, name = dice.random() < 0.06, f"{dice.choice(tasks)} {4000 + index}"
        agents = dice.sample(AGENTS, dice.randint(1, 4))
        tokens = dice.randint(200, 40_000)
        one = span(f"{index:016x}", None, 0, name, "workflow", start_s, lasted_s, agent=agents[0], environment=dice.choice(["production", "production", "staging"]))  # fmt: skip
        known.append(
            summary(
                f"{index + 1:032x}",
                [one],
                "error" if failed else "ok",
                agents=agents,
                spans=dice.randint(3, 80),
                errors=int(failed),
                input_tokens=tokens,
                output_tokens=tokens // 9,
                cost_usd=tokens * 2.5e-6,
                error_message="rate limit reached, gave up after 4 attempts" if failed else None,
                environment=one.environment,
            )  # fmt: skip
        )
    return sorted(known, key=lambda one: one.start, reverse=True)


def open_spans(number: int = 0) -> list[OpenSpan]:
    """Return the stuck run's open spans and `number` ordinary ones, oldest first."""

    def seen(name: str, agent: str, age_s: float, verdict: str, **known: object) -> OpenSpan:
        fields = {
            "project": "default", "environment": "production", "trace_id": f"{int(age_s * 10):032x}", "span_id": f"{int(age_s * 10):016x}",
            "name": name, "kind": "tool", "agent": agent, "tool": None, "model": None, "start": before(age_s), "age_s": age_s,
            "last_seen": before(1), "last_progress": before(min(age_s, 4)), "waiting_on": None, "usual_s": None, "limit_s": None,
            "samples": 0, "verdict": verdict,
        }  # fmt: skip
        return OpenSpan.model_validate({**fields, **known})

    usual = {"usual_s": 30.2, "limit_s": 120.0, "samples": 2140}
    spans = [
        seen("release 2.4", "planner", 790, "waiting", kind="workflow", trace_id=STUCK_TRACE, span_id="00000000000000a0", waiting_on="coder"),
        seen("invoke_agent coder", "coder", 783.9, "waiting", kind="agent", trace_id=STUCK_TRACE, span_id="00000000000000a4", waiting_on="tester"),
        seen("run_tests", "tester", 724, "stuck", tool="run_tests", trace_id=STUCK_TRACE, span_id=STUCK_SPAN, waiting_on="writer", last_progress=before(700), **usual),
        seen("crawl sitemap", "researcher", 184, "lost", last_seen=before(95), usual_s=61.0, limit_s=300.0, samples=410),
        seen("chat gpt-4o", "reviewer", 71, "slow", kind="llm", model="gpt-4o", usual_s=9.1, limit_s=120.0, samples=5210),
        seen("approve deployment", "planner", 52, "waiting", kind="wait", waiting_on="a person"),
        seen("read_file", "coder", 0.4, "working", tool="read_file", usual_s=0.02, limit_s=5.0, samples=8000),
        seen("translate", "writer", 12, "working", samples=12),
    ]  # fmt: skip
    spans += [seen(f"chat {index}", AGENTS[index % 6], 50 - index * 40 / max(number, 1), "working", kind="llm", **usual, span_id=f"{index + 7777:016x}") for index in range(number)]  # fmt: skip
    return sorted(spans, key=lambda one: -one.age_s)


def findings() -> list[Finding]:
    stuck = Finding(
        id="018f-stuck-tester", project="default", detector="stuck_span", severity="S2", grade="probable", state="open",
        fingerprint="stuck:tester:run_tests", title="tester is stuck in run_tests: open for 12m 04s, usually 30 s, and nothing has moved for 11m 40s.",
        advice="Look at what writer does: run_tests waits for it. If writer is gone, cancel run_tests and hand the step out again.",
        agents=["tester", "coder", "planner"], trace_ids=[STUCK_TRACE], span_ids=[STUCK_SPAN], first_seen=before(600), last_seen=before(2),
        resolved_at=None, evidence={"age_s": 724.0, "limit_s": 120.0, "idle_s": 700.0, "baseline": {"key": ["tester", "run_tests"], "q50_s": 30.2, "q99_s": 40.0, "n": 2140, "censored_n": 3, "loss_rate": 0.0014}, "learned": True, "last_event": None},
    )  # fmt: skip
    lost = stuck.model_copy(
        update={
            "id": "018f-lost-crawler", "severity": "S3", "grade": "suspected", "title": "researcher has stopped reporting in crawl sitemap, 1m 35s ago.",
            "advice": "See whether its process is alive; its spans will not end by themselves.", "agents": ["researcher"],
            "trace_ids": [f"{1840:032x}"], "span_ids": [f"{1840:016x}"], "first_seen": before(80), "fingerprint": "lost:researcher", "evidence": {"silent_s": 95.0, "heartbeat_s": 5.0},
        }
    )  # fmt: skip
    over = stuck.model_copy(
        update={
            "id": "018f-over", "state": "resolved", "title": "coder was stuck in apply_patch for 6m 12s.", "agents": ["coder"],
            "first_seen": before(2400), "resolved_at": before(2028), "trace_ids": [FAILED_TRACE], "span_ids": [FAILED_SPAN], "fingerprint": "stuck:coder:apply_patch",
        }
    )  # fmt: skip
    return [stuck, lost, over]


def detail(trace_id: str, one: Span) -> SpanDetail:
    """Return a span with content, attributes, events and a link."""
    return SpanDetail(
        **one.model_dump(), trace_id=trace_id,
        input='{"messages": [{"role": "user", "content": "Run the tests of module billing."}]}' if one.kind != "handoff" else None,
        output="All 214 tests passed." if one.state == "ended" else None,
        tool_call_id="call_81" if one.tool else None,
        attributes={"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": one.name, "gen_ai.agent.name": one.agent or "", "server.address": "tests.internal"},
        resource_attributes={"service.name": "fleet", "service.version": "v14", "telemetry.sdk.name": "opentelemetry"},
        scope="opentelemetry.instrumentation.openai_agents 0.5.1",
        events=[Event(time=one.start, name="queued", attributes={"queue": "tests", "position": "3"})],
        links=[Link(trace_id=FAILED_TRACE, span_id=FAILED_SPAN, attributes={"reason": "retry of"})],
        received=before(1), marks=["input truncated to 256 KiB"] if one.kind == "retriever" else [],
    )  # fmt: skip
