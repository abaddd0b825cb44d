"""OTLP/JSON to the protobuf message it says."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.errors import DecodeError, TooLarge
from collector.otlp.json_document import read_document
from collector.otlp.json_scalar import scalar, unicode_text
from collector.otlp.signal import Signal

_INT_VALUE = AnyValue.DESCRIPTOR.fields_by_name["int_value"]
_INT64_END = 2**63
_ITEMS = {Span.DESCRIPTOR, LogRecord.DESCRIPTOR}


@dataclass
class Reading:
    """What is counted while a document is read.

    Attributes
    ----------
    items_left, elements_left
        How many more may come; items are spans or log records.
    repaired_strings
        Strings that were no Unicode text and became it by U+FFFD.
    """

    items_left: int
    elements_left: int
    repaired_strings: int = 0

    def expect(self, items: int, of: Descriptor | None) -> None:
        if of in _ITEMS:
            self.items_left -= items
        else:
            self.elements_left -= items
        if self.items_left < 0 or self.elements_left < 0:
            raise TooLarge(
                "the request holds more spans, log records, attributes, events or links than are allowed"
            )


_Setter = Callable[[Message, Any, Reading], None]


def from_json(body: bytes, reading: Reading, signal: Signal = Signal.TRACES) -> Any:
    """Read an OTLP/JSON request: proto3's JSON, but ids are hex and what is unknown is skipped.

    Raises
    ------
    DecodeError
        Not JSON, or a field holds what it cannot.
    TooLarge
        More items or elements than `reading` allows.
    """
    return from_document(read_document(body, reading.elements_left), reading, signal)


def from_document(document: dict[str, Any], reading: Reading, signal: Signal = Signal.TRACES) -> Any:
    """Read what was parsed already; raises as `from_json` does."""
    request = signal.request()
    try:
        _fill(request, document, reading)
    except RecursionError:
        raise DecodeError("the JSON is nested too deep") from None
    return request


def _fill(message: Message, document: Any, reading: Reading) -> None:
    setters = _setters(message.DESCRIPTOR)
    if not isinstance(document, dict):
        raise DecodeError(f"{message.DESCRIPTOR.name} is not a JSON object")
    for key, value in document.items():
        setter = setters.get(key)
        if setter is not None and value is not None:
            setter(message, value, reading)


@cache
def _setters(descriptor: Descriptor) -> dict[str, _Setter]:
    setters = {}
    for field in descriptor.fields:
        setters[field.name] = setters[field.json_name] = _setter(field)
    return setters


def _setter(field: FieldDescriptor) -> _Setter:
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return _messages(field) if field.is_repeated else _message(field)
    if field.type == FieldDescriptor.TYPE_STRING:
        return _texts(field) if field.is_repeated else _text(field)
    if field is _INT_VALUE:
        return _int_value
    return _scalar(field)


def _message(field: FieldDescriptor) -> _Setter:
    def read(message: Message, value: Any, reading: Reading) -> None:
        part = getattr(message, field.name)
        part.SetInParent()
        _fill(part, value, reading)

    return read


def _messages(field: FieldDescriptor) -> _Setter:
    def read(message: Message, value: Any, reading: Reading) -> None:
        items = _listed(field, value)
        reading.expect(len(items), of=field.message_type)
        parts = getattr(message, field.name)
        for item in items:
            part = parts.add()
            if item is not None:
                _fill(part, item, reading)

    return read


def _text(field: FieldDescriptor) -> _Setter:
    name = field.name

    def read(message: Message, value: Any, reading: Reading) -> None:
        try:
            setattr(message, name, value)
        except UnicodeEncodeError:
            reading.repaired_strings += 1
            setattr(message, name, unicode_text(value))
        except TypeError as error:
            raise DecodeError(f"{field.full_name}: {error}") from error

    return read


def _texts(field: FieldDescriptor) -> _Setter:
    def read(message: Message, value: Any, reading: Reading) -> None:
        items = _listed(field, value)
        if not all(isinstance(item, str) for item in items):
            raise DecodeError(f"{field.full_name} holds what is no string")
        texts = list(map(unicode_text, items))
        reading.repaired_strings += sum(text != item for text, item in zip(texts, items, strict=True))
        getattr(message, field.name).extend(texts)

    return read


@cache
def _scalar(field: FieldDescriptor) -> _Setter:
    name, convert = field.name, scalar(field)

    def read(message: Message, value: Any, _reading: Reading) -> None:
        try:
            setattr(message, name, convert(value))
        except (TypeError, ValueError, OverflowError) as error:
            raise DecodeError(f"{field.full_name}: {error}") from error

    return read


def _int_value(message: Message, value: Any, reading: Reading) -> None:
    """JavaScript calls every whole number an intValue, 1e21 too."""
    if isinstance(value, float) and abs(value) >= _INT64_END:
        cast("AnyValue", message).double_value = value
    else:
        _scalar(_INT_VALUE)(message, value, reading)


def _listed(field: FieldDescriptor, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise DecodeError(f"{field.full_name} is not a JSON array")
    return value
