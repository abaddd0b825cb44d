"""An answer: what of an output is said, and not asked of a tool. Pure; the text is anybody's."""

from typing import Any

import orjson

from analytics.suspects.readable import readable

# Parts of a message that are no words to whoever asked.
_NO_WORDS = frozenset(
    ("tool_call", "tool_calls", "tool_use", "function_call", "function", "tool", "reasoning", "thinking")
)
_OF_CALLS = ("tool_calls", "function_call", "additional_kwargs", "reasoning_content", "reasoning", "thinking")
_OF_MESSAGES = ("role", "parts", "content")
_CHARACTERS_MAX = 200_000
_DEPTH_MAX = 16


def answer(text: str) -> str | None:
    """Return the words of an output; None where it has none: it is blank, or calls tools alone.

    Examples
    --------
    >>> answer('[{"role": "assistant", "parts": [{"type": "text", "content": "Done."}]}]')
    'Done.'
    >>> answer('[{"role": "assistant", "parts": [{"type": "tool_call", "name": "search"}]}]')
    >>> answer('{"total": 3}')
    '{"total": 3}'
    """
    if not text or text.isspace():
        return None
    if len(text) > _CHARACTERS_MAX or not text.lstrip().startswith(("[", "{")):
        return text
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return _of_messages(document) if _are_messages(document) else text


def _are_messages(document: Any) -> bool:
    messages = document if isinstance(document, list) else [document]
    return bool(messages) and all(
        isinstance(one, dict) and "role" in one and any(name in one for name in _OF_MESSAGES[1:])
        for one in messages
    )


def _of_messages(document: Any) -> str | None:
    words = orjson.dumps(_spoken(document, _DEPTH_MAX)).decode()
    said = readable(words)
    # what has no words stays as it is
    return said if said != words and not said.isspace() else None


def _spoken(node: Any, depth: int) -> Any:
    """Return messages without what is no words."""
    if not depth:
        return None
    if isinstance(node, list):
        return [_spoken(one, depth - 1) for one in node if not _is_no_words(one)]
    if isinstance(node, dict):
        return {name: _spoken(one, depth - 1) for name, one in node.items() if name not in _OF_CALLS}
    return node


def _is_no_words(node: Any) -> bool:
    # whatever a client sends as its type: a list cannot be looked up
    return isinstance(node, dict) and (str(node.get("type")) in _NO_WORDS or node.get("role") == "tool")
