"""Past deadlocks: when each held within a time range, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analytics.api.models import Finding
from dashboard.presentation.address import deadlock_address
from dashboard.presentation.row import Cell, Column, Row, Table
from dashboard.wording.amount import listed
from dashboard.wording.duration import age
from dashboard.wording.moment import ago, at, moment
from dashboard.wording.sign import UNKNOWN

COLUMNS = [
    Column("Deadlock", grow=4),
    Column("How it ended", grow=3),
    Column("Lasted", number=True),
    Column("Began", number=True),
]
SHARE_MIN = 0.004
"""A bar narrower than this share of the range could not be seen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One deadlock on the time line: shares of the range, from its left."""

    left: float
    width: float
    is_open: bool
    hint: str


def bars(findings: Sequence[Finding], range_s: int, now: datetime) -> list[Bar]:
    """Return a bar for each deadlock that held at some time within the last `range_s` seconds."""
    start = now - timedelta(seconds=range_s)
    made = []
    for finding in findings:
        begin = max(moment(finding.since), start)
        end = moment(finding.resolved_at) if finding.resolved_at else now
        if end < start:
            continue
        left = (begin - start).total_seconds() / range_s
        width = max((end - begin).total_seconds() / range_s, SHARE_MIN)
        hint = f"{at(begin, now)} to {at(end, now)} UTC"
        made.append(Bar(min(left, 1 - width), width, finding.resolved_at is None, hint))
    return made


def past_table(findings: Sequence[Finding], now: datetime) -> Table:
    """Return resolved deadlocks as rows, in the order given."""
    return Table("Past deadlocks", COLUMNS, [_row(finding, now) for finding in findings])


def newest_first(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.since, reverse=True)


def _row(finding: Finding, now: datetime) -> Row:
    began, ended = moment(finding.since), moment(finding.resolved_at or finding.last_seen)
    lasted_s = (ended - began).total_seconds()
    return Row(
        id=finding.id,
        href=deadlock_address(finding.id),
        cells=[
            Cell(finding.title, hint=finding.title, note=listed(finding.agents, 8)),
            Cell(finding.resolution or UNKNOWN, hint=finding.resolution or "", note=finding.grade),
            Cell(age(lasted_s), sort=lasted_s),
            Cell(ago(began, now), hint=f"{at(began, now)} UTC", sort=began.timestamp()),
        ],
    )
