"""Which outputs of a trace were taken in by which spans. Pure; O(n log n) of the words that are looked at.

Definition: `reference/detectors.md` 3.13. What the task says itself, and what stands in many outputs, shows
nothing.
"""

from collections.abc import Collection, Sequence

from analytics.flow.flow import Flow
from analytics.flow.prose_flows import prose_flows
from analytics.flow.said import CHARACTERS_MAX, Said
from analytics.flow.value_flows import value_flows


def flows_in(spans: Sequence[Said], task: str = "", ends: Collection[str] = ()) -> list[Flow]:
    """Return the flows of a trace, by when the taker began: one from each giver to each agent, the first.

    Parameters
    ----------
    task
        What the trace was asked: what stands in it was known to all.
    ends
        Ids of spans to which every flow is wanted, whatever their agent took in before.

    Examples
    --------
    The cases of `tests/analytics/flow/test_flows_in.py`.
    """
    task = task[:CHARACTERS_MAX]
    ordered = sorted(spans, key=lambda span: (span.start_ns, span.span_id))
    found: dict[tuple[str, str], Flow] = {}
    whos = {span.span_id: span.who for span in ordered}
    for flow in [*value_flows(ordered, task, ends), *prose_flows(ordered, task)]:
        found.setdefault((flow.source, flow.target if flow.target in ends else whos[flow.target]), flow)
    place = {span.span_id: number for number, span in enumerate(ordered)}
    return sorted(found.values(), key=lambda flow: (place[flow.target], place[flow.source]))
