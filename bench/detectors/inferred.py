"""What is inferred of real traces that are cut off, and of whole ones that lost spans, against what was so.

``python -m bench.detectors.inferred`` loads the captures of real frameworks with their stock exporters. Each
trace is cut in the middle between every two of its events: what had ended is stored, what was open is the
truth, by the labels of `tests/captures/expected`. And each is stored whole but for spans that are lost at
random: nothing goes on in it.
"""

import random
import tempfile
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.assembly.assembler import Assembler
from analytics.inferred.agents import normal
from analytics.inferred.reader import UnfinishedTraces
from analytics.inferred.unfinished import Unfinished
from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.store.migrate import migrate
from collector.store.store import Store, open_store
from tests.captures.labels import CAPTURES, SpanLabel, capture_label, capture_requests
from tests.segments import body_of, loader_of, seal

LOSSES = (0.01, 0.05, 0.2)
# Copies of each trace that lose spans.
COPIES = 20
# Traces that are stored at once.
_TOGETHER = 200
_SEED = 4
_CUT_COLUMNS = (
    "named",
    "named above",
    "a call",
    "the model",
    "another",
    "only a parent",
    "its end",
    "nothing",
)
_LOSS_COLUMNS = ("call", "model", "handoff", "parent", "its end", "nothing")


class Trace(NamedTuple):
    """A trace of a capture, that has ended with its root, and how its spans are labelled."""

    capture: str
    bodies: list[bytes]
    spans: list[Span]
    labels: Mapping[bytes, SpanLabel]


class Cut(NamedTuple):
    """What of a trace had ended at an instant, the one open span that is a leaf, and the tools above it."""

    trace: Trace
    ended: frozenset[bytes]
    leaf: SpanLabel
    above: frozenset[str]


def main() -> None:
    """Print the tables."""
    traces = list(_whole_traces())
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"chdb://{folder}/store")
        try:
            migrate(store)
            folders = Folders(Path(folder))
            folders.create()
            loader = loader_of(store, folders)
            _print_cuts(traces, lambda kept: _inferred(store, loader, folders, kept))
            _print_losses(traces, lambda kept: _inferred(store, loader, folders, kept))
        finally:
            store.close()


Inferring = Callable[[list[tuple[Trace, frozenset[bytes]]]], list[Unfinished | None]]


def _print_cuts(traces: Iterable[Trace], infer: Inferring) -> None:
    cuts = [cut for trace in traces for cut in _cuts(trace)]
    found = infer([(cut.trace, cut.ended) for cut in cuts])
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for cut, trace in zip(cuts, found, strict=True):
        table[cut.leaf.kind][_answer(cut, trace)] += 1
        table[f"{cut.leaf.kind}, {cut.trace.capture}"][_answer(cut, trace)] += 1
    print("| what hangs | cuts | " + " | ".join(_CUT_COLUMNS) + " |\n|---|---|" + "---|" * len(_CUT_COLUMNS))
    for kind, counts in sorted(table.items()):
        print(
            f"| {kind} | {counts.total()} | " + " | ".join(str(counts[name]) for name in _CUT_COLUMNS) + " |"
        )


def _print_losses(traces: list[Trace], infer: Inferring) -> None:
    print(
        "| spans lost | traces | " + " | ".join(_LOSS_COLUMNS) + " |\n|---|---|" + "---|" * len(_LOSS_COLUMNS)
    )
    chance = random.Random(_SEED)
    for loss in LOSSES:
        kept = [
            (trace, frozenset(span.span_id for span in trace.spans if chance.random() >= loss))
            for trace in traces
            for _ in range(COPIES)
        ]
        counts = Counter(map(_lost, infer(kept)))
        print(
            f"| {loss:.0%} | {len(kept):,} | "
            + " | ".join(str(counts[name]) for name in _LOSS_COLUMNS)
            + " |"
        )


