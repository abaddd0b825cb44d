import base64
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.state.cursor import Cursor, CursorError


@given(st.datetimes(timezones=st.just(UTC)), st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_a_cursor_reads_back_what_it_was_made_of(at: datetime, id_: str) -> None:
    assert Cursor.decode(Cursor(at, id_).encode()) == Cursor(at, id_)


@given(st.text(st.characters()))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    with suppress(CursorError):
        Cursor.decode(text)


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(b"[]", id="empty"),
        pytest.param(b'["1","2"]', id="the time is text"),
        pytest.param(b"[1,2]", id="the id is a number"),
        pytest.param(b'[1e400,"x"]', id="infinity"),
        pytest.param(b"[" + b"9" * 30 + b',"x"]', id="the end of time"),
        pytest.param(b"[" + b"9" * 10_000 + b',"x"]', id="more digits than Python reads"),
        pytest.param(b"[" * 100_000, id="nested for ever"),
        pytest.param(b"\xff\xfe", id="no UTF-8"),
        pytest.param(b'{"at":1}', id="an object"),
    ],
)
def test_a_cursor_that_we_did_not_write_is_refused(place: bytes) -> None:
    with pytest.raises(CursorError, match="not one that this service gave out"):
        Cursor.decode(base64.urlsafe_b64encode(place).decode())
