"""Learned schema: what a shape promises, as JSON Schema 2020-12. Pure.

It says less than was seen: what was always so may have been chance. The numbers are those of
`reference/detectors.md` 3.14, or above; how they were chosen: decision 0031.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from analytics.contracts.shape import Shape, number_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Calls from which on there is a contract; from which on something that was always there is required: three
# over n bounds at 95 % how often it is not (rule of three).
CALLS_MIN = 200
REQUIRED_CALLS_MIN = 600
# Good-Turing: the share of what was seen once estimates that of what was never seen.
UNSEEN_MAX = 0.005
# Values of an enumeration have all been seen for so much longer than it took to see them.
SETTLED = 3
# Variants of one object that are told apart.
VARIANTS_MAX = 4
# A number this many times the usual spread away from it is out of range.
SPREADS = 10
_TAIL = 0.001
# Numbers outside of the two quantiles at most: of what came twenty times in a row, all but ten are inside.
_TAIL_NUMBERS = 10


def learned_schema(shape: Shape) -> dict[str, Any] | None:
    """Return what is promised; None while too few calls were seen.

    Examples
    --------
    >>> shape = Shape()
    >>> for number in range(600):
    ...     shape.learn({"id": f"A-{number}", "state": "open" if number % 3 else "paid", "note": None})
    >>> schema = learned_schema(shape)
    >>> schema["required"], schema["properties"]["state"]
    (['id', 'note', 'state'], {'type': 'string', 'enum': ['open', 'paid']})
    """
    if shape.calls < CALLS_MIN:
        return None
    schema = _schema(shape)
    if shape.calls >= REQUIRED_CALLS_MIN and not shape.empty and "null" not in shape.types:
        schema |= {name: 1 for type_, name in _EMPTY.items() if type_ in shape.types}
    return schema


_EMPTY = {"string": "minLength", "array": "minItems", "object": "minProperties"}


def _schema(shape: Shape, *, is_required: bool = True) -> dict[str, Any]:
    if shape.calls < CALLS_MIN:
        return {}
    if set(shape.types) == {"null"}:
        return {}
    # an optional field may be null as well as absent
    types = _types(shape.types | (Counter() if is_required else Counter(null=1)))
    schema: dict[str, Any] = {"type": types[0] if len(types) == 1 else types}
    if set(shape.types) == {"string"} and is_required and (values := _enumeration(shape)):
        schema["enum"] = values
    schema |= _range(shape)
    if shape.items and (items := _schema(shape.items)):
        schema["items"] = items
    if shape.fields:
        schema |= dict(_object(shape, shape.fields))
    return schema


def _types(seen: Mapping[str, int]) -> list[str]:
    """Return the types; who gives whole numbers may give others."""
    return sorted({"number" if one == "integer" else one for one in seen})


def _enumeration(shape: Shape) -> list[str] | None:
    values = shape.values
    if not values or len(values) < 2 or shape.calls < REQUIRED_CALLS_MIN or shape.n < SETTLED * shape.changed:
        return None
    return sorted(values) if _unseen(values) <= UNSEEN_MAX and shape.known.keys() == values.keys() else None


def _unseen(counts: Counter[Any]) -> float:
    return sum(n == 1 for n in counts.values()) / max(1, counts.total())


def _range(shape: Shape) -> dict[str, float]:
    bins = shape.bins
    if not bins or shape.calls < REQUIRED_CALLS_MIN or len(bins) < 2:
        return {}
    tail = min(_TAIL, _TAIL_NUMBERS / bins.total())
    low, high = _quantile(bins, tail), _quantile(bins, 1 - tail)
    far = SPREADS * max(high - low, abs(low), abs(high))
    return {"minimum": float(f"{low - far:.2g}"), "maximum": float(f"{high + far:.2g}")}


def _quantile(bins: Counter[int], share: float) -> float:
    wanted, seen = share * bins.total(), 0
    for bin_ in sorted(bins):
        seen += bins[bin_]
        if seen >= wanted:
            break
    return number_of(bin_)


def _object(shape: Shape, fields: Mapping[str, Shape]) -> Iterator[tuple[str, Any]]:
    objects = shape.types["object"]
    always = sorted(name for name, field in fields.items() if field.n == objects)
    required = always if shape.calls >= REQUIRED_CALLS_MIN else []
    if required:
        yield "required", required
    inner = {name: _schema(field, is_required=name in required) for name, field in sorted(fields.items())}
    if described := {name: schema for name, schema in inner.items() if schema}:
        yield "properties", described
    if required and (variants := _variants(shape, set(required))):
        yield "anyOf", variants


def _variants(shape: Shape, required: set[str]) -> list[dict[str, list[str]]]:
    """Return which other names stand together, where objects come in a few sorts that were all seen often."""
    sets = shape.key_sets
    if not sets or not 2 <= len(sets) <= VARIANTS_MAX or min(sets.values()) < UNSEEN_MAX * sets.total() + 20:
        return []
    more = [set(names) - required for names in sets]
    least = [names for names in more if not any(other < names for other in more)]
    # what has nothing more than the others have says nothing
    return [{"required": sorted(names)} for names in least] if all(least) and len(least) > 1 else []
