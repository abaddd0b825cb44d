"""The tools that a model is offered in a call, by name. Pure; the text is anybody's."""

from collections.abc import Mapping

import orjson

from analytics.contracts.definitions import tools_told


def tool_set(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return how each tool is described, as JSON in one form whatever the order of its names.

    Parameters
    ----------
    attributes
        Those of `analytics.contracts.definitions.KEYS`, of a call to a model.

    Examples
    --------
    >>> tool_set({"gen_ai.tool.definitions": '[{"name": "look_up", "description": "Looks up."}]'})
    {'look_up': '{"description":"Looks up.","name":"look_up"}'}
    """
    return {
        name: orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()
        for name, told in tools_told(attributes)
    }
