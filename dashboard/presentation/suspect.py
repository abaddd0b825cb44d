"""Suspects of one trace: where it may have gone wrong, the evidence in words, and how far to trust it."""

from dataclasses import dataclass
from datetime import datetime

from analytics.api.models import Suspect, Suspects, Trace
from dashboard.presentation.aftermath import came_of, label, way
from dashboard.presentation.evidence import Fact
from dashboard.wording.amount import count, counted, shortened
from dashboard.wording.moment import at

BY_ITSELF_SPANS_MAX = 1_000
"""A larger trace takes seconds to look at: it is, when the reader asks."""
LIMITS = (
    "By structure and words alone, no model is asked. In 126 failed runs that people had labelled the first "
    "step named was right in about 4 of 10, one of the three in about 7 of 10 (docs/attribution.md). "
    "A grade says how sure the evidence is, not that it is the cause. What is wrong and looks normal is "
    "not seen."
)
NO_CONTENT = (
    "No content is captured of this trace: what was said cannot be looked at, nor what came of it. "
    "Only errors and a prior are left."
)
NOBODY = "Nothing speaks against any span of it. It may have gone wrong in a way that looks normal."


@dataclass(frozen=True, slots=True)
class SuspectCard:
    """What is shown of one suspect.

    Parameters
    ----------
    title, what
        Whose span it is, and its name where that says more.
    evidence
        What kind it is, and in words.
    came_of
        What came of what the span gave; '' of a prior, and without content.
    way
        Hop by hop what both ends have, where there are several.
    goal
        The span that it came to; '' without one.
    """

    rank: int
    span_id: str
    title: str
    what: str
    grade: str
    is_prior: bool
    evidence: list[Fact]
    came_of: str
    way: list[Fact]
    goal: str


def is_shown_by_itself(trace: Trace) -> bool:
    """Tell whether suspects are shown unasked: of what failed, is over, and is not too dear to look at."""
    summary = trace.summary
    return summary.status == "error" and not summary.open and trace.spans_total <= BY_ITSELF_SPANS_MAX


def why_asked(trace: Trace) -> str:
    """Return why suspects of a trace are shown only when asked for."""
    if trace.spans_total > BY_ITSELF_SPANS_MAX:
        return f"It has {counted(trace.spans_total, 'span')}: to look at them takes some seconds."
    if trace.summary.open:
        return "It is not over yet: what is there so far can be looked at."
    return "By its status it did not fail, and may have gone wrong all the same."


def suspect_cards(found: Suspects, trace: Trace) -> list[SuspectCard]:
    """Return the suspects of a trace, the most suspicious first."""
    return [_card(rank, one, trace) for rank, one in enumerate(found.items, start=1)]


def remarks(found: Suspects, trace: Trace, loaded: datetime, now: datetime) -> list[str]:
    """Return what is said of how much was looked at, and when."""
    known = [
        NO_CONTENT if not found.spans_with_content else "",
        f"The first {counted(found.spans, 'span')} of {count(trace.spans_total)} were looked at."
        if found.spans < trace.spans_total
        else "",
        f"As of {at(loaded, now)} UTC." if trace.summary.open else "",
        "" if found.items else NOBODY,
    ]
    return list(filter(None, known))


def _card(rank: int, one: Suspect, trace: Trace) -> SuspectCard:
    spans = {span.span_id: span for span in trace.spans}
    after = one.aftermath
    title = shortened(one.agent or one.name or "(no name)")
    called = label(one.span_id, spans) if one.kind == "tool" and one.span_id in spans else one.name
    return SuspectCard(
        rank=rank,
        span_id=one.span_id,
        title=title,
        what="" if called == one.agent or not one.agent else shortened(called),
        grade="no evidence" if one.grade == "prior" else one.grade,
        is_prior=one.grade == "prior",
        evidence=[_evidence(each.kind, each.grade, each.text, one.grade) for each in one.evidence],
        came_of=came_of(after, one.span_id, spans) if after else "",
        way=way(after, spans) if after else [],
        goal=after.way[-1].target if after and after.way and after.way[-1].target in spans else "",
    )


def _evidence(kind: str, grade: str, text: str, of_all: str) -> Fact:
    weaker = f" ({grade})" if grade not in (of_all, "prior") else ""
    return kind.capitalize(), f"{text}{weaker}"
