"""Handling: what became of an error that somebody contained: told, made up for, or swallowed? Pure.

Definition: `reference/detectors.md` 3.12. By words alone: it says what stands in an answer, not whether that
is so.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from analytics.chains.chain import Chain
from analytics.chains.work_span import WorkSpan
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


def handling(chain: Chain, spans: Sequence[WorkSpan], said: TraceSaid, flows: Sequence[Flow]) -> Handling:
    """Return what became of a contained error.

    Parameters
    ----------
    spans
        Of its trace, with what was called beside its last hop.
    flows
        Of its trace.
    """
    texts = {one.span_id: one for one in said.spans}
    container = texts.get(chain.stopped_at.span_id) if chain.stopped_at else None
    if container is None or not container.given:
        return UNKNOWN
    if any(_TOLD.search(text) for one in _after(chain, container, said.spans) for text in one.gives):
        return Handling("told")
    if _made_up_for(chain, spans, texts):
        return Handling("made up for")
    whos = {one.span_id: one.who for one in said.spans}
    others = (
        flow.target
        for flow in reach(flows, container.span_id)
        if whos[flow.target] != container.who and flow.target not in container.above
    )
    consumer = next(others, "")
    return Handling("consumed" if consumer else "silent", consumer)


def _after(chain: Chain, container: Said, spans: Iterable[Said]) -> Iterator[Said]:
    """Yield the container, and what was said in it after the error had reached it."""
    yield container
    failed_ns = chain.hops[-1].end_ns
    for one in spans:
        if container.span_id in one.above and one.start_ns >= failed_ns:
            yield one


def _made_up_for(chain: Chain, spans: Sequence[WorkSpan], texts: dict[str, Said]) -> bool:
    """Say whether a later call beside it, of whatever tool, was about the same and went well."""
    last = chain.hops[-1]
    values = Values()
    about = values.of(texts[last.span_id].takes) if last.span_id in texts else frozenset()
    later = (
        span
        for span in spans
        if span.parent_span_id == last.parent_span_id
        and span.start_ns >= last.end_ns
        and span.kind == last.kind
        and not span.failed
        and span.span_id in texts
    )
    return any(not about or about & values.of(texts[span.span_id].takes) for span in later)
