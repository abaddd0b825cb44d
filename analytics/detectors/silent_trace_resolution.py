"""Why a trace that was found silent no longer is, in plain words. Pure."""

from analytics.detectors.trace_row import TraceRow
from analytics.detectors.wording import duration
from analytics.findings.finding import Resolution
from analytics.inferred.reader import QUIET
from analytics.inferred.unfinished import Unfinished

ENDED = Resolution("ended", "Its root has arrived: the trace ended.")
OPEN = Resolution("delegated", "Some of its spans are reported open now: they are judged one by one.")
HUMAN = Resolution("waiting", "It waits for a person, a timer or the outside.")
LOST = Resolution("lost", "By what arrived since it came to its end, and its root was lost.")
FORGOTTEN = Resolution("expired", "Nothing of it has arrived for 24 hours: it is no longer looked at.")


def resolution(row: TraceRow | None, trace: Unfinished | None, now_ns: int) -> Resolution:
    """Return why a trace would not be silent, were it not found now.

    Parameters
    ----------
    row
        How it stands now; None where it is not stored any more.
    trace
        What is inferred of it, if it is unfinished and has been quiet.
    """
    if row is None:
        return FORGOTTEN
    if row.roots or not row.missing_parents or row.open_spans:
        return OPEN if row.open_spans else ENDED
    if trace is not None and row.heard_ns == trace.heard_ns:
        return _by_inference(trace)
    quiet_s = max(0, now_ns - row.heard_ns) / 1e9
    if quiet_s < 2 * QUIET.total_seconds():
        return Resolution(
            "progressed", f"Something of it arrived {duration(quiet_s)} before it was looked at."
        )
    return FORGOTTEN


def _by_inference(trace: Unfinished) -> Resolution:
    if any(work.for_human for work in trace.work):
        return HUMAN
    if trace.talked_out or not trace.work:
        return LOST
    return Resolution("limit", "By what was learned since, it may take this long.")
