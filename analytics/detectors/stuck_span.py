"""StuckSpan: spans that are open for too long, and what keeps them open. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from analytics.baselines.learned_limits import MULTIPLIER
from analytics.baselines.limit import Limit
from analytics.detectors.detector import OPEN_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.open_row import OpenRow
from analytics.detectors.open_tree import OpenTree
from analytics.detectors.stuck_evidence import REPLY_LIMIT_S
from analytics.detectors.stuck_finding import DETECTOR, label, stuck_finding
from analytics.detectors.stuck_resolution import resolutions
from analytics.detectors.verdict import Verdict, judge
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
        still_open = [span for span in spans if not span.ended]
        now_ns = unix_ns(window.now)
        beating = {_source(span) for span in spans if span.beats}
        alone = [
            _judged(span, now_ns, window, limits, source_beats=_source(span) in beating)
            for span in still_open
        ]
        waits_served = served(window.waits, _at_work(alone))
        alone = [_excused(verdict, waits_served) for verdict in alone]
        tree = OpenTree(still_open)
        blamed = _blamed(alone, tree, window.watched)
        # what is open already comes first: past the bound it would count as absent, and be resolved
        blamed.sort(key=lambda number: _order(alone[number], window.watched))
        verdicts = sorted(_settled(alone, tree, set(blamed)), key=_age_order)
        told = list(_first_of_each_project(blamed, alone))
        return Outcome(
            findings=list(_findings(told, alone, tree)),
            resolutions=resolutions(window.watched, spans, verdicts, window.explained, waits_served),
            verdicts=verdicts,
            partial=len(rows) >= ROWS_MAX or len(told) < len(blamed),
        )


def _source(span: OpenRow) -> tuple[str, str, str]:
    return span.project, span.service, span.service_instance


def _judged(span: OpenRow, now_ns: int, window: Window, limits: Limits, *, source_beats: bool) -> Verdict:
    at_ns = min(now_ns, window.waiting.get(span.trace_id + span.project, now_ns))
    limit = limits.limit_for(span.work)
    if span.answered_ns and (not limit.learned or limit.is_of_others(span.work)):
        limit = replace(limit, limit_s=min(limit.limit_s, _reply_limit_s(span, limit)))
    verdict = judge(span, limit, at_ns, source_beats=source_beats)
    # the ring that it waits in has a finding of its own, which says more
    return replace(verdict, word="waiting") if span.key in window.explained else verdict


def _at_work(alone: Sequence[Verdict]) -> frozenset[Key]:
    """Return the agents in which something moved of late, by their span: a node of the graph has its id."""
    return frozenset(
        verdict.row.key
        for verdict in alone
        if verdict.row.kind in AGENT_KINDS and verdict.word != "lost" and verdict.quiet_s <= verdict.silence_s
    )


def _excused(verdict: Verdict, waits_served: frozenset[Key]) -> Verdict:
    """Who waits for somebody at work is not stuck, however long it takes: were that one stuck, it is told."""
    is_served = verdict.word == "stuck" and verdict.row.key in waits_served
    return replace(verdict, word="waiting") if is_served else verdict


def _reply_limit_s(span: OpenRow, limit: Limit) -> float:
    """Return how long a reply may take that nobody is left to give: it may still be under way.

    As any borrowed limit it is never less than what was seen, of its own waits and of others'.
    """
    answered_s = max(0, span.answered_ns - span.opened_ns) / 1e9
    seen_s = max(limit.longest_s or 0.0, limit.q99_s or 0.0)
    return max(answered_s + REPLY_LIMIT_S, MULTIPLIER * seen_s)


def _blamed(alone: Sequence[Verdict], tree: OpenTree, watched: frozenset[Key]) -> list[int]:
    """Return the spans that are stuck by themselves: nothing below them is open, or all of it is lost."""
    live_below = tree.nearest_below(number for number, verdict in enumerate(alone) if verdict.word != "lost")
    return [
        number
        for number, verdict in enumerate(alone)
        if number not in live_below and _may_be_said(verdict, watched)
    ]


def _may_be_said(verdict: Verdict, watched: frozenset[Key]) -> bool:
    """Say whether a finding opens or goes on, the ingest guard considered."""
    row = verdict.row
    is_known = row.key in watched
    if verdict.word == "lost":
        return is_known and row.project_is_silent
    return verdict.word == "stuck" and (is_known or verdict.beating or not row.source_is_silent)


def _settled(alone: Sequence[Verdict], tree: OpenTree, blamed: set[int]) -> Iterator[Verdict]:
    """Yield the verdicts that hold when what is below each span is considered."""
    stuck_below = tree.nearest_below(blamed)
    waiting_below = tree.nearest_below(
        number for number, verdict in enumerate(alone) if verdict.word == "waiting"
    )
    for number, verdict in enumerate(alone):
        below = stuck_below.get(number, waiting_below.get(number))
        if number in blamed or verdict.word in ("waiting", "lost"):
            yield verdict
        elif below is not None and verdict.quiet_s > verdict.silence_s:
            reason = alone[below].waiting_on or label(alone[below].row)
            yield replace(verdict, word="waiting", waiting_on=verdict.waiting_on or reason)
        elif verdict.word == "stuck":
            yield replace(verdict, word="slow")
        else:
            yield verdict


def _first_of_each_project(blamed: Sequence[int], alone: Sequence[Verdict]) -> Iterator[int]:
    """Yield `FINDINGS_MAX` of each project at most: none takes the room of the others."""
    counts: Counter[str] = Counter()
    for number in blamed:
        project = alone[number].row.project
        counts[project] += 1
        if counts[project] <= FINDINGS_MAX:
            yield number


def _findings(blamed: Sequence[int], alone: Sequence[Verdict], tree: OpenTree) -> Iterator[Finding]:
    lost_below = tree.nearest_below(number for number, verdict in enumerate(alone) if verdict.word == "lost")
    for number in blamed:
        above = [alone[ancestor] for ancestor in islice(tree.above(number), ABOVE_MAX)]
        yield stuck_finding(alone[number], above, alone[lost_below[number]] if number in lost_below else None)


def _order(verdict: Verdict, watched: frozenset[Key]) -> tuple[bool, int]:
    return verdict.row.key not in watched, _age_order(verdict)


def _age_order(verdict: Verdict) -> int:
    return verdict.row.opened_ns
