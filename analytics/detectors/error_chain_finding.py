"""What is said of an error that fails traces. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from analytics.detectors.detector import Row
from analytics.detectors.wording import count, plain
from analytics.findings.finding import Finding
from analytics.rfc3339 import rfc3339

DETECTOR = "error_chain"
# From so many traces of the last hour on it is no single mishap.
MANY = 10
# Names in a sentence.
SAID_MAX = 4


def error_chain_finding(row: Row, window: timedelta) -> Finding:
    """Return the finding of a row of `error_chain.sql`."""
    agents = [plain(name) for name in row["agents"]]
    examples: list[tuple[str, list[str]]] = row["examples"]
    return Finding(
        project=row["project"],
        detector=DETECTOR,
        fingerprint=row["fingerprint"],
        severity="S2" if row["failures_lately"] >= MANY else "S3",
        # that one failed because of the other is certain where it says the same error
        grade="probable" if row["transformed"] else "confirmed",
        title=_title(row, agents),
        advice=_advice(row, agents),
        since=datetime.fromtimestamp(row["first_ns"] / 1e9, UTC),
        agents=list(dict.fromkeys(agents)),
        trace_ids=[trace_id for trace_id, _ in examples],
        span_ids=[hops[0] for _, hops in examples],
        evidence=_evidence(row, agents, window),
        # they have failed, whenever one looks
        certain=True,
    )


def _title(row: Row, agents: list[str]) -> str:
    _, _, _, error = row["origin"]
    above = [name for name in agents[1:] if name != plain(row["failed_root"])]
    way = f", passed on to {_listed(above)}," if above else ""
    failed = count(row["failures"], "trace")
    return (
        f"{plain(error) or 'An error'} in {_where(row)}{way} failed {failed} of {plain(row['failed_root'])}"
    )


def _where(row: Row) -> str:
    kind, agent, label, _ = row["origin"]
    who, what = plain(agent), plain(label) or plain(kind)
    return f"{who}'s {what}" if who and who != what else what


def _listed(names: list[str]) -> str:
    if len(names) > SAID_MAX:
        names = [*names[: SAID_MAX - 1], f"{len(names) - SAID_MAX + 1} others"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _advice(row: Row, agents: list[str]) -> str:
    trace_id, hops = row["examples"][0]
    nearest = agents[1] if len(agents) > 1 else agents[0]
    return (
        f"Begin at span {hops[0]} of trace {trace_id}: there it failed first, and the rest followed."
        f" So that it stays there, let {nearest} expect it: retry, take another way, or answer without it."
    )


def _evidence(row: Row, agents: list[str], window: timedelta) -> Mapping[str, Any]:
    kind, agent, label, error = row["origin"]
    return {
        "rule": "the root failed, and so did every call from there down to where it began;"
        " most traces in which that call fails so fail",
        "origin": {
            "agent": plain(agent),
            "call": plain(label),
            "kind": plain(kind),
            "error_type": plain(error),
        },
        "path": agents[:20],
        "failed_traces": row["failures"],
        "failed_traces_last_hour": row["failures_lately"],
        "traces_with_this_error": row["traces"],
        "became_another_error_in": row["transformed"],
        "sessions": row["sessions"],
        "users": row["users"],
        "first": rfc3339(row["first_ns"]),
        "last": rfc3339(row["last_ns"]),
        "window_h": window.total_seconds() / 3600,
        "examples": [{"trace_id": trace_id, "span_ids": hops[:20]} for trace_id, hops in row["examples"]],
        "false_positive_note": "What is above may have failed of something else at the same time; it is"
        " confirmed where every error on the way says the one below it.",
    }
