"""Which failures a call asks for: those of [from, to), in an environment."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, HTTPException, Query
from pydantic import AwareDatetime

from analytics.period import Period

# Without `from`, and at most: what is counted is read.
DEFAULT = timedelta(hours=24)
LONGEST = timedelta(days=31)


def between(start: datetime | None, end: datetime | None, default: timedelta) -> tuple[datetime, datetime]:
    """Return what is asked for by `from` and `to`; without them the last of so long."""
    until = end or datetime.now(UTC)
    since = start or until - default
    if not since < until <= since + LONGEST:
        raise HTTPException(422, f"`from` must be before `to`, by {LONGEST.days} days at most.")
    return since, until


def within(default: timedelta) -> Callable[..., Period]:
    """Return what reads the period of a call, the last of so long where it names none."""

    def asked(
        period_from: Annotated[AwareDatetime | None, Query(alias="from")] = None,
        period_to: Annotated[AwareDatetime | None, Query(alias="to")] = None,
        environment: Annotated[str, Query(max_length=1000)] = "",
    ) -> Period:
        return Period(*between(period_from, period_to, default), environment)

    return asked


FailedIn = Annotated[Period, Depends(within(DEFAULT))]
