"""What the answers behind a drift show: words that came and went, and traces of before and after."""

from collections.abc import Sequence
from typing import NamedTuple

from analytics.api.drift_models import WordShift
from analytics.drift.text import terms
from analytics.series.in_traces import TRACES_MAX, Hours, Telling
from analytics.series.key import SeriesKey
from analytics.series.said import Said, said
from analytics.series.text_measures import measured
from analytics.series.told_words import Spoken, told_words
from collector.store.store import Store


class Shown(NamedTuple):
    """What answers show."""

    words: list[WordShift]
    traces_before: list[str]
    traces_after: list[str]


def shown_by_answers(
    store: Store, key: SeriesKey, before: Sequence[Hours], after: Hours, telling: Telling
) -> Shown:
    """Return what a bounded number of answers of before and after show.

    Parameters
    ----------
    before
        Times of before: the first of which answers are stored.
    """
    hours, then = before[0], said(store, key, before[0])
    if not then:
        hours, then = before[-1], said(store, key, before[-1])
    now = said(store, key, after)
    spoken = Spoken(key, hours, then), Spoken(key, after, now)
    words = told_words(store, *spoken) if key.measure.has_words else []
    came = {one.word for one in words if one.after > one.before}
    telling_first = sorted(now, key=lambda one: -_tells(key, one.text, telling, came))
    return Shown(words, _traces(then), _traces(telling_first))


def _tells(key: SeriesKey, text: str | None, telling: Telling, came: set[str]) -> float:
    if text is None:
        return float("-inf")
    if key.measure.kind == "content":
        return float(len(came & terms(text)))
    found = measured(text)
    values = [one.value for one in found.measures if one.metric == key.metric] if found else []
    if not values:
        return float("-inf")
    value = values[0]
    if isinstance(value, str):
        return float(value in telling.categories)
    return value if telling.is_largest else -value


def _traces(answers: Sequence[Said]) -> list[str]:
    return list(dict.fromkeys(one.trace for one in answers))[:TRACES_MAX]
