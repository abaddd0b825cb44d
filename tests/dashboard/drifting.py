"""Series and their drift, as the API answers."""

import math
import random
from datetime import timedelta
from typing import Any

from analytics.api.drift_models import DriftAlarm, Series, SeriesPage, SeriesSummary
from tests.dashboard import fleet

SLOW, TOOLS, CALM, LEARNING, SILENT, SAID, POOL = (f"d{number}" * 8 for number in range(1, 8))
BUDGET = "at most one false drift alarm a month"
WANTING = (
    "9 more days, and 22 more traces to be watched with others: about 14 days at 1.6 a day;"
    " alone it takes 20 calls a day, and it has 2.8"
)
HOUR_S = 3_600
# Of the drift that the page tells of: so many hours before now it began.
BEGAN_H = 50
# What is any text may look like markup, or be long.
ADDED = ["Explain *every* step before you <b>answer</b>.", f"Never call a tool {'again and ' * 40}again."]


def series(number: int) -> SeriesPage:
    """Return so many; of five two drift, one is as usual, one warms up, one is quiet."""
    known = [
        _summary(SLOW, "duration", "coder", "chat", "gpt-5", state="drifting", evidence=21.3, calls=2_412),
        _summary(
            TOOLS, "tool", "planner", "execute_tool", "", state="drifting", evidence=15.0, calls=812,
            kind="category", unit="share",
        ),
        _summary(CALM, "output tokens", "writer", "chat", "gpt-5", unit="tokens", evidence=4.1, calls=640),
        _summary(
            LEARNING, "cost", "tester", "chat", "claude-sonnet", state="warming up", unit="USD",
            wanting=WANTING, evidence=None,
        ),
        _summary(SILENT, "duration", "old-agent", "execute_tool", "search", state="quiet", evidence=0.2),
    ]  # fmt: skip
    more = [
        _summary(f"{place:016x}", "duration", "x", "execute_tool", f"tool {place}", evidence=1.0, calls=9)
        for place in range(5, number)
    ]
    found = [*known, *more][:number]
    states = [one.state for one in found]
    counts = {
        "watched": states.count("watched"), "pooled": states.count("pooled"),
        "warming_up": states.count("warming up"),
        "drifting": states.count("drifting"), "quiet": states.count("quiet"),
    }  # fmt: skip
    return SeriesPage.model_validate({"items": found, "next": None, "counts": counts, "budget": BUDGET})


def one_series(number: int, series_id: str, days: int) -> Series | None:
    """Return one of them with its course of so many days."""
    found = next(
        (one for one in [*series(number).items, _other_words(), _pool()] if one.id == series_id), None
    )
    if found is None:
        return None
    dice = random.Random(5)
    is_learned = found.state != "warming up"
    known = found.model_dump() | {
        "learned_from": fleet.before(40 * 86_400) if is_learned else None,
        "learned_until": fleet.before(12 * 86_400) if is_learned else None,
        "buckets": [_bucket(found, ago, dice) for ago in range(24 * days, 0, -1)],
        "values": _values() if found.id == SLOW else [],
        "alarms": [found.alarm] if found.alarm else [],
        "changes": [],
        "acceptances": [],
    }
    if found.state == "drifting":
        known |= {"changes": _changes(), "acceptances": _acceptances()}
        known["alarms"] = [found.alarm, _alarm(found, ago_h=400, closed_h=380)]
    return Series.model_validate(known)


def _other_words() -> SeriesSummary:
    return _summary(
        SAID, "text content", "coder", "chat", "gpt-5", state="drifting", evidence=18.0, calls=600,
        kind="content", unit="sketch",
    )  # fmt: skip


def _pool() -> SeriesSummary:
    return _summary(
        POOL, "rank of duration", "", "execute_tool", "", state="drifting", evidence=18.0, calls=240,
        unit="rank",
    )  # fmt: skip


