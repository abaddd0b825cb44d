"""What is said of an agent that drifts. Pure."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from analytics.detectors.detector import Row
from analytics.detectors.wording import count, plain
from analytics.findings.finding import Finding
from analytics.fingerprint import fingerprint
from analytics.rfc3339 import rfc3339
from analytics.series.key import series_id

DETECTOR = "drift"

_SERIES_MAX = 10
_TRACES_MAX = 5
_S = 1_000_000_000


def drift_finding(rows: Sequence[Row]) -> Finding:
    """Return the finding of an agent's series that drift, the first one first."""
    first = rows[0]
    explained = [_explanation(row) for row in rows]
    agent = plain(first["agent"])
    return Finding(
        project=first["project"],
        detector=DETECTOR,
        fingerprint=fingerprint(first["environment"], first["agent"] or series_id(first["series"])),
        severity="S2" if any(_fails_more(*one) for one in zip(rows, explained, strict=True)) else "S3",
        grade="probable",
        title=_title(rows, explained),
        advice=_advice(explained),
        since=datetime.fromtimestamp(min(row["began_s"] for row in rows), UTC),
        agents=[agent] if agent else [],
        trace_ids=[trace for one in explained for trace in one.get("traces_after", ())][:_TRACES_MAX],
        span_ids=[],
        evidence=_evidence(rows, explained),
    )


def _explanation(row: Row) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(row["explanation"])
    except ValueError:
        found = {}
    return found


def _fails_more(row: Row, explained: Mapping[str, Any]) -> bool:
    """Say whether there are more errors than before."""
    ok = [one for one in explained.get("shares", ()) if one["category"] == "ok"]
    return row["metric"] == "outcome" and bool(ok) and ok[0]["after"] < ok[0]["before"]


def _title(rows: Sequence[Row], explained: Sequence[Mapping[str, Any]]) -> str:
    said = next((one["headline"] for one in explained if one.get("headline")), rows[0]["metric"])
    more = f", and {count(len(rows) - 1, 'other measure')} of it" if len(rows) > 1 else ""
    blamed = _blamed(explained)
    after = f", since {blamed}" if blamed else ""
    return f"{said}{more}{after}"


def _blamed(explained: Sequence[Mapping[str, Any]]) -> str:
    """Return the change nearest to the beginning, in words; empty where none is near."""
    changes = [change for one in explained for change in one.get("changes", ())]
    if not changes:
        return ""
    nearest = min(changes, key=lambda change: abs(change["hours_before"]))
    what = plain(f"{nearest['what']} {nearest['version']}".strip())
    if nearest["what"] in ("prompt", "tool set"):
        what = f"a new {nearest['what']} ({plain(nearest['note'])})"
    return f"{what} came at {nearest['at'][:16].replace('T', ' ')} UTC"


def _advice(explained: Sequence[Mapping[str, Any]]) -> str:
    looked = "Compare the sample traces of before and after on the Drift page."
    if _blamed(explained):
        return f"{looked} Roll the change back, or accept it there as the new normal, with a reason."
    return f"{looked} No change is known near it: look at the model's provider, and at what comes in."


def _evidence(rows: Sequence[Row], explained: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {
        "rule": "an e-detector on hourly counts, at the false-alarm budget of all series of the project",
        "series": [
            {
                "id": series_id(row["series"]),
                "metric": plain(row["metric"]),
                "operation": plain(row["operation"]),
                "subject": plain(row["subject"]),
                "headline": one.get("headline", ""),
                "moved": plain(one.get("moved", "")),
                "began": rfc3339(int(row["began_s"]) * _S),
                "told": rfc3339(int(row["opened_s"]) * _S),
                "log_evidence": round(row["evidence"], 1),
                "log_threshold": round(row["threshold"], 1),
            }
            for row, one in list(zip(rows, explained, strict=True))[:_SERIES_MAX]
        ],
        "series_drifting": len(rows),
        "changes": [change for one in explained for change in one.get("changes", ())][:_SERIES_MAX],
        "false_positive_note": "Of all series of a project together so many false alarms are to be expected"
        " as the budget says. A holiday is a day unlike its like.",
    }
