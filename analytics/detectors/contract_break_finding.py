"""What is said of a broken contract. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from analytics.detectors.chain_window import WINDOW
from analytics.detectors.detector import Row
from analytics.detectors.wording import count, plain
from analytics.findings.finding import Finding, Grade
from analytics.rfc3339 import rfc3339

DETECTOR = "contract_break"

# What hardly happens by chance to what was never so in hundreds of calls.
_CLEAR = ("unparsable", "missing", "type")
_SOURCES = {
    "user": "the contract in the settings",
    "tool": "the schema that the tool itself states",
    "learned": "what all calls before were",
}
_SEEN = "one of the values that were seen"
_SAID = {
    "unparsable": "is no JSON document",
    "missing": "lacks {path}",
    "unexpected": "has what must not be there, at {path}",
    "type": "has another type at {path}: {got} instead of {expected}",
    "enum": "has a value at {path} that is none of those allowed",
    "range": "is out of range at {path}",
    "format": "has another form at {path}",
    "empty": "is empty at {path}",
    "variant": "fits no variant at {path}",
}


def contract_break_finding(row: Row) -> Finding:
    """Return the finding of a row of `contract_break.sql`."""
    is_declared = row["source"] != "learned"
    grade: Grade = "confirmed" if is_declared else "probable" if row["cause"] in _CLEAR else "suspected"
    examples: list[tuple[str, str]] = row["examples"]
    return Finding(
        project=row["project"],
        detector=DETECTOR,
        fingerprint=row["fingerprint"],
        severity="S2" if is_declared and row["consumed"] else "S3",
        grade=grade,
        title=_title(row),
        advice=_advice(row),
        since=datetime.fromtimestamp(row["first_ns"] / 1e9, UTC),
        agents=[plain(row["agent"])] if row["agent"] else [],
        trace_ids=list(dict.fromkeys(trace for trace, _ in examples)),
        span_ids=[span for _, span in examples],
        evidence=_evidence(row),
        # they were broken, whenever one looks
        certain=is_declared,
    )


def _title(row: Row) -> str:
    said = _SAID[row["cause"]].format(
        path=plain(row["path"]), got=row["got_type_last"], expected=plain(row["expected_last"])
    )
    times = f"{count(row['broken'], 'call')} of {row['calls_checked']:,}"
    after = ", and agents went on from it" if row["consumed"] and row["side"] == "output" else ""
    return f"{_what(row)} {said} in {times}{after}"


def _what(row: Row) -> str:
    agent, name = plain(row["agent"]), plain(row["name"])
    whose = f"{agent}'s " if agent else ""
    if row["kind"] == "agent":
        return f"{whose}{'answer' if row['side'] == 'output' else 'task'}"
    if row["kind"] == "handoff":
        return (
            f"What {agent or 'somebody'} hands to {name}"
            if row["side"] == "input"
            else f"What {name} hands back"
        )
    return f"The {'result' if row['side'] == 'output' else 'arguments'} of {whose}{name}"


def _advice(row: Row) -> str:
    trace, span = row["examples"][0]
    where = f"See span {span} of trace {trace}."
    if row["source"] == "learned":
        return (
            f"{where} If it may be so, write it down: `doldrums contracts export` prints what was learned, to"
            " be corrected and committed."
        )
    side = "before it is called" if row["side"] == "input" else "before it is used"
    return f"{where} Check it {side}, and let who made it know: ask again, or fail there."


def _evidence(row: Row) -> Mapping[str, Any]:
    # what was there instead, or was before, is not sent on: the page of the boundary shows it
    is_seen = row["source"] == "learned" and row["cause"] == "enum"
    return {
        "rule": f"held against {_SOURCES[row['source']]}",
        "boundary": {
            "kind": row["kind"],
            "agent": plain(row["agent"]),
            "name": plain(row["name"]),
            "side": row["side"],
            "version": plain(row["agent_version"]),
            "id": row["boundary"],
        },
        "contract": row["source"],
        "path": plain(row["path"]),
        "cause": row["cause"],
        "expected": _SEEN if is_seen else plain(row["expected_last"]),
        "got": row["got_type_last"],
        "calls_broken": row["broken"],
        "calls_consumed": row["consumed"],
        "calls_checked": row["calls_checked"],
        "first": rfc3339(row["first_ns"]),
        "last": rfc3339(row["last_ns"]),
        "window_h": WINDOW.total_seconds() / 3600,
        "examples": [{"trace_id": trace, "span_id": span} for trace, span in row["examples"]],
        "false_positive_note": "A learned contract is what calls were, not what they must be. Of a busy"
        " boundary some calls are checked, unless a contract in the settings names it.",
    }
