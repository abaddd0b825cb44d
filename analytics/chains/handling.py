"""Handling: what became of an error that somebody contained: told, made up for, or swallowed? Pure.

Definition: `reference/detectors.md` 3.12. By words alone: it says what stands in an answer, not whether that
is so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from analytics.chains.chain import Chain
from analytics.flow.flow import Flow
from analytics.flow.reach import reach
from analytics.flow.reader import TraceSaid
from analytics.flow.said import Said
from analytics.flow.values import Values

Word = Literal["unknown", "told", "made up for", "consumed", "silent"]

# Words by which an answer says that something did not go well, in English and a few of other languages. An
# answer in another one looks as if it said nothing.
_TOLD = re.compile(
    r"(?i)\b(?:error|errors|fail\w*|unable|unavailable|unsuccessful\w*|could\s?n[o']t|couldn.t|cannot|can.t|can\snot"
    r"|did\snot|didn.t|was\snot|wasn.t|no\s(?:data|result|results|answer|response|access)|not\s(?:available|found|able"
    r"|possible|reachable|successful\w*|accessible)|time[ds]?[\s-]?out|exception|traceback|sorry|apolog\w+|missing"
    r"|incomplete|unknown|denied|rejected|refused|invalid|issue|problem|unfortunately|however|instead|fallback"
    r"|fehler\w*|leider|nicht|erreur|échec|désolé|error(?:es)?|fall[óo]|lamentablemente)\b"
)


class Handling(NamedTuple):
    """What became of an error.

    Parameters
    ----------
    word
        ``told``: who contained it says so; ``made up for``: another call of the same went well; ``consumed``:
        neither, and another agent took in what was answered; ``silent``: neither, and nobody is seen to have;
        ``unknown``: nothing is captured of what was answered.
    consumer
        Id of the first span that took it in; '' where none did.
    """

    word: Word
    consumer: str = ""


UNKNOWN = Handling("unknown")


def handling(chain: Chain, said: TraceSaid, flows: Sequence[Flow]) -> Handling:
    """Return what became of a contained error.

    Parameters
    ----------
    flows
        Of its trace.
    """
    texts = {one.span_id: one for one in said.spans}
    container = _container(chain, texts)
    answers = list(_answers(chain, container, said.spans)) if container else []
    if not container or not answers:
        return UNKNOWN
    if any(_TOLD.search(text) for answer in answers for text in answer.gives):
        return Handling("told")
    if _made_up_for(chain, container, said.spans, texts):
        return Handling("made up for")
    gave = {container.span_id, answers[-1].span_id}
    others = (
        flow.target
        for seed in gave
        for flow in reach(flows, seed)
        if texts[flow.target].who != container.who and flow.target not in container.above
    )
    consumer = min(others, key=lambda target: texts[target].start_ns, default="")
    return Handling("consumed" if consumer else "silent", consumer)


def _container(chain: Chain, texts: Mapping[str, Said]) -> Said | None:
    """Return who contained it: of a step within an agent's turn that agent, for a step answers nobody."""
    stopped = texts.get(chain.stopped_at.span_id) if chain.stopped_at else None
    if stopped is None or not stopped.agent or stopped.kind in ("agent", "tool"):
        return stopped
    turns = (
        texts[span_id]
        for span_id in stopped.above
        if span_id in texts and texts[span_id].kind == "agent" and texts[span_id].agent == stopped.agent
    )
    return max(turns, key=lambda turn: len(turn.above), default=stopped)


def _answers(chain: Chain, container: Said, spans: Iterable[Said]) -> Iterator[Said]:
    """Yield what was said after the error: by the container's own models, else by the container itself.

    What an agent puts out may be its whole conversation, in which the error stands that its model was told;
    and some agents' spans say nothing, for their models do.
    """
    failed_ns = chain.hops[-1].end_ns
    after = [
        one
        for one in spans
        if one.kind == "llm"
        and one.given
        and one.agent == container.agent
        and one.start_ns >= failed_ns
        and container.span_id in one.above
    ]
    yield from after or ([container] if container.given else [])


def _made_up_for(chain: Chain, container: Said, spans: Sequence[Said], texts: Mapping[str, Said]) -> bool:
    """Say whether a later call in the container was about the same and went well.

    It is about the same where it shares a value of its arguments; where they have none, if it is of the same
    tool. Where they are not captured nobody knows, and it has the benefit of the doubt.
    """
    last = chain.hops[-1]
    failed = texts.get(last.span_id)
    values = Values()
    about = values.of(failed.takes) if failed else frozenset()
    is_captured = failed is not None and bool(failed.taken)
    later = (
        one
        for one in spans
        if one.kind == last.kind
        and not one.failed
        and one.start_ns >= last.end_ns
        and one.agent == last.agent
        and container.span_id in one.above
    )
    return any(
        about & values.of(one.takes) if about else one.tool == last.tool or not is_captured for one in later
    )
