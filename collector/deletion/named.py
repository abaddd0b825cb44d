"""Whether bytes name a subject, as the table of conventions would find it: for what is not in the store."""

import json
from functools import cache
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from collector.conventions.table import Source, table
from collector.deletion.subject import Subject, SubjectKind


def is_named(attribute: Any, subject: Subject) -> bool:
    """Say whether an attribute is one that names users or sessions, and names this one."""
    sources = [source for source in _sources(subject.kind) if _key(source) == attribute.key]
    return any(_value(attribute.value, source) == subject.value for source in sources)


def encodings(subject: Subject) -> list[bytes]:
    """Return the forms in which damaged bytes may have the name: a text of its own, or a number of a key."""
    forms = [AnyValue(string_value=subject.value).SerializeToString()]
    if subject.value.isascii() and subject.value.isdecimal() and int(subject.value) < 1 << 63:
        number = AnyValue(int_value=int(subject.value))
        keys = [key for source in _sources(subject.kind) if (key := _key(source))]
        forms += [KeyValue(key=key, value=number).SerializeToString() for key in keys]
    return forms


@cache
def _sources(kind: SubjectKind) -> tuple[Source, ...]:
    (found,) = (field for field in table().fields if field.name == kind)
    return found.sources


def _key(source: Source) -> str | None:
    return source.json or source.key


def _value(value: Any, source: Source) -> str:
    text = str(value.int_value) if value.HasField("int_value") else value.string_value
    if source.json is None and not source.decode:
        return text
    try:
        found: Any = json.loads(text)
        for step in source.path:
            found = found[step]
    except (ValueError, LookupError, TypeError, RecursionError):
        return text if source.decode else ""
    return found if isinstance(found, str) else json.dumps(found)
