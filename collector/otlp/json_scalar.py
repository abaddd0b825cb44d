"""JSON's values to those of a protobuf field that is no message."""

from base64 import b64decode
from collections.abc import Callable
from typing import Any

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

_HEX_FIELDS = {"trace_id", "span_id", "parent_span_id"}
_INTEGERS = {
    FieldDescriptor.TYPE_INT32,
    FieldDescriptor.TYPE_INT64,
    FieldDescriptor.TYPE_UINT32,
    FieldDescriptor.TYPE_UINT64,
    FieldDescriptor.TYPE_FIXED32,
    FieldDescriptor.TYPE_FIXED64,
}


def scalar(field: FieldDescriptor) -> Callable[[Any], Any]:
    """Return what turns a JSON value into one of `field`, or raises TypeError or ValueError."""
    if field.type == FieldDescriptor.TYPE_BYTES:
        return _hex if field.name in _HEX_FIELDS else _base64
    if field.enum_type is not None:
        return _enum(field.enum_type)
    if field.type == FieldDescriptor.TYPE_DOUBLE:
        return float
    return _integer if field.type in _INTEGERS else _as_it_is


def unicode_text(value: str) -> str:
    """Replace lone surrogates, which no UTF-8 can say, by U+FFFD.

    Examples
    --------
    >>> unicode_text("a" + chr(0xD83D)) == "a" + chr(0xFFFD)
    True
    """
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _as_it_is(value: Any) -> Any:
    return value


def _hex(value: str) -> bytes:
    """An id that is not hex is an id of the wrong length: its span goes, the request does not."""
    try:
        return bytes.fromhex(value)
    except ValueError:
        return b"?"


def _base64(value: Any) -> bytes:
    """Both alphabets are in use, with and without padding; more padding than needed does no harm."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not base64")  # noqa: TRY004 a client's fault like the others
    return b64decode(value.replace("-", "+").replace("_", "/") + "==")


def _integer(value: Any) -> int:
    """64-bit numbers come as text or as numbers, large ones from JavaScript as 1e18."""
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(f"{value} is not an integer")
    return int(value)


def _enum(enum: EnumDescriptor) -> Callable[[Any], Any]:
    numbers = {value.name: value.number for value in enum.values}

    def number(value: Any) -> int:
        """Names and numbers are both in use, a number now and then as text; an unknown name says nothing."""
        if isinstance(value, str) and not value.isdecimal():
            return numbers.get(value, 0)
        return _integer(value)

    return number
