"""References as they are stored are read as they were."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.drift.reference import Reference, fit, padded
from analytics.drift.scores import category_scores, numeric_scores
from analytics.series.kept import Kept, from_bytes, joined, kept

HOURS = 24 * 4 + 0.5 + np.arange(24 * 28)
NAMES = ["search", "write", "read"]
ITEMS = np.arange(3)


def calls(number: int) -> np.ndarray:
    """Calls of three tools in each hour, one of which swings by the hour."""
    rng = np.random.default_rng(number)
    share = 0.25 + 0.15 * np.cos(2 * np.pi * HOURS / 24) + rng.normal(0, 0.02, len(HOURS))
    return np.stack([rng.poisson(80 * part) for part in (share, 0.9 - share, 0.1 + 0 * share)], 1)


def learned(many: list[np.ndarray]) -> Reference:
    scores = [category_scores(ITEMS, one.sum(0), NAMES) for one in many]
    sums = padded([score.sums(ITEMS, one) for score, one in zip(scores, many, strict=True)], 4)
    return fit(scores, HOURS, sums, np.stack([one.sum(1) for one in many], 1).astype(float))


def stored(reference: Reference, number: int, counts: np.ndarray) -> Kept:
    found = from_bytes(kept(reference, number, ITEMS, counts.sum(0), NAMES).to_bytes())
    assert found is not None
    return found


def test_references_are_read_as_they_were() -> None:
    many = [calls(1), calls(2)]
    reference = learned(many)

    found = joined([stored(reference, number, one) for number, one in enumerate(many)])

    for part in ("beta", "dispersion", "wander", "run", "lag", "se"):
        assert getattr(found.noise, part) == pytest.approx(getattr(reference.noise, part), rel=1e-9)


def test_a_reference_without_effects_of_the_hours_is_of_another_form() -> None:
    counts = calls(1)
    now = stored(learned([counts]), 0, counts)

    assert from_bytes(replace(now, beta=now.beta[:6]).to_bytes()) is None


def test_the_wander_of_a_polynomial_is_stored_as_it_is() -> None:
    bins = np.arange(30)
    counts = np.random.default_rng(1).poisson(3, (len(HOURS), 30))
    scores = numeric_scores(bins, counts.sum(0))
    sums = scores.sums(bins, counts)[:, None]
    reference = fit([scores], HOURS, sums, counts.sum(1)[:, None].astype(float))

    found = kept(reference, 0, bins, counts.sum(0))

    assert found.wander[:3] == pytest.approx(reference.noise.wander[:3])
    assert joined([found]).noise.wander == pytest.approx(reference.noise.wander)
