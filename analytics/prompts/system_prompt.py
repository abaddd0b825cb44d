"""The system prompt of a call to a model, as tracing libraries write it. Pure; the text is anybody's."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from analytics.suspects.readable import readable

# Attributes that hold one, beside the input: of OpenTelemetry, OpenLLMetry, OpenInference, Logfire.
KEYS = (
    r"gen_ai\.system_instructions|gen_ai\.prompt\.0\.(?:role|content)|events"
    r"|llm\.input_messages\.0\.message\.(?:role|content|contents\.0\.message_content\.text)"
)
_FLAT = (
    ("gen_ai.prompt.0.role", ("gen_ai.prompt.0.content",)),
    (
        "llm.input_messages.0.message.role",
        (
            "llm.input_messages.0.message.content",
            "llm.input_messages.0.message.contents.0.message_content.text",
        ),
    ),
)
_ROLES = ("system", "developer")
# Of a request beside its messages: Anthropic's, OpenAI's responses, Vercel's.
_BESIDE = ("system", "instructions", "system_instruction")
_DEPTH_MAX = 6
_MESSAGES_MAX = 8


def system_prompt(attributes: Mapping[str, str], input_text: str) -> str:
    """Return the words of the system prompt, '' where none was captured.

    Parameters
    ----------
    attributes
        Those of `KEYS`.
    input_text
        What went into the call, whole.

    Examples
    --------
    >>> system_prompt({}, '[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]')
    'Be brief.'
    >>> system_prompt({"gen_ai.system_instructions": '[{"type": "text", "content": "Be kind."}]'}, "")
    'Be kind.'
    """
    if told := attributes.get("gen_ai.system_instructions"):
        return readable(told)
    for role, contents in _FLAT:
        if attributes.get(role) in _ROLES:
            return next((readable(attributes[one]) for one in contents if attributes.get(one)), "")
    return _of_document(input_text) or _of_document(attributes.get("events", ""))


def _of_document(text: str) -> str:
    if not text.lstrip().startswith(("[", "{")):
        return ""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return ""
    return "\n".join(_told(document, _DEPTH_MAX))


def _told(node: Any, depth: int) -> Iterator[str]:
    """Yield what is told beside messages, and the system messages that they begin with."""
    if isinstance(node, list) and depth:
        for one in node[:_MESSAGES_MAX]:
            yield from _told(one, depth - 1)
    elif isinstance(node, dict) and depth:
        if node.get("role") in _ROLES:
            yield _words(node)
        elif _is_langchain(node):
            yield _words(node.get("kwargs"))
        else:
            yield from (
                _words({"content": node[key]}) for key in _BESIDE if isinstance(node.get(key), str | list)
            )
            yield from _told(node.get("messages"), depth - 1)


def _is_langchain(node: Mapping[str, Any]) -> bool:
    return isinstance(node.get("id"), list) and node["id"][-1:] == ["SystemMessage"]


def _words(message: Any) -> str:
    content = message.get("content", message.get("parts")) if isinstance(message, dict) else None
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    try:
        return readable(orjson.dumps(content).decode())
    except orjson.JSONEncodeError:
        # what is read may be nested deeper than what can be written
        return ""
