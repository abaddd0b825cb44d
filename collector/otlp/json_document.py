"""Bytes of a JSON body to Python values; what is no JSON is refused, what is no text is kept."""

import json
from typing import Any

import orjson

from collector.errors import DecodeError, TooLarge

# A number or a short string takes up to 72 bytes as a Python object and 4 in JSON; an attribute
# is 4 values (itself, key, value, the value's branch).
_VALUES_PER_ELEMENT = 4


def read_document(body: bytes, elements_max: int) -> dict[str, Any]:
    """Parse the body of an OTLP/JSON request.

    Bytes that are not UTF-8 and surrogates without partner come out as lone surrogates in their
    strings, for whoever uses the string to repair.

    Raises
    ------
    TooLarge
        It holds so many values that they would not fit into memory. Commas and brackets are
        counted, those in strings too: this is an upper bound, and far from what is sent.
    DecodeError
        Not JSON, not an object, or nested deeper than the parser goes.
    """
    if sum(map(body.count, (b",", b"[", b"{"))) > elements_max * _VALUES_PER_ELEMENT:
        raise TooLarge(f"the request holds more than {elements_max} attributes, events and links")
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = _read_leniently(body)
    if not isinstance(document, dict):
        raise DecodeError("the body is not a JSON object")
    return document


def _read_leniently(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig", "surrogateescape"))
    except RecursionError:
        raise DecodeError("the JSON is nested too deep") from None
    except ValueError as error:
        raise DecodeError(f"the body is not JSON: {error}") from error
