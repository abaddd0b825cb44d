"""Checks what was given or came back by a schema. Pure."""

from collections.abc import Sequence
from typing import Any

from analytics.contracts.payload import Payload
from analytics.contracts.schema import Schema
from analytics.contracts.violation import Violation, shown

# Spans of a trace may say thousands of times the same; of one call, `VIOLATIONS_MAX` at most.
_ROOT = "$"


def check(schema: Schema, given: Payload) -> Sequence[Violation]:
    """Return what is wrong with it; nothing where it cannot be judged.

    Examples
    --------
    >>> from analytics.contracts.payload import payload
    >>> schema = Schema({"type": "object", "required": ["id"]})
    >>> [one.cause for text in ('{"id": 1}', "{}", '{"id": ', "") for one in check(schema, payload(text))]
    ['missing', 'unparsable', 'empty']
    """
    if given.form == "unknown":
        return ()
    if given.form == "empty":
        return _of_nothing(schema)
    found = schema.violations(given.value)
    if found and given.form == "json" and not isinstance(given.value, dict | list):
        # a tool that answers with words may answer with a number's
        return found if schema.violations(str(given.value)) else ()
    return [_as_read(one, given) for one in found]


def _of_nothing(schema: Schema) -> Sequence[Violation]:
    nothing: tuple[Any, ...] = (None, "")
    if any(not schema.violations(value) for value in nothing):
        return ()
    return [Violation(_ROOT, "empty", schema.violations(None)[0].expected, "nothing", "nothing")]


def _as_read(one: Violation, given: Payload) -> Violation:
    """Tell a text where a document should be from a document of another type."""
    if one.path == _ROOT and one.cause == "type" and given.form in {"text", "broken"}:
        return one._replace(cause="unparsable", got=shown(given.value))
    return one
