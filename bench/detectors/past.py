"""The past: ordinary runs of hours that are over, of which the service learns what traces usually are."""

from collections.abc import Collection, Iterator, Sequence
from random import Random

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from bench.detectors.manifest import Case

# How often each was run. Habits take 99 traces; with a fifth of the spans lost, so many are left.
RUNS = {"fan_out_bomb": 150, "dropped_field": 150, "expected_404": 150}
EVERY_S = 0.5
# An hour is counted when it has been over for ten minutes: this long ago it always has.
AGO_S = 7_800


def cases(
    captures: Sequence[str], frameworks: Sequence[str], chosen: Collection[str], seed: int
) -> list[Case]:
    """Return the runs of the past, all of them clean; none where no scenario that has one is chosen."""
    return [
        Case(
            f"{capture}/{framework}/past {number}",
            capture,
            framework,
            0,
            name,
            False,
            own_seed,
            number * EVERY_S,
        )
        for capture in captures
        for framework in frameworks
        for number, (name, own_seed) in enumerate(_of_one(chosen, Random(f"past {seed} {framework}")))
    ]


def _of_one(chosen: Collection[str], random: Random) -> Iterator[tuple[str, int]]:
    for name, runs in RUNS.items():
        if name in chosen:
            yield from ((name, random.getrandbits(32)) for _ in range(runs))


class MovedExporter(SpanExporter):
    """Sends spans as if they had been `ago_s` seconds earlier."""

    def __init__(self, exporter: SpanExporter, ago_s: int) -> None:
        self._exporter = exporter
        self._ago_ns = ago_s * 1_000_000_000

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([self._moved(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)

    def _moved(self, span: ReadableSpan) -> ReadableSpan:
        return ReadableSpan(
            name=span.name,
            context=span.context,
            parent=span.parent,
            resource=span.resource,
            attributes=span.attributes,
            events=[Event(one.name, one.attributes, one.timestamp - self._ago_ns) for one in span.events],
            links=span.links,
            kind=span.kind,
            status=span.status,
            start_time=span.start_time and span.start_time - self._ago_ns,
            end_time=span.end_time and span.end_time - self._ago_ns,
            instrumentation_scope=span.instrumentation_scope,
        )
