"""Calls: the tools that a model's answer asks for, in whatever dialect it is recorded. Pure.

Models answer in the forms of their makers, and instrumentations record those as JSON or flatten them into
attributes. All forms of a call have a name and mostly an id; text is looked through for objects that have
them, whatever they are in.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

# A longer answer is not looked through: a call stands in few kilobytes.
_CHARACTERS_MAX = 1_000_000
# Objects and lists that are looked at, of one answer.
_NODES_MAX = 20_000
CALLS_MAX = 64
# Arguments that name the agent a call is for: ADK and Strands, CrewAI, and what others write.
_AGENT_ARGUMENTS = ("agent_name", "coworker", "agent", "recipient", "to_agent", "target_agent", "assignee")
# What a model may call is repeated in some answers, in the form of what it does call.
_OFFERED = frozenset({"tools", "tool_definitions", "available_tools"})
_FLAT = re.compile(
    r"^(?P<call>(?:llm\.output_messages|gen_ai\.completion)\..*?tool_calls\.\d+)\."
    r"(?:tool_call\.)?(?:function\.)?(?P<member>id|name|arguments)$"
)


class Call(NamedTuple):
    """One call that was asked for; parts that are not said are ''.

    Parameters
    ----------
    recipient
        The agent that its arguments name.
    """

    id: str
    name: str
    recipient: str


def calls_in(attributes: Mapping[str, str]) -> list[Call] | None:
    """Return the calls that a model's answer asks for; None where its answer is not recorded.

    Examples
    --------
    >>> said = '[{"parts": [{"type": "tool_call", "id": "c1", "name": "ask_coder", "arguments": {}}]}]'
    >>> calls_in({"gen_ai.output.messages": said})
    [Call(id='c1', name='ask_coder', recipient='')]
    >>> calls_in({"gen_ai.output.messages": '[{"parts": [{"type": "text", "content": "done"}]}]'})
    []
    >>> calls_in({}) is None
    True
    """
    if not attributes:
        return None
    calls = list(_flat(attributes)) or [call for text in attributes.values() for call in _in_json(text)]
    distinct = {
        (call.id, call.name) if call.id else (number, call): call for number, call in enumerate(calls)
    }
    return list(distinct.values())[:CALLS_MAX]


def _flat(attributes: Mapping[str, str]) -> Iterator[Call]:
    found: dict[str, dict[str, str]] = {}
    for key, text in attributes.items():
        if match := _FLAT.match(key):
            found.setdefault(match["call"], {})[match["member"]] = text
    for members in found.values():
        if members.get("name"):
            yield Call(members.get("id", ""), members["name"], _recipient(members.get("arguments")))


def _in_json(text: str) -> Iterator[Call]:
    document = _parsed(text)
    waiting, seen = [document], 0
    while waiting and seen < _NODES_MAX:
        node = waiting.pop()
        seen += 1
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict):
            call = _call(node)
            if call:
                yield call
            else:
                waiting.extend(value for key, value in reversed(node.items()) if key not in _OFFERED)


def _call(node: Mapping[str, Any]) -> Call | None:
    """Return the call that an object is, by the marks of its form."""
    if node.get("type") in ("tool_call", "tool_use", "function_call", "function"):
        inner = node.get("function") if isinstance(node.get("function"), dict) else node
        return _named(node.get("call_id") or node.get("id"), inner)
    if isinstance(node.get("toolUse"), dict):
        return _named(node["toolUse"].get("toolUseId"), node["toolUse"])
    if node.get("toolCallId") and node.get("toolName"):
        return _named(node["toolCallId"], node)
    for member in ("functionCall", "function_call"):
        if isinstance(node.get(member), dict):
            return _named(node[member].get("id"), node[member])
    if isinstance(node.get("name"), str) and isinstance(node.get("args"), dict) and "id" in node:
        return _named(node["id"], node)
    return None


def _named(id_: object, node: Any) -> Call | None:
    name = node.get("name") or node.get("toolName")
    if not isinstance(name, str):
        return None
    arguments = next((node[key] for key in ("arguments", "args", "input") if node.get(key)), None)
    return Call(id_ if isinstance(id_, str) else "", name, _recipient(arguments))


def _recipient(arguments: object) -> str:
    if isinstance(arguments, str):
        arguments = _parsed(arguments)
    if not isinstance(arguments, dict):
        return ""
    named = (arguments.get(key) for key in _AGENT_ARGUMENTS)
    return next((name for name in named if isinstance(name, str) and name), "")


def _parsed(text: str) -> object:
    """Return the JSON in a text, None where there is none or too much of it."""
    if len(text) > _CHARACTERS_MAX or not text.lstrip().startswith(("[", "{")):
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
