"""JSON documents of what is near to secrets, as agents' messages are."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

WORDS = [
    "password", "Password:", "password: ", "password=", "api_key=", 'api_key="', "password='", "secret",
    "cvc", "credit_card", "x-api-key: ", "authorization: ", "Bearer ", "Cookie: a=", "--token=",
    "AWS_SECRET_KEY=",
    '"', "'", "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "$", "b'", "hunter2", "a1b2c3d4e5f6a7b8",
    "4111111111111111", "4111 1111 1111 1111", "user", "é", "://u:p@h/",
]  # fmt: skip
NAMES = ["content", "password", "x-api-key", "secret", "cvc", "card_number", "q", "n1", "Authorization"]
SEPARATORS = [(",", ":"), (", ", ": "), (" , ", " : ")]


def documents(seed: int, count: int) -> Sequence[str]:
    """Return that many, the same for the same seed."""
    random = Random(seed)
    return [_json(random, _value(random, 3)) for _ in range(count)]


def _json(random: Random, value: Any) -> str:
    return json.dumps(
        value if isinstance(value, dict) else {"a": value},
        separators=random.choice(SEPARATORS),
        indent=random.choice([None, None, 1]),
        ensure_ascii=random.choice([True, False]),
    )


def _value(random: Random, depth: int) -> Any:
    kind = random.choice(["text", "text", "number", "dict", "list", "json", "repr"] if depth else ["text"])
    if kind == "number":
        return random.choice([4111111111111111, 378282246310005.0, 12345e30, -123456, 1, True, None])
    if kind == "dict":
        return {_name(random): _value(random, depth - 1) for _ in range(random.randint(0, 3))}
    if kind == "list":
        return [_text(random) for _ in range(random.randint(0, 3))] + [_value(random, depth - 1)]
    if kind == "json":
        return _json(random, _value(random, depth - 1))
    if kind == "repr":
        return repr(_value(random, depth - 1))
    return _text(random)


def _name(random: Random) -> str:
    return random.choice(NAMES) if random.random() < 0.8 else _text(random)


def _text(random: Random) -> str:
    return "".join(random.choices(WORDS, k=random.randint(0, 5)))
