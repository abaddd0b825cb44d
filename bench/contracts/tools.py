"""Invented tools whose results vary as real ones do: optional fields, rare words, nulls, unions, tables.

How often something rare comes is drawn by its order of magnitude, from half of the calls to one in ten
thousand: whatever number of calls is learned from, some of it has not been seen then.
"""

import random
import string
from collections.abc import Callable
from typing import Any

Make = Callable[[random.Random], Any]
_WORDS = [
    "order",
    "invoice",
    "user",
    "account",
    "amount",
    "currency",
    "status",
    "state",
    "region",
    "zone",
    "host",
    "port",
    "path",
    "file",
    "line",
    "column",
    "title",
    "summary",
    "author",
    "date",
    "created",
    "updated",
    "count",
    "total",
    "page",
    "limit",
    "offset",
    "score",
    "rank",
    "label",
    "kind",
    "type",
    "version",
    "name",
    "address",
    "city",
    "country",
    "phone",
    "email",
    "url",
    "price",
    "tax",
    "quantity",
    "unit",
    "weight",
    "width",
    "height",
    "color",
    "size",
    "stock",
    "vendor",
]


class Tool:
    """A tool; its results are those of its seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"tool {seed}")
        self._result = self._top()

    def result(self, chance: random.Random) -> Any:
        """Return what one call gives back."""
        return self._result(chance)

    def _top(self) -> Make:
        sort = self._chance.random()
        if sort < 0.08:
            return prose
        if sort < 0.2:
            return self._array(self._object(2))
        if sort < 0.32:
            return self._one_of([self._object(2), self._object(2)])
        if sort < 0.42:
            return self._one_of([self._object(3), self._object(1)], self._rare(1))
        return self._object(3)

    def _object(self, depth: int) -> Make:
        names = self._chance.sample(_WORDS, self._chance.randint(2, 10))
        fields = {name: (self._value(depth - 1), self._rare(0.4), self._rare(0.1)) for name in names}
        late = self._rare(0.1)

        def make(chance: random.Random) -> Any:
            made = {}
            for name, (value, absent, null) in fields.items():
                if chance.random() >= absent:
                    made[name] = None if chance.random() < null else value(chance)
            if chance.random() < late:
                made["note"] = prose(chance)
            return made

        return make

    def _value(self, depth: int) -> Make:
        sort = self._chance.random()
        if depth > 0 and sort < 0.2:
            return self._object(depth)
        if depth > 0 and sort < 0.32:
            return self._array(self._object(depth) if sort < 0.26 else self._scalar())
        if depth > 0 and sort < 0.36:
            return self._table(self._scalar())
        return self._scalar()

    def _scalar(self) -> Make:
        make = self._chance.choice(
            [
                identifier,
                prose,
                boolean,
                self._constant(),
                *(self._word(), self._word()),
                *(self._number(), self._number()),
            ]
        )
        return self._one_of([make, identifier], self._rare(1)) if self._chance.random() < 0.05 else make

    def _one_of(self, makes: list[Make], rare: float | None = None) -> Make:
        share = self._chance.uniform(0.1, 0.9) if rare is None else rare
        return lambda chance: makes[chance.random() < share](chance)

    def _array(self, item: Make) -> Make:
        most, empty = self._chance.randint(1, 8), self._rare(0.5)
        return lambda chance: (
            [] if chance.random() < empty else [item(chance) for _ in range(chance.randint(1, most))]
        )

    def _table(self, value: Make) -> Make:
        return lambda chance: {identifier(chance): value(chance) for _ in range(chance.randint(1, 5))}

    def _word(self) -> Make:
        words = [word.upper() for word in self._chance.sample(_WORDS, self._chance.randint(2, 12))]
        weights = [1 / (place + 1) for place in range(len(words))]
        if self._chance.random() < 0.4:
            weights[-1] = sum(weights) * self._rare(1)
        return lambda chance: chance.choices(words, weights)[0]

    def _number(self) -> Make:
        size, spread = self._chance.uniform(-1, 6), self._chance.choice([0.1, 0.5, 1.5])
        is_whole = self._chance.random() < 0.5

        def make(chance: random.Random) -> float:
            number = chance.lognormvariate(size, spread)
            return round(number) if is_whole else round(number, 2)

        return make

    def _constant(self) -> Make:
        word, other, rare = (*self._chance.sample(_WORDS, 2), self._rare(0.5))
        return lambda chance: other if chance.random() < rare else word

    def _rare(self, share: float) -> float:
        """Return how often it comes: with this probability sometimes, else never."""
        if self._chance.random() >= share:
            return 0.0
        return float(10 ** -self._chance.uniform(0.3, 4))


def identifier(chance: random.Random) -> str:
    return "".join(chance.choices(string.ascii_lowercase + string.digits, k=12))


def prose(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(3, 30)))


def boolean(chance: random.Random) -> bool:
    return chance.random() < 0.5
