"""How errors travel in the fleet: scenes of error chains, the same at every run."""

from collections.abc import Sequence
from typing import Any, Literal

from analytics.api.models import (
    BlastRadius,
    ErrorAcross,
    ErrorChain,
    ErrorChainDetail,
    ErrorChains,
    ErrorFlow,
    ErrorHop,
    ErrorTrace,
    Finding,
    LaterInSession,
)
from tests.dashboard import fleet

Errors = Literal["none", "over", "failing", "outlived", "stayed", "big"]
"""``over``: chains failed traces, and no finding is open; ``failing``: one is."""
PAY, MODEL, PROBE, PATCH, LOOKUP, PARSE = (f"{place:032x}" for place in range(0xC0, 0xC6))
BIG = 10_000


def chain(place: str, path: Sequence[str], **known: Any) -> ErrorChain:
    """Return a chain of `path`; `first_s`, `last_s` and `known_s` are before NOW."""
    counts = dict.fromkeys(
        ("traces", "failures", "contained", "retried", "sessions", "users", "collateral"), 0
    )
    times = {name: fleet.before(known.pop(f"{name}_s", 60)) for name in ("first", "last")}
    return ErrorChain(
        **{
            "fingerprint": place,
            "kind": "tool",
            "agent": path[0],
            "error_message": None,
            "path": list(path),
            "root": "ship order",
            "expected": not known.get("failures"),
            "known_since": fleet.before(known.pop("known_s", 3 * 86_400)),
            **counts,
            **times,
            **known,
        }
    )


def failing() -> list[ErrorChain]:
    return [
        chain(
            PAY,
            ("buyer", "lead", "ship order"),
            call="pay",
            error_type="TimeoutError",
            error_message="payment gateway: no answer within 30 s",
            traces=12,
            failures=12,
            sessions=9,
            users=7,
            collateral=4,
            first_s=3_000,
            last_s=41,
        ),
        chain(
            MODEL,
            ("researcher", "planner", "lead", "ship order"),
            call="claude-sonnet",
            kind="llm",
            error_type="RateLimitError",
            error_message="429: 40,000 tokens per minute",
            traces=3,
            failures=2,
            contained=1,
            sessions=2,
            users=2,
            first_s=700,
            last_s=95,
            known_s=700,
        ),
    ]


def expected() -> ErrorChain:
    return chain(
        PROBE,
        ("crawler", "indexer"),
        call="fetch",
        error_type="NotFound",
        error_message="404: /robots.txt",
        root="nightly index",
        traces=40,
        failures=1,
        contained=39,
        sessions=40,
        expected=True,
        first_s=3_500,
        last_s=12,
    )


def passed_on() -> ErrorChain:
    return chain(
        LOOKUP,
        ("buyer", "lead"),
        call="pay",
        error_type="TimeoutError",
        error_message="payment gateway: no answer within 30 s",
        traces=2,
        contained=2,
        sessions=2,
        users=2,
        first_s=900,
        last_s=300,
    )


def stayed() -> list[ErrorChain]:
    return [
        chain(
            PATCH, ("coder",), call="apply_patch", error_type="PatchError", traces=7, contained=5, retried=2
        ),
        chain(PARSE, ("tester",), call="parse", error_type="", traces=1),
    ]


def flow(source: str, target: str, traces: int, failures: int) -> ErrorFlow:
    return ErrorFlow(source=source, target=target, traces=traces, failures=failures)


FLOWS = [
    flow("crawler", "indexer", 40, 1),
    flow("buyer", "lead", 14, 12),
    flow("lead", "ship order", 14, 14),
    flow("planner", "lead", 2, 2),
    flow("researcher", "planner", 3, 2),
]


def chains(errors: Errors) -> ErrorChains:
    """Return what the API says of a scene."""
    if errors == "none":
        return ErrorChains(items=[], total=0, flows=[])
    if errors == "stayed":
        return ErrorChains(items=stayed(), total=2, flows=[])
    if errors == "outlived":
        return ErrorChains(items=[passed_on(), *stayed()], total=3, flows=[flow("buyer", "lead", 2, 0)])
    if errors == "big":
        return big()
    items = [*failing(), expected(), passed_on(), *stayed()]
    return ErrorChains(items=items, total=len(items), flows=FLOWS)


