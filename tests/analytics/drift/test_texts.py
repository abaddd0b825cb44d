"""Texts: what is counted of them is bounded, and a change of content is found without their words."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.drift.mix import shared
from analytics.drift.sketch_reference import SketchReference, fit_sketches
from analytics.drift.sketches import (
    fresh_sketches,
    pack_sketches,
    sketches_began,
    step_sketches,
    unpack_sketches,
)
from analytics.drift.text import DESCRIPTORS, HASHES, descriptors, form, hashes, shipped_basis, sketch

LEARNED = 24 * 14


@given(st.text(max_size=300))
def test_any_text_has_numbers(text: str) -> None:
    described, found = descriptors(text), hashes(text)

    assert described.shape == (len(DESCRIPTORS),)
    assert np.isfinite(described).all()
    assert all(0 <= one < HASHES for one in found)


def test_a_lone_surrogate_has_a_hash() -> None:
    assert hashes("\ud800abc \udfff")


def test_what_a_huge_text_costs_is_bounded() -> None:
    text = "word%d " * 500_000

    assert descriptors(text)[0] == len(text)
    assert len(hashes(text)) <= HASHES


@pytest.mark.parametrize("piece", ["\n", " \n", "| ", "`a", "**a", "-\n", "#"])
def test_what_a_text_of_signs_costs_is_bounded(piece: str) -> None:
    text = piece * 20_000

    assert descriptors(text)[0] == len(text)
    assert form(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One\n- two", "headings"),
        ("Here:\n\n1. one\n2. two", "list"),
        ("| a | b |\n| - | - |", "table"),
        ("It is `x`.", "code"),
        ("It is **so**.", "emphasis"),
        ("One.\n\nTwo.", "paragraphs"),
        ("3 - 2 = 1, so 2 * 1", "one paragraph"),
        ("", "one paragraph"),
    ],
)
def test_a_text_has_a_form(text: str, expected: str) -> None:
    assert form(text) == expected


def test_an_empty_text_has_an_empty_sketch() -> None:
    assert not sketch([], np.ones((HASHES, 64))).any()


def test_the_basis_is_shipped_and_spans_64_directions() -> None:
    basis = shipped_basis()

    assert basis.shape == (HASHES, 64)
    assert np.linalg.matrix_rank(basis) == 64


def test_texts_of_like_content_have_like_sketches() -> None:
    basis = shipped_basis()
    first, second, other = (
        sketch(hashes(text), basis)
        for text in (
            "The function returns the name of the file that is opened for reading.",
            "The function returns the path of the file that was opened for writing.",
            "Sorry, but as a language model, my answer would be unsafe today.",
        )
    )

    assert np.linalg.norm(first - second) < np.linalg.norm(first - other)


def drawn(shift: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    n = rng.poisson(25, LEARNED + 240).astype(float)
    sums = rng.normal(0, 1, (len(n), 64)) * np.sqrt(n)[:, None]
    sums[LEARNED:, 5] += shift * n[LEARNED:]
    return sums, n


def evidence(shift: float) -> float:
    sums, n = drawn(shift)
    return top(learned(sums, n), sums, n)


def top(reference: SketchReference, sums: np.ndarray, n: np.ndarray) -> float:
    state = fresh_sketches()
    most = -np.inf
    for one, count in zip(sums[LEARNED:], n[LEARNED:], strict=True):
        state = step_sketches(reference, state, one, count)
        most = max(most, float(shared(state.log_m.ravel())))
    return most


def learned(sums: np.ndarray, n: np.ndarray) -> SketchReference:
    return fit_sketches(sums[:LEARNED], n[:LEARNED], n[:LEARNED].sum() * np.eye(64))


def test_content_that_moves_is_found_in_whatever_direction() -> None:
    assert evidence(0.4) > 15


def test_content_that_does_not_is_left_alone() -> None:
    assert evidence(0.0) < 10


def at_night(hour: np.ndarray) -> np.ndarray:
    return hour % 24 < 8


def at_weekends(hour: np.ndarray) -> np.ndarray:
    return hour // 24 % 7 >= 5


@pytest.mark.parametrize("when", [at_night, at_weekends])
@pytest.mark.parametrize("much", [0.3, 2.0])
def test_what_is_about_something_else_at_some_hours_ever_since_is_no_drift(
    when: Callable[[np.ndarray], np.ndarray], much: float
) -> None:
    sums, n = drawn(0.0)
    sums[:, 7] += much * n * when(np.arange(len(n)))

    assert top(learned(sums, n), sums, n) < 10


def test_texts_of_one_trace_that_are_alike_are_no_drift() -> None:
    rng = np.random.default_rng(5)
    n = np.full(LEARNED + 240, 25.0)
    # five traces of five texts that have most in common
    sums = 5 * rng.normal(0, 0.8, (len(n), 5, 64)).sum(1) + rng.normal(0, 0.6 * 5, (len(n), 64))

    assert top(learned(sums, n), sums, n) < 10


def test_a_state_is_kept_as_it_is() -> None:
    sums, n = drawn(0.4)
    state = fresh_sketches()
    for one, count in zip(sums[:50], n[:50], strict=True):
        state = step_sketches(learned(sums, n), state, one, count)

    kept = unpack_sketches(pack_sketches(state))

    assert kept is not None
    assert np.allclose(kept.log_m, state.log_m, rtol=1e-6)
    assert np.allclose(kept.deviations, state.deviations, rtol=1e-6)
    assert unpack_sketches(b"") is None
    assert unpack_sketches(b"\xff" * len(pack_sketches(state))) is None


def test_when_it_began_is_told() -> None:
    sums, n = drawn(0.3)
    # the winner remembers 48 hours and bets on a fifth of a deviation
    recent = slice(LEARNED - 100, LEARNED + 40)
    began = sketches_began(learned(sums, n), sums[recent], n[recent], 5)

    assert abs(began.bucket - 100) <= 2
    assert began.first <= 100 <= began.last


def test_texts_without_any_in_the_reference_give_numbers() -> None:
    reference = fit_sketches(np.zeros((5, 64)), np.zeros(5), np.zeros((64, 64)))
    state = step_sketches(reference, fresh_sketches(), np.ones(64), 3.0)

    assert np.isfinite(state.deviations).all()
    assert not np.isnan(state.log_m).any()
