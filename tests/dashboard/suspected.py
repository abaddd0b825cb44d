"""Where traces of the fleet may have gone wrong, as the API answers."""

from typing import Any

from analytics.api.models import (
    Aftermath,
    AftermathHop,
    ListedSpan,
    Suspect,
    SuspectEvidence,
    Suspects,
    Trace,
)
from tests.dashboard import fleet


def suspects(trace: Trace) -> Suspects:
    """Return those of the failed trace; of another one its first span, and no more than a prior."""
    spans = {span.span_id: span for span in trace.spans}
    if fleet.FAILED_SPAN not in spans:
        looked = min(trace.spans_total, 2_000)
        return Suspects(items=[prior(trace.spans[1])], spans=looked, spans_with_content=0)
    researcher, planner, root = (spans[f"{place:016x}"] for place in (0xB2, 0xB5, 0xB0))
    items = [
        suspect(
            researcher,
            "confirmed",
            [
                evidence(
                    "hard error", "what it asked for failed when search_web ran it: no answer within 20 s"
                ),
                evidence("ungrounded value", 'says "4.2 M users", which nobody had said', "probable"),
            ],
            aftermath=Aftermath(
                way=[
                    hop(researcher, planner, "4.2 M users, INV-7731"),
                    hop(planner, root, "the outage reached two of five regions", "prose"),
                ],
                outcome="answered",
                consumer=planner.span_id,
                boundary=0,
            ),
        ),
        suspect(
            planner,
            "probable",
            [evidence("contradiction", "says 5 regions where researcher had said 2", "probable")],
            aftermath=Aftermath(way=[], outcome=None, consumer=None, boundary=None),
        ),
        prior(researcher).model_copy(update={"span_id": f"{0xB1:016x}", "name": "invoke_agent researcher"}),
    ]
    return Suspects(items=items, spans=len(spans), spans_with_content=4)


def prior(span: ListedSpan) -> Suspect:
    return suspect(
        span,
        "prior",
        [evidence("first worker", "it is the first to work on the task: a prior, no evidence", "prior")],
    )


def suspect(span: ListedSpan, grade: str, found: list[SuspectEvidence], **known: Any) -> Suspect:
    about = {name: getattr(span, name) for name in ("span_id", "agent", "name", "kind")}
    return Suspect.model_validate(about | {"grade": grade, "evidence": found} | known)


def evidence(kind: str, text: str, grade: str = "confirmed") -> SuspectEvidence:
    return SuspectEvidence.model_validate({"kind": kind, "grade": grade, "text": text})


def hop(source: ListedSpan, target: ListedSpan, shared: str, channel: str = "value") -> AftermathHop:
    ids = {"source": source.span_id, "target": target.span_id}
    return AftermathHop.model_validate(ids | {"channel": channel, "shared": shared})
