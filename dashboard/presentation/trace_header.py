"""What stands above a waterfall."""

from datetime import datetime

from analytics.api.models import Trace
from dashboard.presentation.evidence import Fact
from dashboard.wording.amount import count, counted, listed, money, tokens
from dashboard.wording.duration import age, duration
from dashboard.wording.moment import exact


def header_facts(trace: Trace, now: datetime) -> list[Fact]:
    """Return what is known of the whole trace, in the order of interest."""
    summary = trace.summary
    lasted = f"{age(summary.duration_s)} so far" if summary.open else duration(summary.duration_s)
    known = [
        ("Duration", lasted),
        ("Started", exact(summary.start, now)),
        ("Spans", count(trace.spans_total)),
        ("Agents", listed(summary.agents)),
        ("Tokens", _tokens(summary.input_tokens, summary.output_tokens)),
        ("Cost", money(summary.cost_usd) if summary.cost_usd is not None else ""),
        ("Session", summary.session or ""),
        ("User", summary.user or ""),
        ("Environment", summary.environment),
    ]
    return [(label, value) for label, value in known if value]


def cut_short(trace: Trace) -> str:
    """Return what is said when the API gave only a part; empty when it gave all."""
    shown = len(trace.spans)
    if shown >= trace.spans_total:
        return ""
    return f"Showing {count(shown)} of {counted(trace.spans_total, 'span')}, in the order of the tree."


def _tokens(given: int | None, produced: int | None) -> str:
    if given is None and produced is None:
        return ""
    return f"{tokens(given)} in, {tokens(produced)} out"
