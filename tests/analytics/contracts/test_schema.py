"""Schemas of anybody: nothing is fetched, nothing runs away, and what cannot be used is said."""

from typing import Any

import pytest

from analytics.contracts.schema import InvalidSchemaError, Schema


def exponential(levels: int) -> dict[str, Any]:
    """25 lines whose check takes seconds, and 30 that take minutes, where references are followed."""
    defined = {"a0": {"type": "integer"}} | {
        f"a{level}": {"allOf": 2 * [{"$ref": f"#/$defs/a{level - 1}"}]} for level in range(1, levels)
    }
    return {"$defs": defined, "$ref": f"#/$defs/a{levels - 1}"}


def nested(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    for _ in range(levels):
        schema = {"properties": {"a": schema}}
    return schema


def listed(levels: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(levels):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    ("document", "said"),
    [
        pytest.param({"$ref": "https://evil.invalid/x"}, "another document", id="a remote reference"),
        pytest.param({"$ref": "file:///etc/passwd"}, "another document", id="a file"),
        pytest.param({"allOf": [{"$ref": "x.json#/a"}]}, "another document", id="a relative one"),
        pytest.param({"$schema": "https://evil.invalid/x"}, "Unknown meta-schema", id="a remote dialect"),
        pytest.param({"$ref": "#/nowhere"}, "does not hold", id="a reference to nothing"),
        pytest.param(exponential(28), "It is larger than", id="references that branch"),
        pytest.param(nested(100), "It is larger than", id="depth"),
        pytest.param({"properties": {str(n): {} for n in range(10_000)}}, "It is larger than", id="size"),
        pytest.param({"pattern": "(?=a)b"}, "regex", id="a pattern that needs backtracking"),
        pytest.param({"pattern": "a{1000}{1000}"}, "regex", id="a pattern that needs memory"),
        pytest.param({"type": 7}, "It is no JSON Schema", id="a type that is none"),
        pytest.param([], "It is no JSON Schema", id="a list"),
        pytest.param({"$defs": {"q": {}}, "$ref": "#/$defs/q", "allOf": 5}, "allOf is a list", id="no list"),
        pytest.param({"allOf": listed(300)}, "It is larger than", id="lists in lists"),
    ],
)
def test_what_cannot_be_used_is_said(document: Any, said: str) -> None:
    with pytest.raises(InvalidSchemaError) as refused:
        Schema(document)

    assert said in str(refused.value)


def test_a_pattern_that_others_hang_on_takes_no_time() -> None:
    (found,) = Schema({"pattern": "(a+)+$"}).violations("a" * 60_000 + "b")

    assert found.cause == "format"


def test_references_inside_hold_and_recursion_ends() -> None:
    tree = {
        "$defs": {"node": {"required": ["id"], "properties": {"next": {"$ref": "#/$defs/node"}}}},
        "$ref": "#/$defs/node",
    }
    schema = Schema(tree)

    assert schema.violations({"id": 1, "next": {"id": 2}}) == []
    assert [one.path for one in schema.violations({"next": {}})] == ["$.id"]


def test_a_value_with_thousands_of_faults_has_few_violations() -> None:
    schema = Schema({"items": {"required": ["a"]}, "maxItems": 2})

    assert {one.cause for one in schema.violations([{}] * 30_000)} == {"missing", "range"}


def test_names_that_are_refused_are_not_quoted() -> None:
    (found,) = Schema({"propertyNames": {"maxLength": 8}}).violations({"secret " * 10_000: 1})

    assert found == ("$", "unexpected", "another name", "object", "object of 1")


@pytest.mark.parametrize("keyword", ["pattern", "const"])
def test_what_was_expected_is_cut(keyword: str) -> None:
    (found,) = Schema({keyword: "x" * 5_000}).violations("y" * 5_000)

    assert len(found.expected) < 100
    assert len(found.got) < 100


def test_the_nearest_variant_says_what_is_wrong() -> None:
    schema = Schema({"anyOf": [{"required": ["a", "b"]}, {"required": ["c"]}]})

    assert [one.path for one in schema.violations({"a": 1})] == ["$.b"]


def test_what_was_redacted_is_not_judged() -> None:
    schema = Schema({"properties": {"card": {"type": "integer"}, "id": {"type": "integer"}}})

    assert [one.path for one in schema.violations({"card": "[redacted: card-number]", "id": "7"})] == ["$.id"]


@pytest.mark.parametrize("value", [10**400, float("inf"), "\ud800", {"a": [[[]]]}, {"": None}])
def test_odd_values_are_checked_or_left(value: Any) -> None:
    assert isinstance(Schema({"type": "object"}).violations(value), list)
