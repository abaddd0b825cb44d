"""Which features go with failing, and which only happen to; and what is said of few traces."""

from random import Random

import pytest

from analytics.rootcause.spectrum import Feature, causes, in_words


def seen(name: str, failing: int, passing: int, *, sort: str = "tool", same: int = 0) -> Feature:
    return Feature(sort, name, failing, passing, same or hash(name), "f" * 32, "p" * 32)


def names(features: list[Feature], failing: int = 100, passing: int = 900) -> list[str]:
    return [cause.feature.name for cause in causes(features, failing, passing)]


def test_what_failing_traces_have_and_passing_ones_have_not_comes_first() -> None:
    features = [seen("common", 100, 900), seen("some", 60, 200), seen("most", 90, 90), seen("rare", 4, 36)]

    assert names(features) == ["most", "some"]


def test_what_all_passing_traces_have_and_failing_ones_lack_is_missing() -> None:
    (cause,) = causes([seen("validate", 20, 890)], 100, 900)

    assert cause.feature.is_missing
    assert in_words(cause, 100, 900) == "missing in 80 of 100 failing, 10 of 900 passing"


def test_features_of_the_same_traces_are_one_and_the_most_specific_is_named() -> None:
    features = [
        seen("payer", 90, 5, sort="agent", same=7),
        seen("pay: Timeout", 90, 5, sort="failing call", same=7),
    ]

    (cause,) = causes(features, 100, 900)

    assert cause.feature.name == "pay: Timeout"
    assert [feature.name for feature in cause.alike] == ["payer"]


@pytest.mark.parametrize(("failing", "passing"), [(9, 900), (100, 29)])
def test_of_few_traces_nothing_is_said(failing: int, passing: int) -> None:
    assert names([seen("most", 9, 0)], failing, passing) == []


def test_chance_is_seldom_taken_for_a_cause() -> None:
    """A thousand features that traces have by chance: one of twenty such sets names one, at most."""
    random, named = Random(5), 0
    for _ in range(20):
        features = []
        for number in range(1_000):
            share = random.uniform(0.05, 0.9)
            failing = sum(random.random() < share for _ in range(100))
            passing = sum(random.random() < share for _ in range(100))
            features.append(seen(f"feature {number}", failing, passing))
        named += bool(causes(features, 100, 100))

    assert named <= 3
