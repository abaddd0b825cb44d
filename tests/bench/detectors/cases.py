"""Cases and findings for the tests of the score."""

from typing import Any

from bench.detectors.manifest import Case
from bench.detectors.worker import Joined

HELD_AT = 1_790_000_000.0


def case(name: str, scenario: str, *, faulty: bool = True, process: int = 0) -> Case:
    return Case(name, "open", "plain", process, scenario, faulty, 1, 0.0)


def joined(name: str, *trace_ids: str, held: bool = True, error: str = "") -> Joined:
    return Joined(name, trace_ids, f"instance of {name}", HELD_AT - 5, HELD_AT if held else None, error)


def finding(
    detector: str,
    *trace_ids: str,
    grade: str = "confirmed",
    severity: str = "S2",
    after_s: int = 10,
    **more: Any,
) -> dict[str, Any]:
    first_seen = f"2026-09-21T14:{13 + after_s // 60:02}:{20 + after_s % 60:02}.000000000Z"
    return {
        "detector": detector,
        "grade": grade,
        "severity": severity,
        "trace_ids": list(trace_ids),
        "first_seen": first_seen,
    } | more