def _answer(cut: Cut, trace: Unfinished | None) -> str:
    lost = _lost(trace)
    work = trace.latest if trace else None
    if lost == "parent":
        return "only a parent"
    if work is None or lost == "its end":
        return lost
    if work.evidence == "call" and normal(work.waits_for) in cut.above:
        return "named above"
    if cut.leaf.kind == "tool":
        if normal(work.waits_for) == normal(cut.leaf.tool):
            return "named"
        return "a call" if work.evidence == "call" and not work.waits_for else "another"
    return "the model" if work.evidence == "model" else "another"


def _lost(trace: Unfinished | None) -> str:
    if trace is None or trace.roots:
        return "nothing"
    return "its end" if trace.latest is None else trace.latest.evidence


def _whole_traces() -> Iterator[Trace]:
    for capture in CAPTURES:
        bodies = [body_of(path) for path in capture_requests(capture)]
        labels = {bytes.fromhex(label.span_id): label for label in capture_label(capture).spans}
        by_trace: defaultdict[bytes, dict[bytes, Span]] = defaultdict(dict)
        for span in _spans(ExportTraceServiceRequest.FromString(body) for body in bodies):
            if span.end_time_unix_nano and span.span_id in labels:
                by_trace[span.trace_id][span.span_id] = span
        for spans in by_trace.values():
            ids = set(spans)
            if all(not span.parent_span_id or span.parent_span_id in ids for span in spans.values()):
                yield Trace(capture, bodies, list(spans.values()), labels)


def _cuts(trace: Trace) -> Iterator[Cut]:
    times = sorted({at for one in trace.spans for at in (one.start_time_unix_nano, one.end_time_unix_nano)})
    for before, after in pairwise(times):
        instant = (before + after) // 2
        open_now = [
            one for one in trace.spans if one.start_time_unix_nano <= instant < one.end_time_unix_nano
        ]
        holding = {one.parent_span_id for one in open_now}
        leaves = [trace.labels[one.span_id] for one in open_now if one.span_id not in holding]
        ended = frozenset(one.span_id for one in trace.spans if one.end_time_unix_nano <= instant)
        if ended and len(leaves) == 1 and leaves[0].kind in ("tool", "llm"):
            above = {normal(trace.labels[one.span_id].tool) for one in open_now} - {normal(leaves[0].tool)}
            yield Cut(trace, ended, leaves[0], frozenset(above - {""}))


def _inferred(
    store: Store, loader: Loader, folders: Folders, kept: list[tuple[Trace, frozenset[bytes]]]
) -> list[Unfinished | None]:
    """Store each in a project of its own, and return what is inferred of it."""
    name = uuid.uuid4().hex
    for first in range(0, len(kept), _TOGETHER):
        some = kept[first : first + _TOGETHER]
        loader.load(
            [
                seal(
                    folders,
                    [_cut_body(body, trace, ids) for body in trace.bodies],
                    project=f"{name} {first + number}",
                )
                for number, (trace, ids) in enumerate(some)
                if ids
            ]
        )
    assembler = Assembler(store)
    while assembler.run_once():
        pass
    reader, now = UnfinishedTraces(store), datetime.now(UTC) + timedelta(minutes=1)
    for _ in range(len(kept) // 100 + 1):
        traces = reader.read(now)
    found = {trace.project: trace for trace in traces}
    return [found.get(f"{name} {number}") for number in range(len(kept))]


def _cut_body(body: bytes, trace: Trace, ids: frozenset[bytes]) -> bytes:
    request = ExportTraceServiceRequest.FromString(body)
    trace_id = trace.spans[0].trace_id
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            some = [one for one in scope.spans if one.trace_id == trace_id and one.span_id in ids]
            kept = [one for one in some if one.end_time_unix_nano and "pending" not in str(one.attributes)]
            del scope.spans[:]
            scope.spans.extend(kept)
    return request.SerializeToString()


def _spans(requests: Iterable[ExportTraceServiceRequest]) -> Iterator[Span]:
    for request in requests:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                yield from scope.spans


if __name__ == "__main__":
    main()
