"""Kept: the reference of one series as it is stored, and references of many as they are used. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.drift.baseline import PARAMETERS
from analytics.drift.noise import Noise
from analytics.drift.reference import Reference, bets_of
from analytics.drift.scores import Scores, category_scores, numeric_scores
from analytics.series.packing import packed, unpacked

Floats = NDArray[np.float64]

# Columns of `Noise` that evidence asks for; the rest is for fitting.
_NOISE = ("beta", "dispersion", "wander", "run", "lag", "se")


@dataclass(frozen=True, slots=True)
class Usual:
    """What was usual of a series: how often each bin or category was counted.

    Parameters
    ----------
    items, calls : shape (items,)
        Bins or numbers of categories, and how often each was counted.
    names : shape (items,)
        Of categories; empty for numbers.
    """

    items: NDArray[np.int64]
    calls: Floats
    names: NDArray[np.str_]

    def scores(self) -> Scores:
        """Return its scores."""
        if len(self.names):
            return category_scores(self.items, self.calls, self.names.tolist())
        return numeric_scores(self.items, self.calls)

    def to_bytes(self) -> bytes:
        """Return it as it is stored: 1 to 5 kB."""
        return packed(self)


@dataclass(frozen=True, slots=True)
class Kept(Usual):
    """The reference of one series: its scores are made anew from what was counted.

    Parameters
    ----------
    bucket_h, buckets
        As in `Reference`.
    cluster
        Spans of one trace in one bucket, on average.
    beta : shape (p, scores)
    dispersion, wander, run, lag, se : shape (scores,)
        As in `Noise`.
    """

    bucket_h: int
    buckets: int
    cluster: float
    beta: Floats
    dispersion: Floats
    wander: Floats
    run: Floats
    lag: Floats
    se: Floats


def from_bytes(stored: bytes) -> Kept | None:
    """Return what was stored, None where it is broken or of another form: it is learned anew then."""
    values = unpacked(stored, Kept)
    if values is None or len(values["beta"]) != PARAMETERS:
        return None
    numbers = {name: values[name].item() for name in ("bucket_h", "buckets", "cluster")}
    return Kept(**(values | numbers))


def usual_from_bytes(stored: bytes) -> Usual | None:
    """Return what was stored of a series too sparse for a reference of its own, None where it is broken."""
    values = unpacked(stored, Usual)
    return Usual(**values) if values is not None else None


def kept(
    reference: Reference, series: int, items: NDArray[np.int64], calls: Floats, names: Sequence[str] = ()
) -> Kept:
    """Return one series of a reference.

    Parameters
    ----------
    items, calls, names
        What its scores were made from.
    """
    _, width = reference.shape
    scores = len(reference.scores[series].names)
    place = slice(series * width, series * width + scores)
    noise = {name: getattr(reference.noise, name)[..., place] for name in _NOISE}
    return Kept(
        items,
        calls,
        np.array(names, np.str_),
        int(reference.bucket_h),
        reference.buckets,
        float(reference.cluster[series]),
        **noise,
    )


def joined(parts: Sequence[Kept]) -> Reference:
    """Return the reference of series that have bucket, buckets and number of polynomials in common."""
    scores = [one.scores() for one in parts]
    width = max(len(one.names) for one in scores)
    cluster = np.array([one.cluster for one in parts])
    first, bets = parts[0], bets_of(scores, width)
    noise = _joined_noise(parts, width)
    none = np.zeros((1, len(noise["se"])))
    every = Noise(**noise, wander_share=none[0], correlations=none)
    return Reference(scores, first.bucket_h, first.buckets, *bets, every, cluster)


def _joined_noise(parts: Sequence[Kept], width: int) -> dict[str, Floats]:
    """Return the noise side by side; a score that a series has not is never bet on."""
    return {
        name: np.concatenate(
            [
                _padded(getattr(one, name), width, 0.0 if name in ("beta", "wander", "se") else 1.0)
                for one in parts
            ],
            axis=-1,
        )
        for name in _NOISE
    }


def _padded(values: Floats, width: int, filling: float) -> Floats:
    missing = [(0, 0)] * (values.ndim - 1) + [(0, width - values.shape[-1])]
    return np.pad(values, missing, constant_values=filling)
