"""Schemas: a JSON Schema of anybody's, made ready so that checking by it is bounded. Pure.

Nothing is fetched, patterns run in linear time, and references are written out: a schema whose references
branch would take time exponential in their depth, which 25 lines of it reach.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import jsonschema_rs

from analytics.contracts.violation import VIOLATIONS_MAX, Violation, violations_of

# Of a schema with its references written out.
NODES_MAX = 5_000
DEPTH_MAX = 32
CHARACTERS_MAX = 262_144
_PATTERN_BYTES = 1_000_000

# What is not checked by it: where it is, and references that are looked up as it is run.
_LEFT_OUT = frozenset(
    {"$id", "id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef", "$recursiveAnchor", "$defs"}
    | {"definitions", "$comment", "examples", "default", "title", "description", "x-boundary", "x-learned"}
)
_BY_NAME = frozenset({"properties", "patternProperties", "dependentSchemas"})
# Their values are no schemas.
_VALUES = frozenset({"enum", "const", "required", "dependentRequired", "type"})


class InvalidSchemaError(ValueError):
    """It is no JSON Schema, or too large; the message is for whoever wrote it."""


class Schema:
    """A JSON Schema that calls are checked by.

    Parameters
    ----------
    document
        As it was written. 2020-12 where it does not say.

    Raises
    ------
    InvalidSchemaError
        It cannot be used.

    Examples
    --------
    >>> schema = Schema({"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}})
    >>> [(one.path, one.cause, one.expected, one.got) for one in schema.violations({"id": 7})]
    [('$.id', 'type', 'string', '7')]
    """

    def __init__(self, document: Any) -> None:
        written = _Written(document).whole()
        try:
            self._validator = jsonschema_rs.validator_for(
                written,
                offline=True,
                validate_formats=False,
                pattern_options=jsonschema_rs.RegexOptions(_PATTERN_BYTES, _PATTERN_BYTES),
            )
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
            raise InvalidSchemaError(f"It is no JSON Schema: {_first_line(error)}") from None

    def violations(self, value: Any) -> list[Violation]:
        """Return what is wrong with a value, at most `VIOLATIONS_MAX`; none of what cannot be checked."""
        try:
            if self._validator.is_valid(value):
                return []
            errors = islice(self._validator.iter_errors(value), VIOLATIONS_MAX)
            return list(islice(violations_of(errors, value), VIOLATIONS_MAX))
        except ValueError:
            return []


class _Written:
    """A schema with its references written out."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._left = NODES_MAX

    def whole(self) -> Any:
        if not isinstance(self._document, dict | bool):
            raise InvalidSchemaError("It is no JSON Schema: that is an object.")
        return self._schema(self._document, (), 0)

    def _schema(self, node: Any, followed: tuple[str, ...], depth: int) -> Any:
        self._left -= 1
        if self._left < 0 or depth > DEPTH_MAX:
            raise InvalidSchemaError(
                f"It is larger than {NODES_MAX:,} schemas or {DEPTH_MAX} levels of them."
            )
        if isinstance(node, list):
            return [self._schema(item, followed, depth + 1) for item in node]
        if not isinstance(node, Mapping):
            return node
        written = dict(self._keywords(node, followed, depth))
        reference = node.get("$ref")
        if reference is None:
            return written
        return self._with(self._referred(reference, followed, depth), written)

    def _keywords(
        self, node: Mapping[str, Any], followed: tuple[str, ...], depth: int
    ) -> Iterator[tuple[str, Any]]:
        for name, value in node.items():
            if name in _BY_NAME and isinstance(value, Mapping):
                yield name, {key: self._schema(one, followed, depth + 1) for key, one in value.items()}
            elif name in _VALUES:
                yield name, value
            elif name not in _LEFT_OUT and name != "$ref":
                yield name, self._schema(value, followed, depth + 1)

    def _referred(self, reference: Any, followed: tuple[str, ...], depth: int) -> Any:
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise InvalidSchemaError("It refers to another document: only what it holds itself is read.")
        if reference in followed:
            return True  # deeper than that, recursion is not checked
        target = self._document
        for part in reference[1:].split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            try:
                target = target[int(name)] if isinstance(target, list) else target[name]
            except (KeyError, IndexError, ValueError, TypeError):
                raise InvalidSchemaError(f"It refers to {reference[:100]}, which it does not hold.") from None
        return self._schema(target, (*followed, reference), depth + 1)

    @staticmethod
    def _with(referred: Any, beside: dict[str, Any]) -> Any:
        others = beside.get("allOf", [])
        if not isinstance(others, list):
            raise InvalidSchemaError("It is no JSON Schema: allOf is a list.")
        return {**beside, "allOf": [*others, referred]} if beside else referred


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
