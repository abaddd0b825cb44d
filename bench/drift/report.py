"""Rows of the acceptance table, and the intervals of what they say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest, chi2


@dataclass(frozen=True, slots=True)
class Row:
    """A row: what is measured, what drift.md requires, what was got, and the best existing tool beside it."""

    number: str
    measure: str
    required: str
    got: str
    beside: str = "-"

    def __str__(self) -> str:
        return f"| {self.number} | {self.measure} | {self.required} | {self.got} | {self.beside} |"


HEAD = "| # | measure | required | got | best existing tool, same streams |\n|---|---|---|---|---|"


def share(hits: int, n: int) -> str:
    """Return a share with Wilson's interval at 95 %."""
    if not n:
        return "-"
    low, high = binomtest(hits, n).proportion_ci(method="wilson")
    return f"{hits / n:.4g} [{low:.4f}-{high:.4f}], {hits} of {n:,}"


def rate(events: int, exposure: float) -> str:
    """Return events per unit of exposure, with the exact Poisson interval at 95 %."""
    low = chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
    high = chi2.ppf(0.975, 2 * events + 2) / 2
    return f"{events / exposure:.5f} [{low / exposure:.5f}-{high / exposure:.5f}]"


def delay(found: Sequence[float | None], unit: str = "h") -> str:
    """Return the median delay with its order-statistic interval at 95 %, and how many were found."""
    delays = np.sort([np.inf if one is None else one for one in found])
    n = len(delays)
    half = 0.98 * np.sqrt(n)
    low, high = (delays[int(np.clip(place, 0, n - 1))] for place in (n / 2 - half, n / 2 + half))
    text = f"{np.median(delays):g} [{low:g}-{high:g}] {unit}"
    some = int(np.isfinite(delays).sum())
    return text if some == n else f"{text}, {some} of {n} found"
