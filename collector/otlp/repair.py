"""Strings that are not UTF-8, made so: the parser refuses a whole request for one of them.

The request is read by a copy of its own schema in which every string is bytes, so nothing but
those strings changes.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from google.protobuf.descriptor import FieldDescriptor, FileDescriptor
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from collector.otlp.signal import Signal


def repair(body: bytes, signal: Signal = Signal.TRACES) -> tuple[bytes, int]:
    """Replace what is not UTF-8 in the strings of a request by U+FFFD.

    Returns
    -------
    The request's bytes, and how many strings were changed.

    Raises
    ------
    google.protobuf.message.DecodeError
        The bytes are wrong in another way.
    """
    lenient, strings = _lenient_schema(signal)
    request = lenient.FromString(body)
    repaired = _repair_strings(request, strings)
    return request.SerializeToString(), repaired


def _repair_strings(message: Message, strings: frozenset[str]) -> int:
    """As deep as the parser went, which is 100 messages."""
    repaired = 0
    for field, value in message.ListFields():
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            parts = value if field.is_repeated else (value,)
            repaired += sum(_repair_strings(part, strings) for part in parts)
        elif field.full_name not in strings:
            continue
        elif field.is_repeated:
            texts = [_as_utf8(text) for text in value]
            repaired += sum(text != old for text, old in zip(texts, value, strict=True))
            value[:] = texts
        elif (text := _as_utf8(value)) != value:
            setattr(message, field.name, text)
            repaired += 1
    return repaired


def _as_utf8(text: bytes) -> bytes:
    return text.decode("utf-8", "replace").encode()


@cache
def _lenient_schema(signal: Signal) -> tuple[Any, frozenset[str]]:
    """Return the request's class with bytes for strings, and the full names of those fields."""
    pool, strings = DescriptorPool(), set[str]()
    original = signal.request.DESCRIPTOR
    for file in _with_dependencies(original.file):
        copy = FileDescriptorProto()
        file.CopyToProto(copy)
        for message in copy.message_type:
            strings |= _strings_to_bytes(message, f"{copy.package}.{message.name}")
        pool.Add(copy)
    return GetMessageClass(pool.FindMessageTypeByName(original.full_name)), frozenset(strings)


def _with_dependencies(file: FileDescriptor) -> Iterator[FileDescriptor]:
    for dependency in file.dependencies:
        yield from _with_dependencies(dependency)
    yield file


def _strings_to_bytes(message: DescriptorProto, full_name: str) -> set[str]:
    strings = set()
    for field in message.field:
        if field.type == FieldDescriptorProto.TYPE_STRING:
            field.type = FieldDescriptorProto.TYPE_BYTES
            strings.add(f"{full_name}.{field.name}")
    for nested in message.nested_type:
        strings |= _strings_to_bytes(nested, f"{full_name}.{nested.name}")
    return strings
