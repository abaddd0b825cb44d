"""What the answers behind a drift show: words that came and went, and traces of before and after."""

from collections.abc import Sequence
from typing import NamedTuple

from analytics.api.drift_models import WordShift
from analytics.drift.text import terms
from analytics.series.in_traces import TRACES_MAX, Hours
from analytics.series.key import SeriesKey
from analytics.series.learning import DAY_S
from analytics.series.moved import Moved
from analytics.series.said import Said, said
from analytics.series.text_measures import measured
from analytics.series.told_words import Spoken, told_words
from collector.store.store import Store

# Of what was usual so many days are shown.
DAYS_BEFORE_S = 7 * DAY_S


class Shown(NamedTuple):
    """What answers show."""

    words: list[WordShift]
    traces_before: list[str]
    traces_after: list[str]


def shown_by_answers(store: Store, key: SeriesKey, before: Hours, after: Hours, moved: Moved) -> Shown:
    """Return what a bounded number of answers of before and after show."""
    then, now = said(store, key, before), said(store, key, after)
    if not then:
        # of an old reference nothing is stored any more; what came just before the drift was as usual too
        before = moved.first_s - DAYS_BEFORE_S, moved.first_s
        then = said(store, key, before)
    spoken = Spoken(key, before, then), Spoken(key, after, now)
    words = told_words(store, *spoken) if key.measure.has_words else []
    came = {one.word for one in words if one.after > one.before}
    return Shown(words, _traces(then), _traces(_telling(key, now, moved, came)))


def _telling(key: SeriesKey, answers: Sequence[Said], moved: Moved, came: set[str]) -> list[Said]:
    """Return answers, those that show most of what moved first."""
    return sorted(answers, key=lambda one: -_tells(key, one.text, moved, came))


def _tells(key: SeriesKey, text: str | None, moved: Moved, came: set[str]) -> float:
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
        return float(value == moved.score)
    return value if moved.is_up else -value


def _traces(answers: Sequence[Said]) -> list[str]:
    return list(dict.fromkeys(one.trace for one in answers))[:TRACES_MAX]
