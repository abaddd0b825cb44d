"""Schemas of tools as traces bring them: what a model was told of its tools. Pure."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import orjson

from analytics.contracts.boundary import Side

# Attributes that hold them, of calls to models and to tools.
KEYS = (
    r"^(?:gen_ai\.tool\.definitions|model_request_parameters|ai\.prompt\.tools"
    r"|llm\.tools(?:\.\d+\.tool\.json_schema)?"
    r"|llm\.request\.functions\.\d+\.(?:name|parameters)|gen_ai\.tool\.json_schema|tool\.(?:parameters|json_schema))$"
)
CHARACTERS_MAX = 262_144
TOOLS_MAX = 200
_LISTS = ("tools", "function_tools", "output_tools", "functions")
_INPUTS = ("parameters", "inputSchema", "input_schema", "parameters_json_schema")
_OUTPUTS = ("outputSchema", "output_schema")
_FUNCTION = re.compile(r"^llm\.request\.functions\.(\d+)\.name$")


class ToolSchema(NamedTuple):
    """One side of a tool."""

    tool: str
    side: Side
    document: Mapping[str, Any]


def tool_schemas(attributes: Mapping[str, str], tool: str = "") -> list[ToolSchema]:
    """Return what attributes of a span say of tools.

    Parameters
    ----------
    tool
        That the span calls; '' of a call to a model.

    Examples
    --------
    >>> told = '[{"type": "function", "function": {"name": "look_up", "parameters": {"type": "object"}}}]'
    >>> tool_schemas({"gen_ai.tool.definitions": told})
    [ToolSchema(tool='look_up', side='input', document={'type': 'object'})]
    """
    found: dict[tuple[str, Side], ToolSchema] = {}
    for key, text in attributes.items():
        for one in _in(key, text, attributes, tool):
            found.setdefault((one.tool, one.side), one)
            if len(found) >= TOOLS_MAX:
                return list(found.values())
    return list(found.values())


def tools_told(attributes: Mapping[str, str]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return what attributes of a call to a model say of each tool: its name, and all that is told of it."""
    found = (one for key, text in attributes.items() for one in _told(key, text, attributes))
    return list(islice(found, TOOLS_MAX))


def _told(key: str, text: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if match := _FUNCTION.match(key):
        parameters = _read(attributes.get(f"llm.request.functions.{match[1]}.parameters", ""))
        yield from _named({"name": text, "parameters": parameters})
    elif ".functions." not in key:
        yield from _named(_read(text))


def _in(key: str, text: str, attributes: Mapping[str, str], tool: str) -> Iterator[ToolSchema]:
    if not tool:
        for name, told in _told(key, text, attributes):
            yield from _sides(name, told)
    elif key in {"tool.parameters", "tool.json_schema", "gen_ai.tool.json_schema"}:
        yield from _of_tool(tool, _read(text))


def _of_tool(tool: str, document: Any) -> Iterator[ToolSchema]:
    if not isinstance(document, Mapping):
        return
    # what smolagents writes are the properties alone
    if document.get("type") == "object":
        yield ToolSchema(tool, "input", document)
    else:
        yield from (one for one in _described(document) if one.tool == tool)


def _described(document: Any) -> Iterator[ToolSchema]:
    for name, told in _named(document):
        yield from _sides(name, told)


def _named(document: Any, depth: int = 4) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(document, str):
        document = _read(document)
    if isinstance(document, list) and depth:
        for one in document[:TOOLS_MAX]:
            yield from _named(one, depth - 1)
    elif isinstance(document, Mapping) and depth:
        function = document.get("function")
        told = function if isinstance(function, Mapping) else document
        name = told.get("name")
        if isinstance(name, str) and name:
            yield name, told
        for key in _LISTS:
            if isinstance(told.get(key), list):
                yield from _named(told[key], depth - 1)


def _sides(name: str, told: Mapping[str, Any]) -> Iterator[ToolSchema]:
    sides: tuple[tuple[Side, tuple[str, ...]], ...] = (("input", _INPUTS), ("output", _OUTPUTS))
    for side, keys in sides:
        schema = next((told[key] for key in keys if isinstance(told.get(key), Mapping)), None)
        if schema:
            yield ToolSchema(name, side, schema)


def _read(text: str) -> Any:
    try:
        return orjson.loads(text) if len(text) <= CHARACTERS_MAX else None
    except orjson.JSONDecodeError:
        return None
