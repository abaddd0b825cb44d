"""Assumptions: a turn that says itself that what it goes on with is made up. Pure.

An ungrounded value that is admitted: sample data instead of the data, a placeholder instead of a path.
"""

import re
from collections.abc import Iterator

from analytics.suspects.evidence import Evidence
from analytics.suspects.transcript import Transcript, quoted

_MADE_UP = re.compile(
    r"\b(?:hypothetical|placeholder|dummy|fictional|made-up)\b"
    r"|\b(?:mock(?:ed)?|synthetic|sample|simulated|example|fake)[ _]"
    r"(?:data(?:set|frame)?|results?|values?|output|response|url|link)\b"
    r"|\bsimulat(?:e|ed|ing) (?:the |a |an )?(?:data|results?|search|output|response|retrieval|process)\b"
    r"|\bfor (?:the sake of |)(?:demonstration|illustration|illustrative)\b"
    r"|\b(?:let'?s|let us|we(?: wi|')ll|I(?: wi|')ll) assume\b|\bassuming (?:that|the|we|a)\b"
    r"|\byour[_ -]?(?:api[_ -]?key|path|file)|path[_/]to[_/]|\bexample\.com\b",
    re.IGNORECASE,
)


def assumptions(transcript: Transcript) -> Iterator[Evidence]:
    """Yield who is the first to use a word for what is made up; the task may speak of samples itself."""
    known = {match.lower() for match in _MADE_UP.findall(transcript.task)}
    for place, turn in enumerate(transcript.turns):
        new = [match for match in _MADE_UP.finditer(turn.output) if match[0].lower() not in known]
        known |= {match[0].lower() for match in new}
        if new and not turn.runs:
            around = turn.output[max(0, new[0].start() - 60) : new[0].end() + 60]
            text = f"it says itself that it goes on with what is assumed: {quoted(around)!r}"
            yield Evidence("ungrounded value", "probable", place, place, text)
