"""Boundaries and their contracts, as the API answers."""

import json
from typing import Any

from analytics.api.models import ContractBoundaries, ContractBoundary, ContractDetail
from tests.dashboard import fleet

REFUND, LOOK_UP, LEARNING, ANSWER = ("c1" * 16, "c2" * 16, "c3" * 16, "c4" * 16)
SCHEMA = {"type": "object", "required": ["amount", "id"], "properties": {"amount": {"type": "number"}}}


def contracts(boundaries: int) -> ContractBoundaries:
    """Return so many; of four one breaks what is written, one what was learned, and one still learns."""
    known = [
        _boundary(REFUND, "tool", "billing", "issue_refund", "input", source="user", checked=310, broken=4),
        _boundary(LOOK_UP, "tool", "planner", "look_up", "output", source="learned", checked=1_204, broken=1),
        _boundary(ANSWER, "agent", "writer", None, "output", source="learned", checked=812),
        _boundary(LEARNING, "handoff", "planner", "coder", "input", source="none", calls=41),
    ]
    more = [
        _boundary(f"{number:032x}", "tool", "x", f"tool {number}", "output", source="learned", checked=900)
        for number in range(4, boundaries)
    ]
    return ContractBoundaries(items=[*known, *more][:boundaries], total=boundaries, calls_min=200)


def contract(boundaries: int, boundary: str) -> ContractDetail | None:
    """Return one of them with a break of each sort."""
    one = next((one for one in contracts(boundaries).items if one.id == boundary), None)
    if one is None:
        return None
    breaks = [
        _break("$.amount", "type", "number", "string", '"12,50"', 3),
        _break("$.id", "missing", "present", "nothing", "nothing", 1),
    ]
    drift = {"at": fleet.before(9_000), "path": "$.note", "cause": "type", "got_type": "object"}
    return ContractDetail.model_validate(
        {
            "boundary": one,
            "contracts": [
                {
                    "source": "learned" if one.source == "none" else one.source,
                    "version": "1.4.2",
                    "calls": 1_204,
                    "json_schema": json.dumps(SCHEMA),
                    "problem": None,
                    "drifts": [drift],
                }
            ],
            "breaks": breaks if one.broken else [],
            "history": [
                {"start": fleet.before(600), "checked": 120, "broken": 0},
                {"start": fleet.before(300), "checked": 130, "broken": one.broken},
            ],
        }
    )


def _boundary(id_: str, kind: str, agent: str, name: str | None, side: str, **more: Any) -> ContractBoundary:
    checked, failed = more.get("checked", 0), more.get("broken", 0)
    return ContractBoundary.model_validate(
        {
            "id": id_, "kind": kind, "agent": agent, "name": name, "side": side, "version": "1.4.2",
            "versions": 1, "calls": checked, "checked": checked, "broken": failed, "usual": 0,
            "pass_rate": 1 - failed / checked if checked else None,
            "last_break": fleet.before(125) if failed else None, "learned_calls": more.get("calls", checked),
        }
        | more
    )  # fmt: skip


def _break(path: str, cause: str, expected: str, got_type: str, got: str, calls: int) -> dict[str, Any]:
    return {
        "path": path, "cause": cause, "source": "user", "expected": expected, "got_type": got_type,
        "got": got, "calls": calls, "first": fleet.before(900), "last": fleet.before(125),
        "examples": [(fleet.STUCK_TRACE, fleet.STUCK_SPAN)],
    }  # fmt: skip
