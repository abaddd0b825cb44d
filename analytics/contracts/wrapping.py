"""Wrapping: what frameworks and protocols put around what a tool is given and gives back. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Document = Mapping[str, Any]


def inside(value: Any) -> Any:
    """Return what is inside, None where nothing is known to be around it.

    Examples
    --------
    >>> inside({"args": [], "sanitize_inputs_outputs": True, "kwargs": {"q": "ttl"}})
    {'q': 'ttl'}
    >>> inside({"q": "ttl"}) is None
    True
    """
    if not isinstance(value, Mapping):
        return None
    found = (unwrap(value) for unwrap in _WRAPPINGS)
    return next((one for one in found if one is not None), None)


def _mcp(value: Document) -> Any:
    """A result of the Model Context Protocol: as structured as the tool says, or one text."""
    if isinstance(value.get("structuredContent"), Mapping):
        return value["structuredContent"]
    parts = value.get("content")
    if isinstance(parts, list) and len(parts) == 1 and {"isError", "is_error"} & value.keys():
        return parts[0].get("text") if isinstance(parts[0], Mapping) else None
    return None


def _langchain_arguments(value: Document) -> Any:
    """What OpenLLMetry records of LangChain."""
    return value["inputs"] if "input_str" in value and isinstance(value.get("inputs"), Mapping) else None


def _langchain_message(value: Document) -> Any:
    """A ToolMessage, by OpenLLMetry or OpenInference."""
    output = value.get("output")
    if isinstance(output, Mapping) and "lc" in output and isinstance(output.get("kwargs"), Mapping):
        return output["kwargs"].get("content")
    data = value.get("data")
    return data.get("content") if value.get("type") == "tool" and isinstance(data, Mapping) else None


def _smolagents(value: Document) -> Any:
    kwargs = value.get("kwargs")
    return kwargs if "sanitize_inputs_outputs" in value and isinstance(kwargs, Mapping) else None


_WRAPPINGS: Sequence[Callable[[Document], Any]] = (
    _mcp,
    _langchain_arguments,
    _langchain_message,
    _smolagents,
)
