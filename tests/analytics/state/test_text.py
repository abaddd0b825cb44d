import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.state.text import storable, storable_json

ANY_TEXT = st.text(st.characters())
ANY_VALUE: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(ANY_TEXT, inner),
    max_leaves=10,
)


@given(ANY_TEXT)
def test_any_text_becomes_one_that_encodes_and_holds_no_nul(text: str) -> None:
    assert b"\x00" not in storable(text).encode()


@given(st.text())
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert storable(text, 1_000_000) == text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert storable("abcdef", 4) == "abc…"


@given(ANY_VALUE)
def test_any_value_becomes_strict_json_that_reads_back_the_same(value: Any) -> None:
    stored = storable_json(value)

    text = json.dumps(stored, allow_nan=False, ensure_ascii=False)
    assert json.loads(text) == stored
    assert storable_json(stored) == stored
    text.encode()


def test_times_are_shown_as_the_api_shows_them() -> None:
    assert storable_json(datetime(2026, 3, 1, tzinfo=UTC)) == "2026-03-01T00:00:00.000000000Z"


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no form in JSON"):
        storable_json({"x": object()})
