"""Which failures a call asks for: those of [from, to), in an environment."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, HTTPException, Query
from pydantic import AwareDatetime

# Without `from`, and at most: what is counted is read.
DEFAULT = timedelta(hours=24)
LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Failures:
    """Failures in [start, end), in an environment; '' is every one."""

    start: datetime
    end: datetime
    environment: str = ""


def _asked(
    failed_from: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    failed_to: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    environment: Annotated[str, Query(max_length=1000)] = "",
) -> Failures:
    end = failed_to or datetime.now(UTC)
    start = failed_from or end - DEFAULT
    if not start < end <= start + LONGEST:
        raise HTTPException(422, f"`from` must be before `to`, by {LONGEST.days} days at most.")
    return Failures(start, end, environment)


FailedIn = Annotated[Failures, Depends(_asked)]
