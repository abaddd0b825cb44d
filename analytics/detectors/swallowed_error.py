"""SwallowedError: something failed, and who was to answer answers as if nothing had. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from analytics.detectors.chain_window import QUIET, ROWS_MAX, WINDOW, recorded_chains
from analytics.detectors.detector import CHANGED_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.past_days import no_longer
from analytics.detectors.wording import count, duration, plain
from analytics.findings.finding import Finding
from analytics.findings.judgement import Key
from analytics.rfc3339 import rfc3339
from collector.store.statement import statement

DETECTOR = "swallowed_error"
EXPECTED = "Most of such calls fail by now, in traces that go well: it is expected, and not told any more."
OVER = f"It was not swallowed any more for {duration(QUIET.total_seconds())}."


class SwallowedError:
    """An error under a parent that did not fail, whose answer says nothing of it.

    What the answer tells of, what another call about the same made up for, what such calls do as a rule, and
    what nobody can know for want of captured content is none.

    References
    ----------
    `docs/detectors.md`, section ``swallowed_error``.
    """

    name = DETECTOR
    every_s = CHANGED_EVERY_S
    sql = statement(__package__, "swallowed_error.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        return recorded_chains(window)

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:
        """Tell of what was swallowed lately."""
        told = [row for row in rows if row["swallowed_lately"] and not _is_expected(row, limits)]
        expected = {_key(row) for row in rows if _is_expected(row, limits)} & window.watched
        over = window.watched - {_key(row) for row in told} - expected
        return Outcome(
            findings=[_finding(row) for row in told],
            resolutions={**no_longer(over, OVER), **no_longer(expected, EXPECTED)},
            partial=len(rows) >= ROWS_MAX,
        )


def _key(row: Row) -> Key:
    return row["project"], row["fingerprint"]


def _is_expected(row: Row, limits: Limits) -> bool:
    """Say whether most of such calls fail in traces that go well: a probe that finds nothing."""
    kind, agent, label, _ = row["origin"]
    habit = limits.habit(row["project"], "failed", f"{agent}\0{label}") if kind == "tool" else None
    return habit is not None and habit.q50 > 0


def _finding(row: Row) -> Finding:
    traces = [trace_id for trace_id, *_ in row["examples"]]
    spans = [span_id for _, *spans in row["examples"] for span_id in spans if int(span_id, 16)]
    return Finding(
        project=row["project"],
        detector=DETECTOR,
        fingerprint=row["fingerprint"],
        severity="S2" if row["consumed"] else "S3",
        # that somebody took the answer in is seen; that it is wrong is not
        grade="probable" if row["consumed"] else "suspected",
        title=_title(row),
        advice=_advice(row),
        since=datetime.fromtimestamp(row["first_ns"] / 1e9, UTC),
        agents=list(dict.fromkeys(plain(agent) for agent in row["agents"])),
        trace_ids=traces,
        span_ids=list(dict.fromkeys(spans)),
        evidence=_evidence(row),
    )


def _title(row: Row) -> str:
    _, _, label, error = row["origin"]
    what, container = plain(label), plain(row["agents"][-1])
    says = f"{container} answers as if nothing had failed after {plain(error) or 'an error'} in {what}"
    if row["consumed"]:
        return f"{says}, and others go on from that answer in {count(row['consumed'], 'trace')}"
    return f"{says}, in {count(row['swallowed'], 'trace')}"


def _advice(row: Row) -> str:
    trace_id, failed, container, consumer = row["examples"][0]
    first = f" The first to take it in was span {consumer}." if int(consumer, 16) else ""
    return (
        f"Compare in trace {trace_id} what failed (span {failed}) with what was answered (span {container})."
        f"{first} Let {plain(row['agents'][-1])} say what is missing, or fail."
    )


def _evidence(row: Row) -> Mapping[str, Any]:
    kind, agent, label, error = row["origin"]
    return {
        "rule": "a call failed, what called it did not, its answer and what was said in it after that have no"
        " word of a failure, and no other call about the same went well",
        "origin": {
            "agent": plain(agent),
            "call": plain(label),
            "kind": plain(kind),
            "error_type": plain(error),
        },
        "contained_by": plain(row["agents"][-1]),
        "answers_judged": row["judged"],
        "swallowed": row["swallowed"],
        "consumed": row["consumed"],
        "first": rfc3339(row["first_ns"]),
        "last": rfc3339(row["last_ns"]),
        "window_h": WINDOW.total_seconds() / 3600,
        "examples": [
            dict(zip(("trace_id", "failed", "answered", "consumer"), example, strict=True))
            for example in row["examples"]
        ],
        "false_positive_note": "The answer may be right without what failed, or tell of it in words or a"
        " language that are not known here.",
    }
