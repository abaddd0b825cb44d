"""Contents: what texts of two windows say, by the hour, at the hours of the day that both have. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.drift.hours import hour_class
from analytics.drift.matched import CALLS_MIN, HOURS_MIN
from analytics.drift.sketch_reference import TEXTS_MIN, whitening_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contents:
    """Sketches of one window.

    Parameters
    ----------
    hours : shape (hours,)
        Since the epoch, ascending; of those without a text there may be none.
    texts : shape (hours,)
    sums : shape (hours, 64)
        Of the sketches of each hour's texts.
    products : shape (64, 64)
        Sum of y y' over all of its texts.
    """

    hours: Floats
    texts: Floats
    sums: Floats
    products: Floats


@dataclass(frozen=True, slots=True)
class Contrast:
    """Hourly mean sketches of two windows, and by how much the second's differ at the same hours of the day.

    Parameters
    ----------
    hours, texts : shape (hours,)
        Of those with a text, the first window's before the second's.
    after : shape (hours,)
        Whether an hour is of the second window.
    like : shape (hours,)
        Which hour of the day, and of which kind of day, by numbers without a gap.
    pull : shape (hours,)
        By how much each hour's mean moves the difference.
    size : shape (64,)
        The difference, in standard deviations of one text in 64 uncorrelated directions.
    residuals : shape (hours, 64)
        Of the hourly means beside what is usual at their hour and the difference.
    """

    hours: Floats
    texts: Floats
    after: NDArray[np.bool_]
    like: NDArray[np.int64]
    pull: Floats
    size: Floats
    residuals: Floats


def matched_contents(first: Contents, second: Contents) -> tuple[Contents, Contents]:
    """Return both windows without hours that the other has none like: of the day, weekends or other days."""
    seen = [np.bincount(hour_class(one.hours), one.texts, 48) > 0 for one in (first, second)]
    both = seen[0] & seen[1]
    return _only(first, both), _only(second, both)


def wanting(first: Contents, second: Contents) -> str | None:
    """Return what two matched windows lack for a comparison, None where they lack nothing."""
    for name, one in (("first", first), ("second", second)):
        texts, hours = int(one.texts.sum()), len(np.unique(one.hours % 24))
        if texts < CALLS_MIN:
            return f"{texts} texts in the {name} window at hours that both have: {CALLS_MIN} are needed"
        if hours < HOURS_MIN:
            return f"texts in {hours} hours of the day that both windows have: {HOURS_MIN} are needed"
    texts = int(first.texts.sum() + second.texts.sum())
    if texts < TEXTS_MIN:
        return f"{texts} texts in both windows at hours that both have: {TEXTS_MIN} are needed"
    return None


def contrast(first: Contents, second: Contents, whitening: Floats) -> Contrast:
    """Return by how much the second of two matched windows differs.

    Least squares, weighted by texts, on what is usual at each hour of the day, weekends apart, and on the
    window; so a night is compared with nights, however many texts either window has at night.
    """
    hours, texts, sums = (
        np.concatenate([getattr(one, name) for one in (first, second)]) for name in ("hours", "texts", "sums")
    )
    after = np.arange(len(hours)) >= len(first.hours)
    _, like = np.unique(hour_class(hours), return_inverse=True)
    means = sums / texts[:, None] @ whitening
    of_like = np.bincount(like, texts)
    part = after - (np.bincount(like, texts * after) / of_like)[like]
    pull = texts * part / (texts @ part**2)
    size = pull @ means
    beside = means - after[:, None] * size
    usual = np.stack([np.bincount(like, texts * one) for one in beside.T], 1) / of_like[:, None]
    return Contrast(hours, texts, after, like, pull, size, beside - usual[like])


def whitening_within(first: Contents, second: Contents) -> Floats:
    """Return what makes the sketch of one text uncorrelated, of variance one, by both windows' own means.

    Of whole windows, for that is what their products are of.
    """
    texts = sum(one.texts.sum() for one in (first, second))
    within = sum(one.products - _squared(one) for one in (first, second))
    return whitening_of(np.asarray(within) / max(texts - 2, 1), texts)


def _squared(one: Contents) -> Floats:
    total = one.sums.sum(0)
    return np.asarray(np.outer(total, total) / max(one.texts.sum(), 1))


def _only(one: Contents, classes: NDArray[np.bool_]) -> Contents:
    some = (one.texts > 0) & classes[hour_class(one.hours)]
    return Contents(one.hours[some], one.texts[some], one.sums[some], one.products)
