"""Alarms as the API shows them, from their rows. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from analytics.api.drift_models import DriftAlarm, Explanation
from analytics.rfc3339 import rfc3339

_UNREAD = Explanation(headline="it drifted; what was known of it cannot be read", moved="", is_up=True)


def shown_alarm(row: Mapping[str, Any]) -> DriftAlarm:
    """Return an alarm of alarms_of.sql."""
    return DriftAlarm(
        opened=_time(row["opened_s"]),
        closed=_time(row["closed_s"]) if row["closed_s"] else None,
        closed_by=row["closed_by"] or None,
        began=_time(row["began_s"]),
        began_first=_time(row["began_first_s"]),
        began_last=_time(row["began_last_s"]),
        change=row["change"] or None,
        evidence=row["evidence"],
        threshold=row["threshold"],
        explanation=_explanation(row["explanation"]),
    )


def _explanation(written: str) -> Explanation:
    try:
        return Explanation.model_validate_json(written)
    except ValidationError:
        return _UNREAD


def _time(unix_s: int) -> str:
    return rfc3339(datetime.fromtimestamp(unix_s, UTC))
