"""Learned limits: which spans a limit is learned from, and what is made of them. Pure."""

from collections.abc import Hashable, Iterator

from analytics.baselines.durations import Durations, any_version, same_kind, same_tool
from analytics.baselines.limit import KeyLevel, Limit, default_limit_s
from analytics.baselines.survival import ALPHA, Survival, upper_s
from analytics.baselines.work import Work

# `reference/detectors.md` 3.1: 3 x q99 gave 8 false alarms in 10,000 spans where q99 gave 70.
MULTIPLIER = 3.0
# A wait shorter than this is worth nobody's attention.
LIMIT_S_MIN = 5.0


class LearnedLimits:
    """Limits by one state of the baselines, each worked out when it is first asked for.

    Threads that ask at once may both work it out, to the same effect.

    Parameters
    ----------
    alpha
        Share of ordinary spans that exceed the 99 % duration at most.
    multiplier
        Limit in multiples of that duration.
    """

    def __init__(self, durations: Durations, alpha: float = ALPHA, multiplier: float = MULTIPLIER) -> None:
        self._durations = durations
        self._alpha = alpha
        self._multiplier = multiplier
        self._limits: dict[Work, Limit] = {}
        self._curves: dict[Hashable, Survival] = {}

    def limit_for(self, work: Work) -> Limit:
        """Return how long a span of this work may stay open.

        The first pool with enough spans decides: the same agent, operation, tool and model at
        the same version; the same at any version; the same operation and tool of any agent;
        the kind. A limit from other spans than the work's own is never less than `multiplier`
        times the longest of its own that ended, and one from different things never less than
        the default of the kind: the others say little of how long this one may take.
        """
        limit = self._limits.get(work)
        if limit is None:
            limit = self._limits[work] = self._learn(work)
        return limit

    def _learn(self, work: Work) -> Limit:
        own = self._curve(work)
        longest_s = upper_s(int(own.bins[-1])) if len(own.bins) else None
        least_s = max(LIMIT_S_MIN, self._multiplier * (longest_s or 0.0))
        for level, pool, floor_s in _pools(work, least_s):
            curve = self._curve(pool)
            q99_s = curve.threshold_s(self._alpha)
            if q99_s is not None:
                return Limit(
                    limit_s=max(floor_s, self._multiplier * q99_s),
                    usual_s=curve.quantile_s(0.5),
                    p95_s=curve.quantile_s(0.95),
                    q99_s=q99_s,
                    samples=curve.ended,
                    censored=curve.censored,
                    loss_rate=curve.loss_rate,
                    key_level=level,
                    older_version=level == "agent" and pool != work,
                    longest_s=longest_s,
                    curve=curve,
                )
        return _unlearned(max(default_limit_s(work.kind), least_s), own, longest_s)

    def _curve(self, pool: Hashable) -> Survival:
        curve = self._curves.get(pool)
        if curve is None:
            curve = self._curves[pool] = self._durations.curve(pool)
        return curve


def _pools(work: Work, least_s: float) -> Iterator[tuple[KeyLevel, Hashable, float]]:
    """Yield the pools of the fall-back chain, nearest first, each with the least limit it may give."""
    default_s = max(default_limit_s(work.kind), least_s)
    yield "agent", work, LIMIT_S_MIN
    yield "agent", any_version(work), least_s
    yield "tool", same_tool(work), least_s if work.tool else default_s
    yield "kind", same_kind(work), default_s


def _unlearned(limit_s: float, own: Survival, longest_s: float | None) -> Limit:
    return Limit(limit_s, None, None, None, own.ended, own.censored, None, "default", False, longest_s, None)
