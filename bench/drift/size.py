"""How much of everything is run: quickly, or as the acceptance table wants it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Numbers of repetitions.

    Parameters
    ----------
    seed
        Of the split that is reported. What was tuned was tuned on 1, 2 and 2026.
    null_series, fast_series
        Healthy series of a month each, looked at hourly and every five minutes.
    repeats
        Of each change.
    no_ops
        Deployments that change nothing, of each family.
    text_series
        Healthy streams of texts of a month each.
    peer_streams
        Streams of each case that existing tools are run on.
    compared
        Values in each half of a comparison whose cost is measured.
    compared_nulls
        Healthy series of each family and length that are compared with themselves in two windows.
    content_pairs, content_others
        Pairs of windows of texts, of each kind, length and change; and of them those on which other tests
        are run.
    """

    seed: int
    null_series: int
    fast_series: int
    repeats: int
    no_ops: int
    text_series: int
    peer_streams: int
    compared: tuple[int, ...]
    compared_nulls: int
    content_pairs: int
    content_others: int


_QUICK = {"null_series": 400, "fast_series": 16, "repeats": 20, "no_ops": 20, "text_series": 10}
_FULL = {"null_series": 20_000, "fast_series": 1_000, "repeats": 200, "no_ops": 1_000, "text_series": 200}

QUICK = Size(
    2027,
    **_QUICK,
    peer_streams=2,
    compared=(1_000, 100_000),
    compared_nulls=40,
    content_pairs=9,
    content_others=3,
)
FULL = Size(
    2027,
    **_FULL,
    peer_streams=5,
    compared=(1_000, 10_000, 100_000, 1_000_000, 10_000_000),
    compared_nulls=1_000,
    content_pairs=120,
    content_others=24,
)
