"""The fleet's budget of false alarms, in words, and the threshold that keeps it. Pure."""

import math
import re

_HOURS = {"hour": 1.0, "day": 24.0, "week": 168.0, "month": 730.5, "quarter": 2191.5, "year": 8766.0}
_WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_RATE = re.compile(
    r"\b(?P<alarms>\d+(?:\.\d+)?|one|two|three|four|five|six|ten)\b.*?"
    r"\b(?:a|an|per|each|every)\s+(?P<count>\d+|two|three|four|five|six|ten)?\s*"
    r"(?P<unit>hour|day|week|month|quarter|year)s?\b"
)


def alarms_per_hour(words: str) -> float:
    """Return how many false alarms an hour a budget in words allows the whole fleet.

    Examples
    --------
    >>> round(1 / alarms_per_hour("at most one false drift alarm a month"), 1)
    730.5
    >>> round(alarms_per_hour("3 a week") * 168, 6)
    3.0
    """
    found = _RATE.search(words.lower())
    if found is None:
        raise ValueError(f"no number of alarms and time in: {words[:80]!r}; say e.g. 'one alarm a month'")
    alarms, count = (_number(found[part]) for part in ("alarms", "count"))
    if not alarms:
        raise ValueError("a budget of no false alarm at all would never alarm")
    return alarms / (count * _HOURS[found["unit"]])


def log_threshold(series: int, bucket_h: float, budget_per_h: float) -> float:
    """Return the evidence at which a series alarms, as a logarithm.

    Each of the series gets the same part of the budget. One looked at every `bucket_h` hours alarms
    falsely 1 / (A bucket_h) times an hour at most, so one with longer buckets has a lower threshold. There
    is no factor of safety on top: bench/drift shows that healthy series stay well below the bound.

    Examples
    --------
    2,000 series, hourly, 12 alarms a year.

    >>> round(log_threshold(2000, 1, 12 / 8766), 1)
    14.2
    """
    return math.log(max(series, 1) / (bucket_h * budget_per_h))


def _number(text: str | None) -> float:
    return float(_WORDS.get(text, text)) if text else 1.0
