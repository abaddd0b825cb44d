"""Drift, as the settings say how it is looked for."""

from datetime import UTC, datetime
from typing import Literal, cast

from analytics.series.policy import Policy
from doldrums.settings import Settings


def drift_policy(settings: Settings) -> Policy:
    """Return what series are compared with, and how many false alarms are put up with."""
    reference, pinned_s = settings.drift_reference, (0, 0)
    if ".." in reference:
        first, end = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in reference.split(".."))
        reference, pinned_s = "pinned", (int(first.timestamp()), int(end.timestamp()))
    return Policy(
        settings.drift_budget,
        cast(Literal["learned", "sliding", "pinned"], reference),
        settings.drift_reference_days,
        settings.drift_reference_days_min,
        pinned_s,
    )
