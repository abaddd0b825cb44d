"""One drift: since when and how surely, how much of which part, and what may be to blame."""

from datetime import datetime

from analytics.api.drift_models import DriftAlarm, Explanation, Series
from analytics.api.models import Deployment
from dashboard.presentation.drift import effect, what
from dashboard.presentation.drift_mix import mix_words
from dashboard.presentation.evidence import Fact
from dashboard.presentation.tone import Tone
from dashboard.wording.amount import counted, shortened
from dashboard.wording.measure import percent, times
from dashboard.wording.moment import ago, at, coarse, moment

_WORDS = {"location": "all of it", "scale": "how far it spreads", "skew": "how lopsided it is"}
_ENDED = {
    "returned": "as before again",
    "accepted": "accepted as the new normal",
    "dissolved": "its series are watched otherwise",
}


def shown_alarm(one: Series) -> DriftAlarm | None:
    """Return the alarm that the page tells of: the open one, or the last."""
    return one.alarm or (one.alarms[0] if one.alarms else None)


def in_short(one: Series, now: datetime) -> tuple[str, str, Tone]:
    """Return what a series does in a sentence, the rest of it, and its tone."""
    alarm, name = one.alarm, what(one)
    name = name[0].upper() + name[1:]
    where = f" in {shortened(one.environment)}" if one.environment else ""
    if alarm:
        said = alarm.explanation.headline.rstrip(".")
        rest = f"Since {hour(alarm.began, now)}, told {ago(moment(alarm.opened), now)}. {blamed(alarm)}"
        return f"{name}{where}: {effect(one, said)}.", rest, "attention"
    if one.state == "warming up":
        return f"{name}{where} is warming up.", f"It needs {one.wanting or 'more calls'}.", "quiet"
    if one.state == "pooled":
        return (
            f"{name}{where} has too few calls to be watched alone.",
            "It is watched together with others.",
            "quiet",
        )
    if one.state == "quiet":
        return f"{name}{where} sends nothing any more.", _learned(one, now), "quiet"
    return f"{name}{where} is as usual.", _learned(one, now), "quiet"


def blamed(alarm: DriftAlarm) -> str:
    """Return the known change that is nearest to when a drift began."""
    changes = alarm.explanation.changes
    if not changes:
        return "No known change lies near its beginning."
    nearest = min(changes, key=lambda one: abs(one.hours_before))
    note = f" ({shortened(nearest.note)})" if _is_new(nearest) else ""
    return f"Nearest known change: {change_name(nearest)}{note}, {_apart(nearest.hours_before)}."


def _is_new(one: Deployment) -> bool:
    """Whether it is a prompt or a set of tools, of which the version is a fingerprint that tells nothing."""
    return one.what in ("prompt", "tool set")


def change_name(one: Deployment) -> str:
    """Return what changed: `version v15 of coder`, `new prompt of coder`."""
    of = f" of {shortened(one.agent)}" if one.agent else ""
    if _is_new(one):
        return f"new {one.what}{of}"
    value = f" {shortened(one.version)}" if one.version else ""
    return f"{one.what}{value}{of}"


def _apart(hours: float) -> str:
    if abs(hours) < 1:
        return "in the same hour"
    return f"{coarse(abs(hours) * 3600)} {'before' if hours > 0 else 'after'} it began"


def _learned(one: Series, now: datetime) -> str:
    if not (one.learned_from and one.learned_until):
        return ""
    return f"Compared with {hour(one.learned_from, now)} to {hour(one.learned_until, now)}."


def hour(text: str, now: datetime) -> str:
    """Return an hour, with its date where that is not today."""
    when = moment(text)
    return f"{at(when, now).removesuffix(':00')} UTC"


def evidence_words(one: Series) -> str:
    """Return how sure it is, and what it takes."""
    if one.evidence is None or one.threshold is None:
        return ""
    takes = (
        f"An alarm takes {times(one.threshold)} (dashed): so much that all that is watched stays within"
        " the budget of false alarms together, however often they are looked at."
    )
    if one.evidence <= 0:
        return f"What was seen speaks for no change. {takes}"
    return f"What was seen is {times(one.evidence)} likelier if it drifted than if it did not. {takes}"


def alarm_facts(one: Series, alarm: DriftAlarm, now: datetime) -> list[Fact]:
    """Return the facts of a drift."""
    said = alarm.explanation
    found = [
        ("began", f"{hour(alarm.began, now)}, {ago(moment(alarm.began), now)}"),
        ("began, 90 % sure", f"between {hour(alarm.began_first, now)} and {hour(alarm.began_last, now)}"),
        ("told", hour(alarm.opened, now)),
        ("over", ended(alarm, now)),
        ("what moved", f"{moved(said)}, {'up' if said.is_up else 'down'}" if said.moved else ""),
        (
            "a value since exceeds one before",
            f"with probability {percent(said.greater)}; no change would be 50 %"
            if said.greater is not None
            else "",
        ),
        ("mix or behaviour", mix_words(said, one.unit)),
    ]
    return [(name, value) for name, value in found if value]


def moved(said: Explanation) -> str:
    """Return the part that moved."""
    return _WORDS.get(said.moved, shortened(said.moved))


def ended(alarm: DriftAlarm, now: datetime) -> str:
    """Return when and how a drift was over; empty while it is not."""
    if alarm.closed is None:
        return ""
    how = _ENDED.get(alarm.closed_by or "", "")
    return f"{hour(alarm.closed, now)}, {how}".rstrip(", ")


def days_shown(one: Series | None, now: datetime) -> int:
    """Return how many days to show at first: so many that the days before a drift are on it."""
    alarm = shown_alarm(one) if one else None
    return 28 if alarm and (now - moment(alarm.began)).days >= 4 else 7


def bucket_note(one: Series) -> str:
    """Return of how many hours a look is."""
    return f"looked at in buckets of {counted(one.bucket_h, 'hour')}" if one.bucket_h else ""
