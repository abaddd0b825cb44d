"""What a person reads of a message: its words, without the JSON around them. Pure."""

from collections.abc import Iterator

import orjson

# A longer text is read as it is, and so is what is nested deeper.
_CHARACTERS_MAX = 200_000
_DEPTH_MAX = 8
# What has the words of a message or of one of its parts, in the forms of OpenTelemetry, OpenAI and Anthropic.
_WORDS = ("content", "text", "message", "parts", "output", "messages", "response", "arguments")


def readable(text: str) -> str:
    """Return the words of messages, each part on lines of its own; what are no messages stays as it is.

    Examples
    --------
    >>> readable('[{"role": "user", "parts": [{"type": "text", "content": "Hello"}]}]')
    'Hello'
    >>> readable('{"order": 17}')
    '{"order": 17}'
    """
    if len(text) > _CHARACTERS_MAX or not text.lstrip().startswith(("[", "{")):
        return text
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return "\n".join(_words(document, _DEPTH_MAX)) or text


def _words(node: object, depth: int) -> Iterator[str]:
    if not depth:
        return
    if isinstance(node, list):
        for each in node:
            yield from _words(each, depth - 1)
    elif isinstance(node, dict):
        for name in _WORDS:
            value = node.get(name)
            if isinstance(value, str) and value:
                yield value
            else:
                yield from _words(value, depth - 1)
