"""Shape: what values at one place always were, counted so that counts can be added. Pure.

A tree of places, each with the types seen there, how often, their values while those are few, and the numbers
in log-spaced bins. Bounded: what is too various is not described further.
"""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from analytics.contracts.violation import type_of

# An object with more different names than this is a table: its names are data.
FIELDS_MAX = 64
VALUES_MAX = 20
VALUE_CHARACTERS_MAX = 64
# What stood in fewer traces may be about one person: it is neither promised nor written down.
VALUE_TRACES_MIN = 3
KEY_SETS_MAX = 32
BINS_MAX = 64
PLACES_MAX = 200
LEVELS_MAX = 12
# Of an array, the first: the others are alike, or there is nothing to say.
ITEMS_MAX = 20
_BIN = math.log(1.25)


class Shape:
    """What was seen at one place.

    Attributes
    ----------
    n, calls
        Values seen, and calls in which there was one at least.
    types
        Values by their type; an integer is counted as `integer`.
    values
        Strings and how often each was seen; None once there are too many.
    traces
        Of values that stood in too few: in which.
    changed
        `n` when a value of `values` was last seen for the first time.
    empty
        Strings, arrays and objects with nothing in them.
    bins
        Numbers by their size: the sign, and the power of 1.25; None once there are too many.
    fields, key_sets
        Of objects: the places in them, and which names stood together; None once there are too many.
    items
        Of arrays.
    """

    __slots__ = (
        "_call",
        "_room",
        "bins",
        "calls",
        "changed",
        "empty",
        "fields",
        "items",
        "key_sets",
        "n",
        "traces",
        "types",
        "values",
    )

    def __init__(self) -> None:
        self.n = self.calls = self.changed = self.empty = self._call = 0
        self.types: Counter[str] = Counter()
        self.values: Counter[str] | None = Counter()
        self.bins: Counter[int] | None = Counter()
        self.fields: dict[str, Shape] | None = {}
        self.key_sets: Counter[tuple[str, ...]] | None = Counter()
        self.items: Shape | None = None
        self._room: _Room | None = None
        self.traces: dict[str, set[str]] = {}

    @property
    def known(self) -> dict[str, int]:
        """Those of `values` that stood in `VALUE_TRACES_MIN` traces."""
        return {text: n for text, n in (self.values or {}).items() if text not in self.traces}

    def learn(self, value: Any, trace: str = "") -> None:
        """Take one call's value for usual; where its trace is not known, each call counts as one."""
        self._room = self._room or _Room(PLACES_MAX - self.places())
        self._room.trace = trace or str(self.calls)
        self.take(value, self.calls + 1, 0, self._room)

    def places(self) -> int:
        """Return how many places there are, this one included."""
        inner = [*(self.fields or {}).values(), *([self.items] if self.items else [])]
        return 1 + sum(one.places() for one in inner)

    def take(self, value: Any, call: int, level: int, room: "_Room") -> None:
        self.n += 1
        self.calls += self._call != call
        self._call = call
        self.types[type_of(value)] += 1
        if isinstance(value, str):
            self._learn_string(value, room.trace)
        elif isinstance(value, dict):
            self._learn_object(value, call, level, room)
        elif isinstance(value, list):
            self._learn_array(value, call, level, room)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self._learn_number(value)

    def share_at(self, path: str) -> float:
        """Return the share of calls that have something where a path leads, or as far as it is known."""
        place, rest = self, path.removeprefix("$")
        while rest:
            inner, rest = place.at(rest)
            if inner is None:
                break
            place = inner
        return place.calls / max(1, self.calls)

    def at(self, path: str) -> "tuple[Shape | None, str]":
        """Return the place that a path's first step leads to, and the rest; a name may have dots in it."""
        if path.startswith("[]"):
            return self.items, path[2:]
        names = (name for name in self.fields or () if path[1:].startswith(name))
        name = max(names, key=len, default=None)
        return (self.fields[name], path[1 + len(name) :]) if self.fields and name is not None else (None, "")

    def _learn_string(self, text: str, trace: str) -> None:
        self.empty += not text
        if self.values is None:
            return
        if text not in self.values:
            self.changed = self.n
            if len(self.values) >= VALUES_MAX or len(text) > VALUE_CHARACTERS_MAX:
                self.values = None
                self.traces.clear()
                return
            self.traces[text] = set()
        self.values[text] += 1
        if text in self.traces:
            self.traces[text].add(trace)
            if len(self.traces[text]) >= VALUE_TRACES_MIN:
                del self.traces[text]

    def _learn_object(self, value: Mapping[str, Any], call: int, level: int, room: "_Room") -> None:
        self.empty += not value
        if self.fields is None or level >= LEVELS_MAX:
            return
        for name, inner in value.items():
            place = self.fields.get(name)
            if place is None and (len(self.fields) >= FIELDS_MAX or not room.take()):
                self.fields = self.key_sets = None
                return
            place = place or self.fields.setdefault(name, Shape())
            place.take(inner, call, level + 1, room)
        self._learn_keys(tuple(sorted(value)))

    def _learn_keys(self, names: tuple[str, ...]) -> None:
        if self.key_sets is not None:
            self.key_sets[names] += 1
            if len(self.key_sets) > KEY_SETS_MAX:
                self.key_sets = None

    def _learn_array(self, value: list[Any], call: int, level: int, room: "_Room") -> None:
        self.empty += not value
        if level >= LEVELS_MAX or not value or (self.items is None and not room.take()):
            return
        self.items = self.items or Shape()
        for inner in value[:ITEMS_MAX]:
            self.items.take(inner, call, level + 1, room)

    def _learn_number(self, number: float) -> None:
        if self.bins is not None and (bin_ := bin_of(number)) is not None:
            self.bins[bin_] += 1
            if len(self.bins) > BINS_MAX:
                self.bins = None

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "n": self.n,
            "calls": self.calls,
            # what is left out is new when it comes again
            "changed": self.n if self.traces else self.changed,
            "empty": self.empty,
            "types": dict(self.types),
            "values": None if self.values is None else self.known,
            "bins": None if self.bins is None else list(self.bins.items()),
            "fields": None if self.fields is None else {k: one.to_json() for k, one in self.fields.items()},
            "key_sets": None if self.key_sets is None else [[list(k), n] for k, n in self.key_sets.items()],
            "items": self.items.to_json() if self.items else None,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Shape":
        """Return what `to_json` gave."""
        shape = cls()
        shape.n, shape.calls = document["n"], document["calls"]
        shape.changed, shape.empty = document["changed"], document["empty"]
        shape._call = shape.calls
        shape.types = Counter(document["types"])
        shape.values = None if document["values"] is None else Counter(document["values"])
        shape.bins = None if document["bins"] is None else Counter(dict(document["bins"]))
        fields, key_sets = document["fields"], document["key_sets"]
        shape.fields = None if fields is None else {k: cls.from_json(one) for k, one in fields.items()}
        shape.key_sets = None if key_sets is None else Counter({tuple(k): n for k, n in key_sets})
        shape.items = cls.from_json(document["items"]) if document["items"] else None
        return shape

    def add(self, other: "Shape") -> None:
        """Count what another one saw, too: of other calls."""
        self.n, self.calls, self.empty = self.n + other.n, self.calls + other.calls, self.empty + other.empty
        self._call = self.calls
        new = other.values and any(value not in (self.values or ()) for value in other.values)
        self.changed = self.n if new else self.changed
        self.types += other.types
        self._add_traces(other)
        self.values = _added(self.values, other.values, VALUES_MAX)
        self.bins = _added(self.bins, other.bins, BINS_MAX)
        self.key_sets = _added(self.key_sets, other.key_sets, KEY_SETS_MAX)
        self._add_fields(other)
        if other.items:
            self.items = self.items or Shape()
            self.items.add(other.items)

    def _add_traces(self, other: "Shape") -> None:
        known = self.known.keys() | other.known.keys()
        for text, traces in other.traces.items():
            self.traces[text] = self.traces.get(text, set()) | traces
        for text, traces in list(self.traces.items()):
            if text in known or len(traces) >= VALUE_TRACES_MIN:
                del self.traces[text]

    def _add_fields(self, other: "Shape") -> None:
        names = (self.fields or {}).keys() | (other.fields or {}).keys()
        if self.fields is None or other.fields is None or len(names) > FIELDS_MAX:
            self.fields = self.key_sets = None
            return
        for name, place in other.fields.items():
            self.fields.setdefault(name, Shape()).add(place)


class _Room:
    """Places that there may still be; and the trace of the call that is learned from."""

    def __init__(self, left: int) -> None:
        self._left = left
        self.trace = ""

    def take(self) -> bool:
        self._left -= 1
        return self._left >= 0


def _added(one: Counter[Any] | None, other: Counter[Any] | None, most: int) -> Counter[Any] | None:
    if one is None or other is None:
        return None
    added = one + other
    return added if len(added) <= most else None


def bin_of(number: float) -> int | None:
    """Return the bin of a number, 0 for what is next to nothing; None where it has none."""
    try:
        size = abs(float(number))
    except OverflowError:
        return None
    if not math.isfinite(size):
        return None
    bin_ = max(0, 200 + math.floor(math.log(size) / _BIN)) if size else 0
    return -bin_ if number < 0 else bin_


def number_of(bin_: int) -> float:
    """Return the smallest size of a bin, with its sign."""
    return math.copysign(math.exp((abs(bin_) - 200) * _BIN), bin_) if bin_ else 0.0
