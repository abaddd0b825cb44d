"""Violation: what is wrong with a value, by a schema: path, what was expected, what was there. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

import jsonschema_rs

from analytics.contracts.payload import REDACTED

# Of one call.
VIOLATIONS_MAX = 20
_TEXT_MAX = 80
_PATH_MAX = 200

Cause = Literal["unparsable", "missing", "unexpected", "type", "enum", "range", "format", "empty", "variant"]

_CAUSES: dict[str, Cause] = {
    "required": "missing",
    "dependentRequired": "missing",
    "additionalProperties": "unexpected",
    "unevaluatedProperties": "unexpected",
    "falseSchema": "unexpected",
    "propertyNames": "unexpected",
    "type": "type",
    "enum": "enum",
    "const": "enum",
    "pattern": "format",
    "format": "format",
    "anyOf": "variant",
    "oneOf": "variant",
    "not": "variant",
}
_LEAST = ("minLength", "minItems", "minProperties")
_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}


Signature = tuple[str, ...]


class Violation(NamedTuple):
    """One thing that is wrong.

    Parameters
    ----------
    path
        From the document, ``$``; any place of an array is ``[]``.
    got_type
        JSON's type of what was there; ``nothing`` where something is missing.
    got
        The value, or how it begins: it quotes what was said.
    """

    path: str
    cause: Cause
    expected: str
    got_type: str
    got: str

    @property
    def signature(self) -> Signature:
        """Equal for deviations of the same sort: a type for a type, but a word for a word."""
        return self.path, self.cause, self.got_type, self.got if self.cause == "enum" else ""


def type_of(value: Any) -> str:
    """Return the name of a value's JSON type.

    Examples
    --------
    >>> [type_of(value) for value in (None, True, 1, 1.5, "a", [], {})]
    ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']
    """
    return _TYPES.get(type(value), "null")


def shown(value: Any) -> str:
    """Return a value on one line, as much of it as is shown; what holds others is told by its size.

    Examples
    --------
    >>> shown([1, 2]), shown("two words"), shown(None)
    ('array of 2', '"two words"', 'null')
    """
    if isinstance(value, dict | list):
        return f"{type_of(value)} of {len(value)}"
    if isinstance(value, str):
        words = " ".join(value[: 2 * _TEXT_MAX].split())
        return f'"{words[:_TEXT_MAX]}…"' if len(words) > _TEXT_MAX else f'"{words}"'
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return "a number of more than 60 digits"
    return str(value).lower()[:_TEXT_MAX] if value is not None else "null"


def violations_of(errors: Iterable[jsonschema_rs.ValidationError], whole: Any) -> Iterator[Violation]:
    """Yield what errors say, each once; what a mark of redaction stands for is not judged."""
    seen: set[tuple[str, ...]] = set()
    for error in errors:
        for one in _of(error, whole):
            if one.signature not in seen and REDACTED not in one.got:
                seen.add(one.signature)
                yield one


def _of(error: jsonschema_rs.ValidationError, whole: Any) -> Iterator[Violation]:
    keyword = error.kind.name
    place = path(error.instance_path)
    there = _at(error.instance_path, whole)
    asked = getattr(error.kind, "value", None)
    if keyword == "anyOf" and (nearest := _nearest(error)):
        for inner in nearest:
            yield from _of(inner, whole)
    elif keyword == "required":
        yield Violation(f"{place}.{plain(asked)}"[:_PATH_MAX], "missing", "present", "nothing", "nothing")
    elif keyword in _LEAST:
        cause: Cause = "empty" if asked == 1 else "range"
        yield Violation(place, cause, f"{keyword} {asked}", type_of(there), shown(there))
    else:
        cause = _CAUSES.get(keyword, "range")
        yield Violation(place, cause, _expected(keyword, asked), type_of(there), shown(there))


def _nearest(error: jsonschema_rs.ValidationError) -> Sequence[jsonschema_rs.ValidationError]:
    """Return what the variant that it comes nearest to says: the one with the fewest errors."""
    variants: list[list[jsonschema_rs.ValidationError]] = error.kind.value
    return min(variants, key=len, default=[])[:VIOLATIONS_MAX]


def _at(places: Sequence[str | int], whole: Any) -> Any:
    for place in places:
        whole = whole[place]
    return whole


def _expected(keyword: str, asked: Any) -> str:
    if keyword == "type":
        return " or ".join(asked) if isinstance(asked, list) else str(asked)
    if keyword == "enum" and isinstance(asked, list):
        more = f" and {len(asked) - 10} more" if len(asked) > 10 else ""
        return "one of " + ", ".join(shown(one) for one in asked[:10]) + more
    if keyword in {"falseSchema", "additionalProperties"}:
        return "nothing else"
    if isinstance(asked, jsonschema_rs.ValidationError):
        # an error of its own, which quotes what was said
        return "another name"
    return f"{keyword} {shown(asked)}" if asked is not None else keyword


def path(places: Sequence[str | int]) -> str:
    """Return where something stands.

    Examples
    --------
    >>> path(["items", 3, "unit price"])
    '$.items[].unit price'
    """
    return ("$" + "".join("[]" if isinstance(one, int) else f".{plain(one)}" for one in places))[:_PATH_MAX]


def plain(name: object) -> str:
    """Return a name on one line without what is not printed."""
    return "".join(letter if letter.isprintable() else " " for letter in str(name)[:_TEXT_MAX])
