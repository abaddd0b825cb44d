"""The tools that a model is offered in a call, by name. Pure; the text is anybody's."""

import re
from collections.abc import Mapping

import orjson

from analytics.contracts.definitions import KEYS, tools_told

_KEY = re.compile(KEYS)


def tool_set(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return how each tool is described, as JSON in one form whatever the order of its names.

    Parameters
    ----------
    attributes
        Of a call to a model: those that tell of tools are read. Messages and what they name are no tools.

    Examples
    --------
    >>> tool_set({"gen_ai.tool.definitions": '[{"name": "look_up", "description": "Looks up."}]'})
    {'look_up': '{"description":"Looks up.","name":"look_up"}'}
    """
    of_tools = {key: text for key, text in attributes.items() if _KEY.match(key)}
    try:
        return {name: _in_one_form(told) for name, told in tools_told(of_tools)}
    except orjson.JSONEncodeError:
        # what is read may be nested deeper than what can be written
        return {}


def _in_one_form(told: Mapping[str, object]) -> str:
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()
