"""One series in tables: what stood before and since, words, known changes, and what was of it before."""

from datetime import datetime

from analytics.api.drift_models import DriftAlarm, Explanation, Series
from dashboard.presentation.drift_alarm import change_name, ended, hour
from dashboard.wording.amount import count, shortened
from dashboard.wording.measure import measured, percent, percent_points, points, signed
from dashboard.wording.moment import moment

CHANGES_TOLD_MAX = 12
EXAMPLE_CHARACTERS_MAX = 200
MEMBER_COLUMNS = [
    "",
    "calls since",
    "of its usual calls, the median exceeds",
    "its part in the whole, by what it does",
    "by its share of calls",
]


def shift_rows(one: Series, said: Explanation) -> tuple[list[str], list[list[str]]]:
    """Return the columns and rows of what stood before and after."""
    columns = ["before", "after", "difference", "90 % between"]
    if said.levels:
        rows = [
            [
                _level(each.level),
                measured(each.before, one.unit),
                measured(each.after, one.unit),
                signed(measured(each.after - each.before, one.unit)),
                f"{signed(measured(each.low, one.unit))} and {signed(measured(each.high, one.unit))}",
            ]
            for each in said.levels
        ]
        return ["", *columns], rows
    rows = [
        [
            shortened(each.category, 80) or "(no name)",
            percent(each.before),
            percent(each.after),
            points(each.after - each.before),
            f"{points(each.low)} and {points(each.high)}",
        ]
        for each in said.shares
    ]
    return ["", *columns], rows


def _level(level: float) -> str:
    if level == 0.5:
        return "median"
    return f"{100 * level:g} % are below"


def member_rows(said: Explanation) -> list[list[str]]:
    """Return the series of a pool, and where the median of each lies among what was usual of it."""
    return [
        [
            " ".join(shortened(part) for part in (each.agent, each.operation, each.subject) if part),
            count(each.calls),
            f"{each.rank:.0f} %",
            *(percent_points(part) if part is not None else "" for part in (each.behaviour, each.mix)),
        ]
        for each in said.members
    ]


def word_rows(said: Explanation) -> list[list[str]]:
    """Return words, the shares of answers that have them, and a piece of one."""
    return [
        [
            shortened(each.word, 80),
            percent(each.before),
            percent(each.after),
            shortened(each.example, EXAMPLE_CHARACTERS_MAX),
        ]
        for each in said.words
    ]


def change_rows(one: Series, alarm: DriftAlarm | None, now: datetime) -> list[list[str]]:
    """Return known changes of the course, nearest to the beginning of the drift first."""
    began = moment(alarm.began) if alarm else now
    order = sorted(one.changes, key=lambda each: abs((moment(each.at) - began).total_seconds()))
    return [
        [
            change_name(each),
            "reported" if each.source == "reported" else "seen in traces",
            hour(each.at, now),
            shortened(each.note, 120),
        ]
        for each in order[:CHANGES_TOLD_MAX]
    ]


def sentence_rows(said: Explanation) -> list[list[str]]:
    """Return what new prompts that may be to blame say more than those before, and less."""
    return [
        [change_name(one), how, shortened(sentence, EXAMPLE_CHARACTERS_MAX)]
        for one in said.changes
        for how, sentences in (("added", one.added), ("removed", one.removed))
        for sentence in sentences
    ]


def acceptance_rows(one: Series, now: datetime) -> list[list[str]]:
    """Return who took which drift for the new normal, and why."""
    return [
        [shortened(each.accepted_by), hour(each.at, now), f"from {hour(each.since, now)} on", each.note]
        for each in one.acceptances
    ]


def past_rows(one: Series, now: datetime) -> list[list[str]]:
    """Return alarms that are over."""
    return [
        [hour(each.began, now), ended(each, now), shortened(each.explanation.headline, 160)]
        for each in one.alarms
        if each.closed is not None
    ]
