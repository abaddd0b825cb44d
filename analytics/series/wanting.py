"""Wanting: what a series that is warming up still needs, in words. Pure."""

import math
from typing import NamedTuple

from analytics.drift.merging import SPANS_MIN
from analytics.drift.sketch_reference import TEXTS_MIN
from analytics.series.learned import Learned
from analytics.series.learning import TRACES_MIN
from analytics.series.policy import Policy
from analytics.series.pools import MEMBERS_MIN
from analytics.series.tally import Tally, per_day

CALLS_MIN = int(SPANS_MIN)
_SOON = "a week at most: it is tried again weekly"


class Company(NamedTuple):
    """What a sparse series would be watched with.

    Parameters
    ----------
    members
        How many series have enough for that, the series itself where it has.
    from_s
        Since when the ranks of all are counted, 0 while there are too few.
    """

    members: int = 0
    from_s: int = 0


def wanting(policy: Policy, known: Learned, company: Company, now_s: int) -> str | None:
    """Say what a series without a reference needs, None for one that has it.

    What it says of time is at the rate of the last week. What was too sparse is tried again weekly.

    Examples
    --------
    >>> from analytics.series.key import SeriesKey
    >>> key = SeriesKey("default", "", "coder", "chat", "gpt-5", "text content")
    >>> tally = Tally(5 * 86_400, (37, 50, 40, 40, 33), (9, 9, 9, 9, 9))
    >>> wanting(Policy(), Learned(key, from_s=0, tally=tally), Company(), 5 * 86_400)
    '9 more days, and 440 more answers: about 11 days at 40 a day'
    """
    if known.until_s:
        return None
    if policy.is_pinned(known):
        return "calls in the hours that its reference is pinned to"
    days, seen = policy.days_left(known, now_s), known.tally.since(policy.first_s(known, now_s), now_s)
    if known.key.is_pool:
        return _of_pool(days, company)
    if known.key.measure.kind == "content":
        return _of_content(policy, days, seen)
    return _of_calls(policy, known, seen, company, now_s)


def _of_calls(policy: Policy, known: Learned, seen: Tally, company: Company, now_s: int) -> str:
    days, calls = policy.days_left(known, now_s), sum(seen.calls)
    if days > 0 and not calls:
        return _number(days, "more day")
    if calls >= CALLS_MIN * len(seen.calls) > 0:
        return _number(days, "more day") if days > 0 else _SOON
    rate = calls / max(len(seen.calls), 1)
    alone = f"alone it takes {CALLS_MIN} calls a day, and it has {_rate(rate)}"
    return f"{_with_others(policy, known, days, seen, company, now_s)}; {alone}"


def _with_others(policy: Policy, known: Learned, days: int, seen: Tally, company: Company, now_s: int) -> str:
    missing = 0 if known.pool else TRACES_MIN - sum(seen.traces)
    there = company.members + (not known.pool)
    if missing > 0:
        return _and_more(days, f"{_number(missing, 'more trace')} to be watched with others") + _at_rate(
            policy, days, missing, per_day(seen.traces), TRACES_MIN
        )
    if there < MEMBERS_MIN:
        lacking = f"{MEMBERS_MIN - there} more series to be watched with: {there} of {MEMBERS_MIN} are there"
        return _and_more(days, lacking)
    left = policy.days_left(Learned(known.key, company.from_s), now_s) if company.from_s else 0
    if left > 0:
        return f"{_number(left, 'more day')}, while it is learned what is usual of it and others together"
    return f"{_number(days, 'more day')} to be watched with others" if days > 0 else _SOON


def _of_content(policy: Policy, days: int, seen: Tally) -> str:
    missing = TEXTS_MIN - sum(seen.calls)
    if missing <= 0:
        return _number(days, "more day") if days > 0 else f"answers on half of the days; {_SOON}"
    more = _and_more(days, _number(missing, "more answer"))
    if not seen.calls:
        return more
    return more + _at_rate(policy, days, missing, per_day(seen.calls), TEXTS_MIN)


def _of_pool(days: int, company: Company) -> str:
    if company.members < MEMBERS_MIN:
        return f"series to watch together: it has {company.members} of {MEMBERS_MIN}"
    if days > 0:
        return _number(days, "more day")
    return f"more calls of its series: {CALLS_MIN} a day together"


def _and_more(days: int, more: str) -> str:
    return f"{_number(days, 'more day')}, and {more}" if days > 0 else more


def _at_rate(policy: Policy, days: int, missing: int, rate: float, needed: int) -> str:
    """Say about how long it is at the rate of late, or that the rate does not do."""
    if not rate:
        return ": none came lately"
    if rate * policy.days < needed:
        return f": it takes {needed} in {policy.days} days, and lately there were {_rate(rate)} a day"
    return f": about {_number(max(days, math.ceil(missing / rate)), 'day')} at {_rate(rate)} a day"


def _number(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