def _summary(id_: str, metric: str, agent: str, operation: str, subject: str, **more: Any) -> SeriesSummary:
    evidence = more.pop("evidence")
    one = SeriesSummary.model_validate(
        {
            "id": id_, "project": "default", "environment": "production", "agent": agent,
            "operation": operation, "subject": subject, "metric": metric, "kind": "numeric", "unit": "s",
            "state": "watched", "wanting": None, "pool": None, "bucket_h": None if evidence is None else 1,
            "evidence": evidence, "threshold": None if evidence is None else 14.2,
            "looked_at": None if evidence is None else fleet.before(600), "calls": 0, "alarm": None,
        }
        | more
    )  # fmt: skip
    return one.model_copy(update={"alarm": _alarm(one)}) if one.state == "drifting" else one


def _alarm(one: SeriesSummary, ago_h: int = BEGAN_H, closed_h: int | None = None) -> DriftAlarm:
    said = {"numeric": _slower, "category": _other_tools, "content": _refusals}[one.kind]()
    said = _higher_ranks() if one.unit == "rank" else said
    known = {
        "opened": _hour(ago_h - 4), "closed": None if closed_h is None else _hour(closed_h),
        "closed_by": None if closed_h is None else "returned", "began": _hour(ago_h),
        "began_first": _hour(ago_h + 2), "began_last": _hour(ago_h - 1), "change": None,
        "evidence": 21.3, "threshold": 14.2, "explanation": said,
    }  # fmt: skip
    return DriftAlarm.model_validate(known)


def _slower() -> dict[str, Any]:
    levels = [(0.05, 0.11, 0.14), (0.25, 0.27, 0.38), (0.5, 0.496, 0.753), (0.75, 0.91, 1.52),
              (0.95, 2.21, 4.12), (0.99, 4.3, 9.7)]  # fmt: skip
    return {
        "headline": "Duration of coder, chat gpt-5: the median went from 496 ms to 753 ms"
        " (+52 %, between +41 and +62 %)",
        "moved": "location", "is_up": True, "greater": 0.66,
        "levels": [
            {"level": level, "before": before, "after": after, "low": 0.8 * (after - before),
             "high": 1.2 * (after - before)}
            for level, before, after in levels
        ],
        "verdict": {"said": "behaviour", "by": ["version", "tools"]},
        "mix": [
            {"by": "version", "mix": 0.001, "behaviour": 0.32, "mix_error": 0.01, "behaviour_error": 0.02},
            {"by": "tools", "mix": 0.012, "behaviour": 0.31, "mix_error": 0.013, "behaviour_error": 0.02},
        ],
        "changes": [
            _changes()[0] | {"hours_before": 2.0},
            _changes()[1] | {"hours_before": 1.0, "added": ADDED, "removed": ["Answer in two sentences."]},
        ],
        "traces_before": [fleet.FAILED_TRACE], "traces_after": [fleet.STUCK_TRACE, "cd" * 16],
    }  # fmt: skip


def _higher_ranks() -> dict[str, Any]:
    levels = [(0.05, 5.0, 31.0), (0.5, 50.0, 74.0), (0.95, 95.0, 99.0)]
    members = [("coder", "search", 131, 79.0, 13.1), ("tester", "run_tests", 97, 71.0, 8.4),
               ("writer", "fetch", 12, 50.0, 0.1)]  # fmt: skip
    return {
        "headline": "Rank of duration of several agents, execute_tool: the median went from 50 % to 74 %",
        "moved": "location", "is_up": True, "greater": 0.74,
        "levels": [
            {"level": level, "before": before, "after": after, "low": 0.8 * (after - before),
             "high": 1.2 * (after - before)}
            for level, before, after in levels
        ],
        "verdict": {"said": "behaviour", "by": ["series"]},
        "mix": [{"by": "series", "mix": -0.1, "behaviour": 21.6, "mix_error": 0.4, "behaviour_error": 2.5}],
        "members": [
            {"agent": agent, "operation": "execute_tool", "subject": tool, "calls": calls, "rank": rank,
             "mix": -0.03, "behaviour": part}
            for agent, tool, calls, rank, part in members
        ],
        "traces_after": [fleet.STUCK_TRACE],
    }  # fmt: skip


def _other_tools() -> dict[str, Any]:
    return {
        "headline": "Tool of planner, execute_tool: “browse” went from 12 % to 34 % of calls",
        "moved": "browse", "is_up": True,
        "shares": [
            {"category": "browse", "before": 0.12, "after": 0.34, "low": 0.18, "high": 0.26},
            {"category": "search", "before": 0.8, "after": 0.58, "low": -0.27, "high": -0.17},
        ],
        "words": [{"word": "as an AI", "before": 0.001, "after": 0.05}],
        "traces_after": [fleet.STUCK_TRACE],
    }  # fmt: skip


