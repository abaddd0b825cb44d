"""SinglePointOfFailure: what all traces of a kind go through, and none survives the failure of. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from analytics.baselines.baseline import WINDOW
from analytics.detectors.detector import DAYS_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.past_days import ROWS_MAX, no_longer, past_days
from analytics.detectors.wilson import wilson
from analytics.detectors.wording import count, plain
from analytics.findings.finding import Finding
from analytics.fingerprint import fingerprint
from collector.store.statement import statement

DETECTOR = "single_point_of_failure"
# `reference/detectors.md` 3.19: nearly all that succeed go through it (by the interval's lower end, too: it
# takes 35), and hardly any succeeds where it failed, of five at least.
SHARE_MIN = 0.95
SHARE_LOWER_MIN = 0.90
TRACES_MIN = 35
FAILURES_MIN = 5
PASSED_DESPITE_MAX = 0.05
# The upper end of that interval for the grade `probable`: 16 failures of which none was survived.
PASSED_DESPITE_UPPER_MAX = 0.20

OVER = "In the last seven days not enough of such traces failed with it, or some went on without it."


class SinglePointOfFailure:
    """Whenever one agent, tool, model or provider fails, the whole trace does, and nothing else is tried.

    What has not failed is not told: that everything goes through the only model of a service is
    known to whoever built it, and whether it has an alternative is seen when it fails.

    References
    ----------
    `docs/detectors.md`, section ``single_point_of_failure``.
    """

    name = DETECTOR
    every_s = DAYS_EVERY_S
    sql = statement(__package__, "single_point_of_failure.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        least = {"traces_min": TRACES_MIN, "failures_min": FAILURES_MIN, "share_min": SHARE_MIN}
        return {**past_days(window), **least}

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:  # noqa: ARG002
        """Judge what the traces of each kind go through."""
        return Outcome(
            findings=[_finding(row) for row in _told(row for row in rows if _is_single(row))],
            resolutions=no_longer(window.watched, OVER),
            partial=len(rows) >= ROWS_MAX,
        )


def _is_single(row: Row) -> bool:
    passed_all = wilson(row["passed_through"], row["passed"])
    return (
        row["passed"] >= TRACES_MIN
        and passed_all.share >= SHARE_MIN
        and passed_all.lower >= SHARE_LOWER_MIN
        and row["failures"] >= FAILURES_MIN
        and row["passed_despite"] <= PASSED_DESPITE_MAX * row["failures"]
        and not row["failures_elsewhere"]
    )


def _told(single: Iterator[Row]) -> Iterator[Row]:
    """Yield what is told: not a provider when one of its models is, that says it better."""
    by_root: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in single:
        by_root[row["project"], row["root"]].append(row)
    for rows in by_root.values():
        roles = {row["role"] for row in rows}
        yield from (row for row in rows if not (row["role"] == "provider" and "model" in roles))


def _finding(row: Row) -> Finding:
    root, role, name = plain(row["root"]), row["role"], plain(row["name"])
    traces = [trace_id for trace_id, _ in row["examples"]]
    upper = wilson(row["passed_despite"], row["failures"]).upper
    return Finding(
        project=row["project"],
        detector=DETECTOR,
        fingerprint=fingerprint(row["root"], role, row["name"]),
        severity="S4",
        grade="probable" if upper <= PASSED_DESPITE_UPPER_MAX else "suspected",
        title=(
            f"{root} fails whenever {_the(role, name)} fails: {_despite(row)}, and nothing else was tried"
        ),
        advice=(
            f"Give {_the(role, name)} an alternative, or let {root} answer without it;"
            " if it must be alone, retry it and say so to who waits."
        ),
        since=datetime.fromtimestamp(row["first_ns"] / 1e9, UTC),
        agents=[name] if role == "agent" else [],
        trace_ids=traces,
        span_ids=[span_id for _, span_id in row["examples"]],
        evidence=_evidence(row, upper),
        certain=upper <= PASSED_DESPITE_UPPER_MAX,
    )


def _the(role: str, name: str) -> str:
    return name if role == "agent" else f"the {role} {name}"


def _despite(row: Row) -> str:
    survived = "none" if not row["passed_despite"] else f"{row['passed_despite']:,}"
    return f"of {count(row['failures'], 'such trace')} {survived} succeeded"


def _evidence(row: Row, upper: float) -> Mapping[str, Any]:
    through = wilson(row["passed_through"], row["passed"])
    return {
        "rule": (
            "95 % of what succeeds goes through it (Wilson's lower end 90 %), 5 % at most succeed"
            " where it failed (n >= 5), and no other of its role began to work after it failed"
        ),
        "root": plain(row["root"]),
        "node": {"role": row["role"], "name": plain(row["name"])},
        "traces": row["traces"],
        "succeeded": {
            "n": row["passed"],
            "through_it_share": round(through.share, 4),
            "through_it_share_at_least": round(through.lower, 4),
        },
        "failed_with_it": {
            "n": row["failures"],
            "succeeded": row["passed_despite"],
            "succeeded_share_at_most": round(upper, 4),
        },
        "window_days": WINDOW.days,
        "one_trace_read_in": row["one_in"],
        "false_positive_note": (
            "What failed may be the request and not this: then an alternative would have failed as well."
        ),
    }
