"""Drift: what is said of series, of how they stand, and in which order they are listed."""

from collections.abc import Sequence
from datetime import datetime

from analytics.api.drift_models import SeriesCounts, SeriesName, SeriesPage, SeriesState, SeriesSummary
from dashboard.presentation.address import series_address
from dashboard.presentation.row import Cell, Column, Row, Table
from dashboard.presentation.tone import Tone
from dashboard.wording.amount import count, counted, listed, shortened
from dashboard.wording.measure import times
from dashboard.wording.moment import ago, at, moment
from dashboard.wording.sign import UNKNOWN

DETECTOR = "drift"
LIMITS = "Looked at each hour; docs/drift.md says how. A series is one metric of one agent's operation."
COLUMNS = [
    Column("Series", grow=4),
    Column("What it does", grow=5),
    Column("Evidence", number=True),
    Column("Calls in a day", number=True),
    Column("Since", number=True),
]
STATES: dict[str, str] = {
    "": "All",
    "drifting": "Drifting",
    "watched": "Watched",
    "pooled": "Watched together",
    "warming up": "Warming up",
    "quiet": "Quiet",
}
_NAMED_MAX = 3


def what(one: SeriesSummary) -> str:
    """Return what a series is: `output tokens of coder, chat gpt-5`."""
    of = " ".join(shortened(part) for part in (one.operation, one.subject) if part)
    name = f"{shortened(one.metric)} of {shortened(one.agent) or everybody(one)}"
    return f"{name}, {of}" if of else name


def everybody(one: SeriesName) -> str:
    """Return whose a series without an agent is."""
    return "several agents" if one.unit == "rank" else "all agents"


def tone(counts: SeriesCounts) -> Tone:
    """Return the tone of the page: drift is to be looked at, nothing is broken by it."""
    return "attention" if counts.drifting else "quiet"


def news(found: SeriesPage) -> tuple[str, str]:
    """Return how many series drift, and how many are watched at which price."""
    counts = found.counts
    watched = counts.watched + counts.drifting
    price = f"Budget: {found.budget.rstrip('.')}, over all of them."
    if not watched + counts.pooled + counts.warming_up + counts.quiet:
        return (
            "No series yet.",
            "What agents put out is counted by the hour, and watched once two weeks of it were seen.",
        )
    if not watched:
        learning = counted(counts.warming_up, "series is", "series are")
        return f"Nothing is watched for drift yet: {learning} warming up.", price
    rest = f"{counted(watched, 'series', 'series')} watched{_others(counts)}. {price}"
    if not counts.drifting:
        return "No series drifts.", rest
    names = [what(one) for one in found.items if one.state == "drifting"]
    drifting = counted(counts.drifting, "series drifts", "series drift")
    if not names:
        return f"{drifting}.", rest
    named = listed(names, _NAMED_MAX) if counts.drifting <= _NAMED_MAX else f"{names[0]} and others"
    return f"{drifting}: {named}.", rest


def _others(counts: SeriesCounts) -> str:
    others = [
        *([f"{count(counts.pooled)} watched together"] if counts.pooled else []),
        *([f"{count(counts.warming_up)} warming up"] if counts.warming_up else []),
        *([f"{count(counts.quiet)} quiet"] if counts.quiet else []),
    ]
    return f", {', '.join(others)}" if others else ""


def series_table(caption: str, series: Sequence[SeriesSummary], now: datetime) -> Table:
    """Return series as rows that lead to them."""
    return Table(caption, COLUMNS, [_row(one, now) for one in series])


def _row(one: SeriesSummary, now: datetime) -> Row:
    began = moment(one.alarm.began) if one.alarm else None
    nearness = one.evidence / one.threshold if one.evidence is not None and one.threshold else None
    return Row(
        id=one.id,
        href=series_address(one.id),
        tone="failed" if one.state == "drifting" else "quiet",
        cells=[
            Cell(what(one), note=one.environment and f"in {shortened(one.environment)}", hint=what(one)),
            Cell(said(one), hint=said(one)),
            Cell(
                f"{max(nearness, 0):.0%}".replace("%", " %") if nearness is not None else UNKNOWN,
                sort=-1.0 if nearness is None else nearness,
                share=min(max(nearness, 0.0), 1.0) if nearness is not None else None,
                share_tone="attention" if one.state == "drifting" else "quiet",
                hint=evidence_hint(one),
            ),
            Cell(count(one.calls) if one.calls else UNKNOWN, sort=float(one.calls)),
            Cell(
                ago(began, now) if began else UNKNOWN,
                sort=began.timestamp() if began else 0.0,
                hint=f"{at(began, now)} UTC" if began else "",
            ),
        ],
    )


def said(one: SeriesSummary) -> str:
    """Return what a series does, in a line."""
    if one.alarm:
        return effect(one, one.alarm.explanation.headline)
    if one.state == "warming up":
        return f"Needs {one.wanting}." if one.wanting else "Needs more calls."
    if one.state == "pooled":
        return "Too few calls to be watched alone."
    if one.state == "quiet":
        return "Nothing came in three days."
    return "As usual."


def effect(one: SeriesSummary, headline: str) -> str:
    """Return a headline without the name of its series, where that stands beside it."""
    of = " ".join(part for part in (one.operation, one.subject) if part)
    name = f"{one.metric} of {one.agent or everybody(one)}" + (f", {of}" if of else "")
    is_named = headline.casefold().startswith(f"{name}: ".casefold())
    return headline[len(name) + 2 :] if is_named else headline


def evidence_hint(one: SeriesSummary) -> str:
    """Return what a share of the evidence is in odds."""
    if one.evidence is None or one.threshold is None:
        return ""
    return f"Of the logarithm that it takes, which is {times(one.threshold)} to one."


def in_state(series: Sequence[SeriesSummary], *states: SeriesState) -> list[SeriesSummary]:
    """Return those in some states."""
    return [one for one in series if one.state in states]
