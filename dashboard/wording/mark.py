"""Marks of a span, by which the service says what it did to it, in words. Pure."""

from dashboard.wording.amount import count, counted

_WORDS = {
    "pending": "reported at its start",
    "end_before_start": "ended before it started, by its own clock",
    "time_clamped": "had a time that cannot be kept",
    "value_cut": "a long value was cut",
    "input_from_logs": "input from a log record",
    "output_from_logs": "output from a log record",
}
_CUT = {
    "attributes_cut": "attributes",
    "events_cut": "events",
    "links_cut": "links",
    "logs_cut": "log records",
}


def mark(said: str) -> str:
    """Return a mark in words, one that is not known as it is.

    Examples
    --------
    >>> mark("redacted:3"), mark("events_cut:2000"), mark("value_cut")
    ('3 secrets redacted', 'cut: there were 2,000 events', 'a long value was cut')
    """
    name, _, number = said.partition(":")
    if not number.isdecimal():
        return _WORDS.get(said, said)
    if name == "redacted":
        return f"{counted(int(number), 'secret')} redacted"
    return f"cut: there were {count(int(number))} {_CUT[name]}" if name in _CUT else said
