"""Faults that are planted into results, each at a place that the contract of a tool may know."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

Spoil = Callable[[Any, random.Random], str | None]


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield objects, the outer ones first."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from objects_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects_in(inner)


def cut(value: Any, chance: random.Random) -> str | None:
    """The answer ends in the middle."""
    text = json.dumps(value)
    return text[: chance.randint(2, len(text) - 1)] if text[0] in "{[" and len(text) > 4 else None


def renamed(value: Any, chance: random.Random) -> str | None:
    """A field has another name."""
    if not (one := _some(value, chance)):
        return None
    name = chance.choice(sorted(one))
    one[name + "Value"] = one.pop(name)
    return json.dumps(value)


def dropped(value: Any, chance: random.Random) -> str | None:
    """A field is not there."""
    if not (one := _some(value, chance)):
        return None
    del one[chance.choice(sorted(one))]
    return json.dumps(value)


def other_type(value: Any, chance: random.Random) -> str | None:
    """A field has a value of another type."""
    if not (one := _some(value, chance)):
        return None
    name = chance.choice(sorted(one))
    one[name] = {"value": str(one[name])} if isinstance(one[name], str | list) else str(one[name])
    return json.dumps(value)


def other_word(value: Any, chance: random.Random) -> str | None:
    """A word of a closed set (here: capitals) is none of them."""
    places = [(one, name) for one in objects_in(value) for name, inner in one.items() if _is_word(inner)]
    if not places:
        return None
    one, name = chance.choice(places)
    one[name] = "NOT" + one[name]
    return json.dumps(value)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and value.isupper() and value.isalpha()


def _some(value: Any, chance: random.Random) -> dict[str, Any] | None:
    found = [one for one in objects_in(value) if one]
    return chance.choice(found) if found else None


FAULTS: dict[str, Spoil] = {
    "truncated JSON": cut,
    "renamed field": renamed,
    "dropped field": dropped,
    "wrong type": other_type,
    "wrong word": other_word,
}
