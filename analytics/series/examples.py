"""Examples of words: read when they are asked for, so that what is erased or expired is in none."""

from analytics.api.drift_models import DriftAlarm, WordShift
from analytics.series.fragments import fragment
from analytics.series.said import spoken
from collector.store.store import Store


def with_examples(store: Store, project: str, alarm: DriftAlarm) -> DriftAlarm:
    """Return an alarm with a piece of an answer for each of its words, where that is still stored."""
    words = alarm.explanation.words
    calls = sorted({(one.trace, one.span) for one in words if one.trace})
    if not calls:
        return alarm
    texts = spoken(store, project, calls)
    shown = [_shown(one, texts.get((one.trace, one.span))) for one in words]
    return alarm.model_copy(update={"explanation": alarm.explanation.model_copy(update={"words": shown})})


def _shown(one: WordShift, text: str | None) -> WordShift:
    return one.model_copy(update={"example": fragment(text or "", one.word)})
