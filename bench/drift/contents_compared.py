"""How often texts of two healthy windows are said to differ, and how often texts that do."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from analytics.drift.contents import Contents, matched_contents, wanting
from analytics.drift.two_contents import moved_content
from bench.drift.compared import ALPHAS, DAYS
from bench.drift.content_streams import Case, Texts, two_windows
from bench.drift.contents_otherwise import OTHERWISE
from bench.drift.corpus import Corpus, botocore
from bench.drift.report import Row, share
from bench.drift.size import Size

Floats = NDArray[np.float64]
Windows = tuple[Contents, Contents]

RATES = (10, 25, 100)
PER_HOUR = 25
HEALTHY = (
    Texts("independent"),
    Texts("traces"),
    Texts("nights"),
    Texts("days", spread=1),
    *(Texts("wander", over_h, spread=1) for over_h in (6, 24, 72)),
    *(Texts("wander", over_h, spread=2) for over_h in (24, 72)),
)
CHANGED = (
    *(("truncated", much) for much in (0.1, 0.3)),
    ("refusals", 0.05),
    *(("topics", much) for much in (0.1, 0.2, 0.4)),
)
FOUND_AT = 0.01


def rows(size: Size) -> Iterator[Row]:
    """Yield false rates of each kind of healthy texts and length."""
    corpus = Corpus(botocore())
    for days in DAYS:
        every = []
        for texts in HEALTHY:
            cases = [Case(texts, days, RATES[n % len(RATES)]) for n in range(size.content_pairs)]
            every.append(np.array([p_value(one) for one in _windows(corpus, size, cases)]))
            beside = _beside(corpus, size, cases, ALPHAS[0])
            yield _false(f"healthy texts: {texts}, {days} days against {days}", every[-1], beside)
        yield _false(f"all of them, {days} days against {days}", np.concatenate(every), "-")


def changed_rows(size: Size) -> Iterator[Row]:
    """Yield how often changes are found."""
    corpus = Corpus(botocore())
    for name, much in CHANGED:
        for days in DAYS:
            cases = [Case(HEALTHY[0], days, PER_HOUR, name, much)] * size.content_pairs
            p = np.array([p_value(one) for one in _windows(corpus, size, cases)])
            found = f"found at {FOUND_AT:g}: {share(int((p <= FOUND_AT).sum()), len(p))}"
            yield Row("F4", str(cases[0]), "-", found, _beside(corpus, size, cases, FOUND_AT))


def p_value(windows: Windows) -> float:
    """Return the p-value of one comparison, NaN where it is `unknown`."""
    if wanting(*matched_contents(*windows)):
        return float("nan")
    return moved_content(*windows).p


def _windows(corpus: Corpus, size: Size, cases: Sequence[Case]) -> Iterator[Windows]:
    return (two_windows(corpus, size.seed, case, number) for number, case in enumerate(cases))


def _beside(corpus: Corpus, size: Size, cases: Sequence[Case], alpha: float) -> str:
    """Return how often other tests say so, on the first of the same streams."""
    some = list(islice(_windows(corpus, size, cases), size.content_others))
    told = [one for one in some if not wanting(*matched_contents(*one))]
    return "; ".join(f"{name} {_share(test, told, alpha)}" for name, test in OTHERWISE.items())


def _share(test: Callable[[Contents, Contents], float], told: Sequence[Windows], alpha: float) -> str:
    return f"{np.mean([test(*one) <= alpha for one in told]):.2g}" if told else "-"


def _false(what: str, p: Floats, beside: str) -> Row:
    told = p[~np.isnan(p)]
    rates = "; ".join(f"at {alpha:g}: {share(int((told <= alpha).sum()), len(told))}" for alpha in ALPHAS)
    return Row("F3", what, "<= alpha", f"{rates}; unknown {len(p) - len(told)}", beside)
