"""Deadlock: agents that wait for each other in a ring, so that none of them can go on. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from analytics.detectors.deadlock_finding import DETECTOR, deadlock_finding
from analytics.detectors.deadlock_resolution import NOT_TOLD, resolutions, spans_of
from analytics.detectors.detector import OPEN_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.silent_source import SEGMENT_MS_MAX
from analytics.findings.judgement import Key
from analytics.inferred.standing import inferred_standings
from analytics.rfc3339 import unix_ns
from analytics.waits.attempts import known_names
from analytics.waits.directory import ASKING
from analytics.waits.open_span import OpenSpan
from analytics.waits.picture import picture
from analytics.waits.standing import Standing, standing
from analytics.waits.standstill import CONCLUDED, Standstill, standstills
from collector.store.rows import made
from collector.store.statement import statement

# What one look reads, and what it finds of each project, at most: projects in turns, what is watched of each
# first and then the oldest.
ROWS_MAX = 200_000
FINDINGS_MAX = 1_000
# A longer list of targets is cut, and then is no list.
TEXT_BYTES_MAX = 16_384
# `doldrums-client` tries again after a minute at most when the server was away: a ring that was told
# is not taken back sooner because the reports of one process are missing.
MISSED_S_TOLD = 90.0
# For so long a project of which nothing at all arrives may be cut off rather than dead.
GAP_S_MAX = 600.0

# Projects and environments have nothing to do with each other.
Place = tuple[str, str]


class Deadlock:
    """A ring of waits, each for the one who waits next, all open at one instant.

    The open spans are made into a wait-for graph: instances of agents, locks, and whatever else is
    waited for. Graph reduction leaves what can never go on; the ring in it that closed first is the
    finding. Whoever waits behind the ring stands in its evidence, and so does the wait to break. Of
    traces of which nothing is reported open, it takes what is inferred (`analytics.inferred`).

    References
    ----------
    `docs/detectors.md`, section ``deadlock``.
    """

    name = DETECTOR
    every_s = OPEN_EVERY_S
    sql = statement(__package__, "deadlock.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        watched = {
            span + project
            for project, told in window.watched
            for span in spans_of(told, window.evidence.get((project, told), NOT_TOLD))
        }
        now_ns = unix_ns(window.now)
        gap_since_ns = now_ns - int(GAP_S_MAX * 1e9)
        return {
            "now_ns": now_ns,
            "gap_since_ns": gap_since_ns,
            "gap_since_segment": f"{gap_since_ns // 1_000_000 - SEGMENT_MS_MAX:012x}",
            "watched": sorted(watched),
            "asking": ASKING,
            "text_bytes_max": TEXT_BYTES_MAX,
            "rows_max": ROWS_MAX,
        }

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:  # noqa: ARG002
        """Build the graph, and tell the rings in it."""
        now_ns = unix_ns(window.now)
        spans = _whole_traces(made(OpenSpan, rows))
        found = [
            (project, *part)
            for (project, _), group in _by_place(spans).items()
            for part in _looked(group, project, now_ns, window.watched)
        ]
        found += [
            (project, graph, standstills(graph, now_ns))
            for project, graph in inferred_standings(window.unfinished, now_ns)
        ]
        told = [
            deadlock_finding(
                project, one, graph, now_ns, window.evidence.get((project, one.fingerprint), NOT_TOLD)
            )
            for project, graph, standstills_ in found
            for one in _first_told(project, standstills_, window.watched)
        ]
        missing = window.watched - {(one.project, one.fingerprint) for one in told}
        reasons = resolutions(missing, spans, now_ns, window.evidence)
        return Outcome(
            findings=told,
            resolutions={key: reason for key, reason in reasons.items() if reason},
            kept=list(_kept(key for key, reason in reasons.items() if not reason)),
            waits=picture([(graph, standstills_) for _, graph, standstills_ in found], now_ns),
            partial=len(rows) >= ROWS_MAX,
        )


def _first_told(project: str, found: Sequence[Standstill], watched: frozenset[Key]) -> Iterator[Standstill]:
    """Yield `FINDINGS_MAX`, what is open already first: else it would count as absent, and be resolved."""
    told = sorted(
        (one for one in found if one.told), key=lambda one: (project, one.fingerprint) not in watched
    )
    return islice(told, FINDINGS_MAX)


def _kept(keys: Iterable[Key]) -> Iterator[Key]:
    """Yield `FINDINGS_MAX` of each project at most."""
    counts: Counter[str] = Counter()
    for key in sorted(keys):
        counts[key[0]] += 1
        if counts[key[0]] <= FINDINGS_MAX:
            yield key


def _whole_traces(spans: Sequence[OpenSpan]) -> Sequence[OpenSpan]:
    """Leave out the last trace, where there was no room for all of it: what is missing may be at work.

    All others are there whole: traces take turns, not spans.
    """
    if len(spans) < ROWS_MAX:
        return spans
    last = spans[-1].project, spans[-1].trace_id
    return [span for span in spans if (span.project, span.trace_id) != last]


def _by_place(spans: Sequence[OpenSpan]) -> Mapping[Place, list[OpenSpan]]:
    groups: defaultdict[Place, list[OpenSpan]] = defaultdict(list)
    for span in spans:
        if not span.ended:
            groups[span.project, span.environment].append(span)
    return groups


def _looked(
    spans: Sequence[OpenSpan], project: str, now_ns: int, watched: frozenset[Key]
) -> Iterator[tuple[Standing, Sequence[Standstill]]]:
    """Yield the graph and its rings; and those that are told already and outlast a gap in the reports."""
    graph = standing(spans, now_ns)
    reported = {told for of, told in watched if of == project and not told.endswith(CONCLUDED)}
    found = standstills(graph, now_ns, known_names(reported))
    yield graph, found
    missing = reported - {one.fingerprint for one in found}
    heard_ns = min(now_ns, max(span.project_seen_ns for span in spans))
    if missing and now_ns - heard_ns <= GAP_S_MAX * 1e9:
        yield _still_told(spans, missing, heard_ns)


def _still_told(
    spans: Sequence[OpenSpan], missing: set[str], heard_ns: int
) -> tuple[Standing, Sequence[Standstill]]:
    """Return the rings told before that hold as of the newest report of the project, and nothing else.

    When nothing at all arrives, it is the news that are late.
    """
    graph = standing(spans, heard_ns, MISSED_S_TOLD)
    rings = [one for one in standstills(graph, heard_ns, known_names(missing)) if one.fingerprint in missing]
    return replace(graph, waits=[edge.wait for one in rings for edge in one.ring.edges]), rings
