"""The page of a run."""

import pytest

from bench.detectors.fault import faults
from bench.detectors.report import page, share
from bench.detectors.scoring import Share, score
from tests.bench.detectors.cases import case, finding, joined


@pytest.mark.parametrize(
    ("given", "said"),
    [(Share(9, 10), "90 % [60-98] of 10"), (Share(0, 4), "0 % [0-49] of 4"), (Share(0, 0), "-")],
)
def test_a_share_is_shown_with_its_interval(given: Share, said: str) -> None:
    assert share(given) == said


def test_the_page_says_what_was_found_and_what_was_wrong() -> None:
    cases = [
        case("1", "ring_of_two"),
        case("2", "ring_of_two"),
        case("3", "batch"),
        case("4", "batch", faulty=False),
    ]
    known = {each.id: joined(each.id, f"t{each.id}", held=each.scenario == "ring_of_two") for each in cases}
    found = [finding("deadlock", "t1", after_s=8), finding("loop", "t3", grade="probable")]

    lines = page(4, 4, {"open": score(cases, faults(), known, found)}).splitlines()

    assert "4 cases, 4 of which ran as planned." in lines
    assert "| recall, any grade | 50 % [9-91] of 2 |" in lines
    assert "| precision, above suspected | 50 % [9-91] of 2 |" in lines
    assert "| ring_of_two | 1, 1 of 2 |" in lines
    assert "| ring_of_two | 8, 8 |" in lines
    assert "| batch | 0, 1 of 1 |" in lines
    assert "| open | loop | probable | batch | 1 |" in lines
    assert "| clean traces | 1 |" in lines
