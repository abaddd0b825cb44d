"""Following: reads what was said of errors that somebody contained, as many as there is time for."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analytics.chains.chain import Chain
from analytics.chains.handling import UNKNOWN, Handling, handling
from analytics.chains.work_span import WorkSpan
from analytics.flow.flows_in import flows_in
from analytics.flow.reader import read_said
from analytics.turns import in_turns
from collector.store.store import Store

# Reading a trace's texts takes three statements: so many traces, projects in turns, for so long at a time.
TRACES_MAX = 200
READING_S_MAX = 3.0


@dataclass(frozen=True, slots=True)
class FailedTrace:
    """A trace in which something failed.

    Parameters
    ----------
    spans
        Those that failed, the ones above them, and what was called beside them.
    """

    project: str
    trace_id: str
    spans: Sequence[WorkSpan]
    chains: Sequence[Chain]

    @property
    def root_failed(self) -> bool:
        """Whether what is above all others failed."""
        return any(span.failed and not span.parent_span_id for span in self.spans)

    @property
    def contained(self) -> Sequence[Chain]:
        """Chains that somebody contained, in whose answer they may be told or not."""
        return [
            chain
            for chain in self.chains
            if chain.outcome == "contained" and chain.stopped_at and not chain.origin.cancelled
        ]


def followed(
    store: Store, traces: Iterable[FailedTrace]
) -> tuple[Mapping[tuple[str, str, str], Handling], Sequence[FailedTrace]]:
    """Read what became of contained errors.

    Returns
    -------
    By project, trace and origin what became of it, where that is known; and the traces for which there was no
    time.
    """
    wanted = [trace for trace in traces if trace.contained]
    # errors take turns, too: what thousands outlive as it always was leaves room for what is rare
    by_error = in_turns(wanted, lambda trace: (trace.project, trace.contained[0].fingerprint), len(wanted))
    ordered = in_turns(by_error, lambda trace: trace.project, len(wanted))
    until_s = time.monotonic() + READING_S_MAX
    found: dict[tuple[str, str, str], Handling] = {}
    for number, trace in enumerate(ordered):
        if number >= TRACES_MAX or time.monotonic() >= until_s:
            return found, ordered[number:]
        found |= _became(store, trace)
    return found, []


def _became(store: Store, trace: FailedTrace) -> Mapping[tuple[str, str, str], Handling]:
    said = read_said(store, trace.project, trace.trace_id)
    flows = flows_in(said.spans, said.task) if any(one.given for one in said.spans) else []
    became = {chain.origin.span_id: handling(chain, said, flows) for chain in trace.contained}
    return {(trace.project, trace.trace_id, origin): one for origin, one in became.items() if one != UNKNOWN}