def _refusals() -> dict[str, Any]:
    return {
        "headline": "Text content of coder, chat gpt-5: other words: “sorry” went from 0.1 % to 6 %"
        " of answers",
        "moved": "", "is_up": True,
        "words": [
            {"word": "sorry", "before": 0.001, "after": 0.06, "trace": fleet.STUCK_TRACE, "span": "ab" * 8,
             "example": "…I'm sorry, but I can't help with that request."},
            {"word": "certainly", "before": 0.2, "after": 0.02},
        ],
        "traces_before": [fleet.FAILED_TRACE], "traces_after": [fleet.STUCK_TRACE],
    }  # fmt: skip


def _changes() -> list[dict[str, Any]]:
    change = {"environment": "production", "agent": "coder", "note": ""}
    return [
        change | {"id": "ab", "source": "reported", "what": "deployment", "version": "v15",
                  "note": "new system prompt", "at": _hour(BEGAN_H + 2)},
        change | {"id": None, "source": "seen", "what": "prompt", "version": "5f3a9c21d04be7a8",
                  "note": "2 sentences added, 1 removed", "at": _hour(BEGAN_H + 1)},
        change | {"id": None, "source": "seen", "what": "model", "version": "gpt-5-2026-11", "at": _hour(20)},
        change | {"id": None, "source": "seen", "what": "tool", "version": "browse", "at": _hour(19)},
    ]  # fmt: skip


def _acceptances() -> list[dict[str, str]]:
    return [
        {
            "since": _hour(900),
            "at": _hour(890),
            "accepted_by": "ann (anonymous)",
            "note": "the planner asks for longer answers",
        }
    ]


def _bucket(one: SeriesSummary, ago_h: int, dice: random.Random) -> dict[str, Any]:
    hour = fleet.NOW - timedelta(hours=ago_h)
    day = 1 + 0.25 * math.sin(2 * math.pi * (hour.hour - 9) / 24)
    is_since = one.state == "drifting" and ago_h <= BEGAN_H
    calls = 0 if one.state == "quiet" else round(100 * day)
    known: dict[str, Any] = {"hour": _hour(ago_h), "calls": calls}
    if one.evidence is not None:
        grown = max(0.0, one.evidence * (1 - max(ago_h - BEGAN_H + 30, 0) / 30)) if is_since else 0.0
        known |= {"evidence": grown + dice.random(), "threshold": 14.2}
    if not calls or one.kind == "content":
        return known
    if one.kind == "category":
        browse = dice.gauss(0.34 if is_since else 0.12, 0.02)
        return known | {
            "shares": {"browse": browse, "search": 0.92 - browse, "other": 0.08},
            "usual_shares": {"browse": 0.12, "search": 0.8, "other": 0.08},
        }
    typical = {"s": 0.5, "tokens": 320.0, "USD": 0.004, "rank": 20.0}[one.unit] * day
    p50 = typical * (1.52 if is_since else 1) * math.exp(dice.gauss(0, 0.04))
    known |= {"p50": p50, "p95": p50 * 4.4 * math.exp(dice.gauss(0, 0.08))}
    if one.state == "warming up":
        return known
    usual = {"usual_p50": typical, "usual_p95": typical * 4.4}
    return known | usual | {"usual_low": typical * 0.92, "usual_high": typical * 1.09}


def _values() -> list[dict[str, float]]:
    columns = [0.05 * 1.22**place for place in range(28)]

    def weight(value: float, middle: float) -> float:
        return math.exp(-((math.log(value / middle) / 0.9) ** 2) / 2)

    before = [weight(low, 0.496) for low in columns]
    after = [weight(low, 0.753) for low in columns]
    return [
        {"low": low, "high": low * 1.22, "before": usual / sum(before), "after": now / sum(after)}
        for low, usual, now in zip(columns, before, after, strict=True)
    ]


def _hour(ago_h: float) -> str:
    when = fleet.NOW.replace(minute=0, second=0) - timedelta(hours=ago_h)
    return f"{when:%Y-%m-%dT%H:%M:%S}.000000000Z"
