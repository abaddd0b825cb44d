"""Kept content: the reference of one series of texts as it is stored. Pure."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.drift.sketch_reference import SIZE, SketchReference
from analytics.drift.text import BASIS_VERSION
from analytics.series.packing import packed, unpacked

Floats = NDArray[np.float64]

_UPPER = np.triu_indices(SIZE)


@dataclass(frozen=True, slots=True)
class KeptContent:
    """The reference of one series of texts; as in `SketchReference`, and on which basis."""

    bucket_h: int
    buckets: int
    basis: int
    direction_mean: Floats
    payoff_mean: Floats
    # the upper triangle of what is symmetric
    whitening: Floats
    dispersion: float
    conceded: Floats

    def reference(self) -> SketchReference:
        """Return it as it is used."""
        whitening = np.zeros((SIZE, SIZE))
        whitening[_UPPER] = self.whitening
        return SketchReference(
            self.direction_mean,
            self.payoff_mean,
            whitening + np.triu(whitening, 1).T,
            self.dispersion,
            self.conceded,
            self.bucket_h,
            self.buckets,
        )

    def to_bytes(self) -> bytes:
        """Return it as it is stored: about 10 kB."""
        # single precision changes evidence by less than a millionth; half precision has not the range
        return packed(replace(self, whitening=self.whitening.astype(np.float32)))


def kept_content(reference: SketchReference) -> KeptContent:
    """Return a reference as it is kept."""
    return KeptContent(
        int(reference.bucket_h),
        reference.buckets,
        BASIS_VERSION,
        reference.direction_mean,
        reference.payoff_mean,
        reference.whitening[_UPPER],
        reference.dispersion,
        reference.conceded,
    )


def content_from_bytes(stored: bytes) -> KeptContent | None:
    """Return what was stored, None where it is broken or on another basis: it is learned anew then."""
    values = unpacked(stored, KeptContent)
    if values is None:
        return None
    numbers = {name: values[name].item() for name in ("bucket_h", "buckets", "basis", "dispersion")}
    return KeptContent(**(values | numbers)) if numbers["basis"] == BASIS_VERSION else None
