"""How long each open span may stay open. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from analytics.baselines.learned_limits import MULTIPLIER
from analytics.baselines.limit import Limit
from analytics.baselines.work import Work
from analytics.detectors.detector import Limits
from analytics.detectors.open_row import OpenRow
from analytics.detectors.stuck_evidence import REPLY_LIMIT_S

_WORK_OF = attrgetter(*Work._fields)


def open_limits(spans: Sequence[OpenRow], limits: Limits) -> list[Limit]:
    """Return the limit of each span, asked for once of all that do the same."""
    works = list(map(_WORK_OF, spans))
    known = {work: limits.limit_for(Work(*work)) for work in set(works)}
    return [
        _reply_limit(span, known[work]) if span.answered_ns else known[work]
        for span, work in zip(spans, works, strict=True)
    ]


def _reply_limit(span: OpenRow, limit: Limit) -> Limit:
    """Return how long a reply may take that nobody is left to give: it may still be under way.

    As any borrowed limit it is never less than what was seen, of its own waits and of others'.
    """
    if limit.learned and not limit.is_of_others(span.work):
        return limit
    answered_s = max(0, span.answered_ns - span.opened_ns) / 1e9
    seen_s = max(limit.longest_s or 0.0, limit.q99_s or 0.0)
    reply_s = max(answered_s + REPLY_LIMIT_S, MULTIPLIER * seen_s)
    return replace(limit, limit_s=min(limit.limit_s, reply_s))
