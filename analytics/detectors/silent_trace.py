"""SilentTrace: traces that stopped in the middle, by spans that ended alone. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from analytics.baselines.limit import Limit
from analytics.baselines.work import Work
from analytics.detectors.detector import CHANGED_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.silent_trace_finding import DETECTOR, Silence, silent_trace_finding
from analytics.detectors.silent_trace_resolution import resolution
from analytics.detectors.source import Source, is_of_any
from analytics.detectors.trace_row import TraceRow
from analytics.findings.finding import Resolution
from analytics.findings.judgement import Key
from analytics.inferred.unfinished import OpenWork, Unfinished
from analytics.rfc3339 import unix_ns
from analytics.turns import in_turns
from collector.store.statement import statement

# The least silence that is worth anybody's attention (`reference/detectors.md` 3.2).
SILENCE_S_MIN = 60.0
# Traces that are looked at again before anything is said of them; of each project the longest silent ones.
TRACES_MAX = 5_000
FINDINGS_MAX = 200
# Of how long ago ends count, in microseconds: versions are microseconds.
_FINISHED_US = 6 * 3_600_000_000
# A missing root alone says that a trace stopped only where traces of its service are known to end (n),
# and nearly all of them do: else roots are lost, sampled away or never sent.
FINISHED_MIN = 20
ENDLESS_RATIO_MAX = 0.002
ENDLESS_MAX = 2
# Where nearly no trace has an end, what goes on in them is not seen: each model's call is a trace of its own.
ENDLESS_RATIO_INFERRED_MAX = 0.9
ENDLESS_INFERRED_MAX = 5


class SilentTrace:
    """A trace has not ended, and nothing of it has arrived for longer than what it waits for usually takes.

    For traces of which no span is reported open: what ended last says what goes on. Whatever reports open
    spans is judged by them (`stuck_span`). Everything it says is inferred, so it is never confirmed.

    References
    ----------
    `docs/detectors.md`, section ``silent_trace``.
    """

    name = DETECTOR
    every_s = CHANGED_EVERY_S
    sql = statement(__package__, "silent_trace.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        now_ns = unix_ns(window.now)
        watched = [trace_id + project for project, trace_id in sorted(window.watched)]
        quiet = [trace for trace in reversed(window.unfinished) if _is_candidate(trace, now_ns)]
        first = in_turns(quiet, lambda trace: trace.project, TRACES_MAX)
        places = [*watched, *(trace.trace_id + trace.project for trace in first)]
        return {
            "places": list(dict.fromkeys(places)),
            "finished_since": now_ns // 1000 - _FINISHED_US,
            "rows_max": len(places) + 1,
        }

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:
        """Judge the traces that are unfinished by how long they have been silent."""
        standing = {row.key: row for row in (TraceRow(**row) for row in rows)}
        silences = [
            silence
            for trace in reversed(window.unfinished)
            if (row := standing.get((trace.project, trace.trace_id)))
            and (silence := _silence(trace, row, window, limits))
        ]
        endless = _endless(window)
        said = [one for one in silences if _may_be_said(one, window, endless)]
        said.sort(key=lambda one: one.key not in window.watched)
        told = list(_first_of_each_project(said))
        return Outcome(
            findings=[silent_trace_finding(silence) for silence in told],
            resolutions=_resolutions(window, standing),
            partial=len(told) < len(said),
        )


def _is_candidate(trace: Unfinished, now_ns: int) -> bool:
    is_due = now_ns - trace.heard_ns > SILENCE_S_MIN * 1e9
    return is_due and not trace.open_spans and not trace.roots and bool(trace.work)


def _silence(trace: Unfinished, row: TraceRow, window: Window, limits: Limits) -> Silence | None:
    """Return how long a trace has been silent, if that is too long."""
    now_ns = unix_ns(window.now)
    work = trace.latest
    has_changed = row.heard_ns != trace.heard_ns or row.roots or row.open_spans
    if has_changed or work is None or trace.talked_out or any(one.for_human for one in trace.work):
        return None
    silent_s = max(0, now_ns - trace.heard_ns) / 1e9
    compared, limit = _limit(trace, work, limits)
    if silent_s <= max(SILENCE_S_MIN, limit.limit_s):
        return None
    return Silence(trace, work, compared, limit, silent_s, row.finished(work.service))


def _limit(trace: Unfinished, work: OpenWork, limits: Limits) -> tuple[Work, Limit]:
    """Return what may take how long; where nothing is known of it, the slower of a model and a tool.

    Between two spans that end lies one that does not yet: silence is as long as a model or a tool takes.
    """
    tool = Work(trace.project, "tool", work.agent, work.operation, work.waits_for, "", work.agent_version)
    model = Work(trace.project, "llm", work.agent, work.operation, "", work.model, work.agent_version)
    if work.evidence == "call" and work.waits_for:
        compared = tool
    elif work.evidence in ("model", "handoff"):
        compared = model
    else:
        unnamed = (tool._replace(tool="", operation=""), model._replace(operation=""))
        compared = max(unnamed, key=lambda one: limits.limit_for(one).limit_s)
    return compared, limits.limit_for(compared)


def _endless(window: Window) -> Counter[Source]:
    """Count the traces without an end by the service that was heard last in them."""
    return Counter(
        Source(trace.project, trace.latest.service)
        for trace in window.unfinished
        if trace.latest and not trace.roots and not trace.open_spans
    )


def _may_be_said(silence: Silence, window: Window, endless: Mapping[Source, int]) -> bool:
    """Say whether a finding opens or goes on: not while news may be late, nor where no trace ends."""
    if silence.key in window.watched:
        return True
    source = Source(silence.trace.project, silence.work.service, silence.work.service_instance)
    if is_of_any(source, window.silent):
        return False
    without = endless[source._replace(service_instance="")]
    ratio = without / (without + silence.finished)
    if silence.work.evidence != "parent":
        return without <= ENDLESS_INFERRED_MAX or ratio <= ENDLESS_RATIO_INFERRED_MAX
    return silence.finished >= FINISHED_MIN and (without <= ENDLESS_MAX or ratio <= ENDLESS_RATIO_MAX)


def _first_of_each_project(said: Iterable[Silence]) -> Iterator[Silence]:
    counts: Counter[str] = Counter()
    for silence in said:
        counts[silence.trace.project] += 1
        if counts[silence.trace.project] <= FINDINGS_MAX:
            yield silence


def _resolutions(window: Window, standing: Mapping[Key, TraceRow]) -> Mapping[Key, Resolution]:
    unfinished = {(trace.project, trace.trace_id): trace for trace in window.unfinished}
    return {
        key: resolution(standing.get(key), unfinished.get(key), unix_ns(window.now)) for key in window.watched
    }
