"""Payload: what a text of a call holds, as far as it can be judged. Pure; the text is anybody's."""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import orjson

from analytics.contracts.wrapping import inside
from analytics.suspects.error_marker import error_marker
from analytics.suspects.readable import readable

# Of a longer text only how it begins is read, so it is not judged.
CHARACTERS_MAX = 65_536
# Values nested deeper are not judged either: what validates them recurses.
DEPTH_MAX = 64

REDACTED = "[redacted: "
# What stands where a text was cut by whoever recorded it, and the lengths at which exporters cut: limits are
# round. A text that merely happens to be as long is not judged, which misses one broken document in thirty.
_CUT = re.compile(
    r"(?:\.\.\.|…|\[?\(?<?(?:truncated|cut|omitted|clipped)\b.{0,60}"
    r"| \[cut by doldrums, was \d+ bytes\])[\s\"'}\])>]*\Z",
    re.IGNORECASE | re.DOTALL,
)
_LIMITS = (64, 100)
_LIMIT_MIN = 64
_SURROGATE = re.compile("[\ud800-\udfff]")
# What a document that says that the call failed has at its top.
_ERRORS = (
    "error",
    "errors",
    "error_message",
    "errorMessage",
    "error_code",
    "exception",
    "isError",
    "is_error",
)
_FAILED = ("error", "failed", "failure")

Form = Literal["json", "text", "broken", "empty", "unknown"]


class Payload(NamedTuple):
    """What was given or came back.

    Parameters
    ----------
    form
        ``json``: `value` is the document. ``text``: `value` are its words. ``broken``: it begins as a
        document and is none. ``empty``: nothing, or null. ``unknown``: it was cut, is too long or too deep,
        or says that the call failed.
    """

    form: Form
    value: Any = None


UNKNOWN = Payload("unknown")
EMPTY = Payload("empty")


def payload(text: str, *, words: bool = False) -> Payload:
    """Return what a text holds.

    Parameters
    ----------
    words
        It consists of messages, and what they say counts: so it is with agents.

    Examples
    --------
    >>> payload('{"amount": 42}')
    Payload(form='json', value={'amount': 42})
    >>> payload('{"amount": 42, "curr').form, payload('{"amount": 42, "curr...').form, payload("42 EUR").form
    ('broken', 'unknown', 'text')
    >>> payload('{"content": [{"type": "text", "text": "[1, 2]"}], "isError": false}').value
    [1, 2]
    """
    if len(text) > CHARACTERS_MAX:
        return UNKNOWN
    said = readable(text) if words else text
    found = _document(said.strip(), unwrapping=3)
    return UNKNOWN if found.form != "unknown" and _says_failed(found, said) else found


def _document(text: str, unwrapping: int) -> Payload:
    if not text or text == "null":
        return EMPTY
    begins = text[0] in "{["
    try:
        value = _loads(text)
    except (ValueError, RecursionError):
        return _broken(text) if begins else _words(text)
    if isinstance(value, str):
        return _document(value.strip(), unwrapping - 1) if unwrapping else _words(value)
    inner = inside(value) if unwrapping else None
    if isinstance(inner, str):
        return _document(inner.strip(), unwrapping - 1)
    value = value if inner is None else inner
    return Payload("json", value) if _is_shallow(value) else UNKNOWN


def _loads(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        # Python writes NaN, which is no JSON, and JavaScript writes it as null
        value = json.loads(text, parse_constant=lambda _: None)
        # half of a character, written as an escape, can neither be checked nor kept
        written = _SURROGATE.sub("?", json.dumps(value, ensure_ascii=False))
        return json.loads(written, parse_constant=lambda _: None)


def _broken(text: str) -> Payload:
    """Tell what was cut or redacted from what is broken, and from words in brackets."""
    is_cut = bool(_CUT.search(text[-200:])) or any(_is_limit(length) for length in _lengths(text))
    if is_cut or REDACTED in text:
        return UNKNOWN
    return Payload("broken", _SURROGATE.sub("?", text))


def _lengths(text: str) -> tuple[int, int]:
    return len(text), len(text.encode(errors="replace"))


def _is_limit(length: int) -> bool:
    return length >= _LIMIT_MIN and any(length % step == 0 for step in _LIMITS)


def _words(text: str) -> Payload:
    return Payload("text", _SURROGATE.sub("?", text))


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(DEPTH_MAX):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return True
    return False


def _says_failed(found: Payload, text: str) -> bool:
    """Whether it tells of an error: that is told by others, and has a form of its own."""
    top = found.value
    if isinstance(top, Mapping):
        status = top.get("status")
        said = any(top.get(name) for name in _ERRORS)
        return said or (isinstance(status, str) and status.lower() in _FAILED)
    return found.form == "text" and bool(error_marker(text[:4_000]))
