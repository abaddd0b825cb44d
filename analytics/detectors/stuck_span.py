"""StuckSpan: spans that are open for too long, and what keeps them open. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from analytics.detectors.detector import OPEN_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.open_limits import open_limits
from analytics.detectors.open_row import OpenRow
from analytics.detectors.open_tree import OpenTree
from analytics.detectors.stuck_finding import DETECTOR, label, stuck_finding
from analytics.detectors.stuck_resolution import resolutions
from analytics.detectors.verdict import Nanoseconds, Verdict, judge
from analytics.findings.finding import Finding
from analytics.findings.judgement import Key
from analytics.rfc3339 import unix_ns
from analytics.waits.open_span import AGENT_KINDS
from analytics.waits.served import served
from collector.store.rows import made
from collector.store.statement import statement

# What one look reads, and what it finds of each project, at most: what is watched, and projects in turns, the
# oldest first.
# A look at 200,000 open spans takes seconds.
ROWS_MAX = 200_000
FINDINGS_MAX = 1_000
# Ancestors that are counted; a client may nest as deep as it likes.
ABOVE_MAX = 1_000


class StuckSpan:
    """A span stays open past its limit, nothing moves, and nothing below it is to blame.

    A span is stuck when it is older than `Limit.limit_s` and neither it nor anything below it
    has progressed for three heartbeats (in what contains others: and for a minute). Its open
    ancestors are victims: they stand in the evidence and have no finding of their own. A wait for
    a person, a timer or the outside is never stuck, nor one in or behind a ring that is told, nor one for
    an agent that is at work, or that waits for such a one. A span
    whose heartbeats ceased is lost, not stuck: its end is, or its process has died.

    While a source without heartbeats sends far less than usual, its spans open no findings and
    resolve none: then it is the news that are late.

    References
    ----------
    `docs/detectors.md`, section ``stuck_span``.
    """

    name = DETECTOR
    every_s = OPEN_EVERY_S
    sql = statement(__package__, "stuck_span.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        watched = sorted(fingerprint + project for project, fingerprint in window.watched)
        return {"now_ns": unix_ns(window.now), "watched": watched, "rows_max": ROWS_MAX}

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:
        """Judge every open span, and blame those on which the others wait."""
        spans = made(OpenRow, rows)
        verdicts = _judged(spans, window, limits)
        waits_served = served(window.waits, _at_work(verdicts))
        _excuse(verdicts, waits_served)
        tree = OpenTree([verdict.row for verdict in verdicts])
        blamed = _blamed(verdicts, tree, window.watched)
        # what is open already comes first: past the bound it would count as absent, and be resolved
        blamed.sort(key=lambda number: _order(verdicts[number], window.watched))
        _settle(verdicts, tree, set(blamed))
        told = list(_first_of_each_project(blamed, verdicts))
        return Outcome(
            findings=list(_findings(told, verdicts, tree)),
            resolutions=resolutions(window.watched, spans, verdicts, window.explained, waits_served),
            verdicts=sorted(verdicts, key=_age_order),
            partial=len(rows) >= ROWS_MAX or len(told) < len(blamed),
        )


def _judged(spans: Sequence[OpenRow], window: Window, limits: Limits) -> list[Verdict]:
    """Return how each span that has not ended does by itself."""
    still_open = [span for span in spans if not span.ended]
    beating = {span.source for span in spans if span.beats}
    verdicts = judge(still_open, open_limits(still_open, limits), _as_of_ns(still_open, window), beating)
    if window.explained:
        for verdict in verdicts:
            # the ring that it waits in has a finding of its own, which says more
            verdict.word = "waiting" if verdict.row.key in window.explained else verdict.word
    return verdicts


def _as_of_ns(spans: Sequence[OpenRow], window: Window) -> Nanoseconds:
    """Return when each span is judged: where news of its trace wait, as of the first of them."""
    now_ns = unix_ns(window.now)
    if not window.waiting:
        return np.full(len(spans), now_ns)
    known_ns = (window.waiting.get(span.trace_id + span.project, now_ns) for span in spans)
    return np.fromiter((min(now_ns, each_ns) for each_ns in known_ns), np.int64, len(spans))


def _at_work(verdicts: Iterable[Verdict]) -> frozenset[Key]:
    """Return the agents in which something moved of late, by their span: a node of the graph has its id."""
    return frozenset(
        verdict.row.key
        for verdict in verdicts
        if verdict.row.kind in AGENT_KINDS and verdict.word != "lost" and verdict.quiet_s <= verdict.silence_s
    )


def _excuse(verdicts: Iterable[Verdict], waits_served: frozenset[Key]) -> None:
    """Who waits for somebody at work is not stuck, however long it takes: were that one stuck, it is told."""
    for verdict in verdicts:
        if verdict.word == "stuck" and verdict.row.key in waits_served:
            verdict.word = "waiting"


def _blamed(verdicts: Sequence[Verdict], tree: OpenTree, watched: frozenset[Key]) -> list[int]:
    """Return the spans that are stuck by themselves: nothing below them is open, or all of it is lost."""
    live_below = tree.nearest_below(
        number for number, verdict in enumerate(verdicts) if verdict.word != "lost"
    )
    return [
        number
        for number, verdict in enumerate(verdicts)
        if number not in live_below and _may_be_said(verdict, watched)
    ]


def _may_be_said(verdict: Verdict, watched: frozenset[Key]) -> bool:
    """Say whether a finding opens or goes on, the ingest guard considered."""
    if verdict.word not in ("stuck", "lost"):
        return False
    row = verdict.row
    is_known = row.key in watched
    if verdict.word == "lost":
        return is_known and row.project_is_silent
    return is_known or verdict.beating or not row.source_is_silent


def _settle(verdicts: Sequence[Verdict], tree: OpenTree, blamed: set[int]) -> None:
    """Make them the verdicts that hold when what is below each span is considered."""
    below = tree.nearest_below(number for number, verdict in enumerate(verdicts) if verdict.word == "waiting")
    below |= tree.nearest_below(blamed)
    for number, verdict in enumerate(verdicts):
        if number in blamed or verdict.word in ("waiting", "lost"):
            continue
        if number in below and verdict.quiet_s > verdict.silence_s:
            reason = verdicts[below[number]]
            verdict.word = "waiting"
            verdict.waiting_on = verdict.waiting_on or reason.waiting_on or label(reason.row)
        elif verdict.word == "stuck":
            verdict.word = "slow"


def _first_of_each_project(blamed: Sequence[int], verdicts: Sequence[Verdict]) -> Iterator[int]:
    """Yield `FINDINGS_MAX` of each project at most: none takes the room of the others."""
    counts: Counter[str] = Counter()
    for number in blamed:
        project = verdicts[number].row.project
        counts[project] += 1
        if counts[project] <= FINDINGS_MAX:
            yield number


def _findings(blamed: Sequence[int], verdicts: Sequence[Verdict], tree: OpenTree) -> Iterator[Finding]:
    lost_below = tree.nearest_below(
        number for number, verdict in enumerate(verdicts) if verdict.word == "lost"
    )
    for number in blamed:
        above = [verdicts[ancestor] for ancestor in islice(tree.above(number), ABOVE_MAX)]
        yield stuck_finding(
            verdicts[number], above, verdicts[lost_below[number]] if number in lost_below else None
        )


def _order(verdict: Verdict, watched: frozenset[Key]) -> tuple[bool, int]:
    return verdict.row.key not in watched, _age_order(verdict)


def _age_order(verdict: Verdict) -> int:
    return verdict.row.opened_ns
