"""What texts of calls hold, and which cannot be judged."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.contracts.payload import payload


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, "a": 2}', {"a": 2}),
        ('{"a": NaN, "b": Infinity}', {"a": None, "b": None}),
        ('"[1, 2]"', [1, 2]),
        ('{"output": {"lc": 1, "kwargs": {"content": "{\\"a\\": 1}"}}}', {"a": 1}),
        ('{"input_str": "{}", "inputs": {"q": "x"}}', {"q": "x"}),
        ('{"type": "tool", "data": {"content": "[3]"}}', [3]),
        ('{"structuredContent": {"a": 1}, "content": []}', {"a": 1}),
        ("-5", -5),
        ('{"caf\\ud83d": ["caf\\ud83d", "\\ud83d\\ude00"]}', {"caf?": ["caf?", "\U0001f600"]}),
    ],
)
def test_documents_are_read_through_what_is_around_them(text: str, value: Any) -> None:
    assert payload(text) == ("json", value)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "' + "x" * 505,
        '{"a": "xxx...',
        '{"a": "xxx [truncated]"',
        '{"a": "xxx [cut by doldrums, was 300000 bytes]',
        '{"a": [redacted: card-number], "b"',
        '{"a": "' + "x" * 100_000 + '"}',
        "[" * 30_000,
        '{"a":' * 100 + "1" + "}" * 100,
        '{"error": "no such order"}',
        '{"status": "error", "detail": "x"}',
        '{"isError": true, "content": [{"type": "text", "text": "x"}]}',
        "Traceback (most recent call last):\n  ...",
    ],
)
def test_what_was_cut_is_too_deep_or_tells_of_an_error_is_not_judged(text: str) -> None:
    assert payload(text).form == "unknown"


@pytest.mark.parametrize(
    ("text", "form"),
    [('{"a": "xx', "broken"), ("42 EUR", "text"), (" ", "empty"), ("null", "empty"), ('""', "empty")],
)
def test_other_forms(text: str, form: str) -> None:
    assert payload(text).form == form


@given(st.text() | st.binary().map(lambda raw: raw.decode(errors="replace")))
def test_any_text_holds_something(text: str) -> None:
    assert payload(text).form in {"json", "text", "broken", "empty", "unknown"}
