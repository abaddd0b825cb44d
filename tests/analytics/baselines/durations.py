"""Rows of the baselines' statements, made from plain durations."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.baselines.durations import Durations
from analytics.baselines.learned_limits import LearnedLimits
from analytics.baselines.survival import Survival, bin_of, survival
from analytics.baselines.work import Work

AWAIT_TESTS = Work("shop", "tool", "coder", "execute_tool", "await_tests", "", "1")


def counted(work: Work, ended: Iterable[float] = (), censored: Iterable[float] = ()) -> dict[str, Any]:
    """Return the row of `baseline.sql` (and, of what is censored, of `open_ages.sql`) of one work."""
    ended_n, censored_n = Counter(map(bin_of, ended)), Counter(map(bin_of, censored))
    bins = sorted(ended_n | censored_n)
    columns = {"bins": bins, "ended": [ended_n[b] for b in bins], "censored": [censored_n[b] for b in bins]}
    return {**work._asdict(), **columns}


def limits(*rows: dict[str, Any], still_open: Iterable[dict[str, Any]] = ()) -> LearnedLimits:
    return LearnedLimits(Durations(rows, still_open))


def curve(durations_s: ArrayLike, has_ended: ArrayLike) -> Survival:
    """Return the curve of durations of which some ended and the others were cut off."""
    ended = np.asarray(has_ended, dtype=bool)
    return survival(bins_of(durations_s), ended.astype(np.int64), (~ended).astype(np.int64))


def bins_of(durations_s: ArrayLike) -> NDArray[np.int64]:
    return np.array([bin_of(duration_s) for duration_s in np.asarray(durations_s)], dtype=np.int64)


def spread(usual_s: float, n: int) -> list[float]:
    """Return n durations around a median, the longest about twice as long."""
    return [usual_s * 2 ** (2 * (index + 0.5) / n - 1) for index in range(n)]