def big() -> ErrorChains:
    items = [
        chain(
            f"{place:032x}",
            (f"agent {place}", "lead"),
            call="pay",
            error_type="TimeoutError",
            traces=9,
            failures=9,
        )
        for place in range(200)
    ]
    flows = [flow(f"agent {place}", "lead", 9, 9) for place in range(200)]
    return ErrorChains(items=items, total=BIG, flows=flows)


def detail(errors: Errors, fingerprint: str) -> ErrorChainDetail | None:
    """Return one chain of a scene; its traces are the failed one of the fleet."""
    one = next((one for one in chains(errors).items if one.fingerprint == fingerprint), None)
    if one is None:
        return None
    outcome = "root failed" if one.failures else "retried" if one.retried > one.contained else "contained"
    traces = [
        ErrorTrace(
            trace_id=fleet.FAILED_TRACE,
            span_id=fleet.FAILED_SPAN,
            at=fleet.before(41 + place * 60),
            root=one.root,
            outcome=outcome,
            session=f"session-{81 + place}",
            user="user-7" if place else None,
        )
        for place in range(min(one.traces, 3))
    ]
    pairs = zip(one.path, one.path[1:], strict=False)
    flows = [flow(source, target, one.traces, one.failures) for source, target in pairs]
    return ErrorChainDetail(
        chain=one,
        flows=flows,
        traces=traces,
        hops=hops(one),
        radius=radius(one),
        across=across() if fingerprint == PAY else [],
        later=LaterInSession(sessions=9, went_on=4, failed_later=3) if fingerprint == PAY else None,
    )


def across() -> list[ErrorAcross]:
    """Return that a payment failed because of what failed in the bank's own traces."""
    known = {"agent": "bank", "call": "settle", "error_type": "ConnectionError", "traces": 9}
    return [ErrorAcross(way="began", fingerprint=LOOKUP, example=fleet.STUCK_TRACE, **known)]


def radius(one: ErrorChain) -> BlastRadius:
    """Return how far a chain reached: without a failure somebody told of it."""
    most = {
        "traces": one.traces,
        "sessions": one.sessions,
        "users": one.users,
        "agents": len(one.path) + 2,
        "tokens": 12_300 * one.traces,
        "cost_usd": 0.31 * one.traces,
        "changes": 2 * one.traces,
    }
    failed = {
        "traces": one.failures,
        "agents": len(one.path),
        "tokens": 2_150,
        "cost_usd": 0.04,
        "changes": 3,
    }
    told = dict.fromkeys(most, 0) | {"agents": len(one.path)}
    return BlastRadius.model_validate(
        {
            "least": most | failed if one.failures else told,
            "most": most,
            "traces_counted": one.traces,
            "traces_read": min(one.traces, 10),
        }
    )


def hops(one: ErrorChain) -> list[ErrorHop]:
    """Return the call where it began and a span of each agent above, 12 ms apart."""
    began = hop(0, one.kind, one.agent, one.call, one.error_type, one.error_message)
    made = [
        hop(place, "agent", name, f"invoke_agent {name}", one.error_type, f"{one.call} gave up")
        for place, name in enumerate(one.path, start=1)
    ]
    if not one.failures:
        made[-1] = made[-1].model_copy(update={"status": "ok", "error_type": None, "error_message": None})
    return [began, *made]


def hop(place: int, kind: str, agent: str | None, call: str, error: str, message: str | None) -> ErrorHop:
    return ErrorHop(
        span_id=f"{0xB4 - place:016x}",
        name=call,
        kind=kind,
        agent=agent,
        call=call,
        status="error",
        error_type=error or None,
        error_message=message,
        start=fleet.before(72),
        end=fleet.before(42 - place * 0.012),
    )


def chain_findings(errors: Errors) -> list[Finding]:
    """Return the open finding of a scene."""
    if errors != "failing":
        return []
    return [
        fleet.finding(
            id="018f-chain-pay",
            fingerprint=PAY,
            detector="error_chain",
            severity="S2",
            grade="confirmed",
            title="TimeoutError in buyer's pay, passed on to lead, failed 12 traces of ship order",
            advice=f"Begin at span {fleet.FAILED_SPAN} of trace {fleet.FAILED_TRACE}: there it failed first, "
            "and the rest followed. So that it stays there, let lead expect it: retry, take another "
            "way, or answer without it.",
            agents=["buyer", "lead", "ship order"],
            trace_ids=[fleet.FAILED_TRACE],
            span_ids=[fleet.FAILED_SPAN],
            seen_s=2_990,
            evidence={"path": ["buyer", "lead", "ship order"], "failed_traces": 12, "window_h": 24.0},
        )
    ]
