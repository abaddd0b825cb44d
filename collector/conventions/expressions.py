"""SQL expressions over one span as text: what the rules of the table are put together from."""

from collections.abc import Iterable, Sequence

from collector.conventions.table import Field


def literal(value: str) -> str:
    """Write a string of our own table as an SQL literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def array(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(literal, values)) + "]"


def first(values: Sequence[str]) -> str:
    """First that is not empty; '' where there is nothing to choose from."""
    return f"firstNonDefault({', '.join(values)})" if len(values) > 1 else values[0] if values else "''"


def replaced(value: str, words: dict[str, str]) -> str:
    """Replace a value that is one of the words; others stay."""
    return f"transform({value}, {array(words)}, {array(words.values())})"


def without(value: str, pattern: str) -> str:
    return f"replaceRegexpOne({value}, {literal(pattern)}, '')"


def in_slots(run: Sequence[int]) -> str:
    """Return the value of the first of some slots that is filled: 0 is the place of none."""
    places = [f"indexOf(slots, {slot})" for slot in run]
    return f"values[{first(places)}]"


def of_event(event: str, key: str) -> str:
    """Return the attribute of the first event of this name that has it: Strands sends an event for each."""
    wanted = f"name = {literal(event)} AND event[{literal(key)}] != ''"
    position = f"arrayFirstIndex((event, name) -> {wanted}, event_attributes, event_names)"
    return f"event_attributes[{position}][{literal(key)}]"


def with_prefix(prefix: str) -> str:
    begins = f"key -> startsWith(key, {literal(prefix)})"
    found = f"mapFilter((key, text) -> startsWith(key, {literal(prefix)}), mapFromArrays(keys, values))"
    return f"if(arrayExists({begins}, keys), toJSONString({found}), '')"


def any_of(conditions: Iterable[str]) -> str:
    return " OR ".join(conditions) or "false"


def total(values: Iterable[str]) -> str:
    """Return the sum as text; what is no number counts nothing."""
    return f"toString({' + '.join(f'toFloat64OrZero({value})' for value in values)})"


def member(document: str, path: Sequence[str | int], *, raw: bool) -> str:
    """Return a member of a JSON document as text; `raw` takes members that are no strings too."""
    steps = ", ".join(literal(step) if isinstance(step, str) else str(step) for step in path)
    if not raw:
        return f"JSONExtractString({document}, {steps})"
    return f"trim(BOTH '\"' FROM transform(JSONExtractRaw({document}, {steps}), ['null'], ['']))"


def members_total(document: str, prefix: str) -> str:
    """Return the sum of the numbers in a JSON object whose names begin so, as text; '' where none does."""
    begins = f"member -> startsWith(member.1, {literal(prefix)})"
    found = f"arrayFilter({begins}, JSONExtractKeysAndValues({document}, 'Float64'))"
    return f"arrayMap(found -> if(empty(found), '', toString(arraySum(found.2))), [{found}])[1]"


def in_seconds(value: str) -> str:
    """Return milliseconds as seconds, as text; '' where it is no number."""
    return f"ifNull(toString(toFloat64OrNull({value}) / 1000), '')"


def decoded(value: str) -> str:
    """Return what one JSON-encoded string says; what is not encoded stands for itself."""
    return f"if(startsWith({value}, '\"'), JSONExtractString({value}), {value})"


def in_scope(scope: str) -> str:
    if scope.endswith("*"):
        return f"startsWith(scope_name, {literal(scope[:-1])})"
    return f"scope_name = {literal(scope)}"


def nothing(field: Field) -> str:
    """Return what a field is that no source fills."""
    return {"text": "''", "words": "[]"}.get(field.type, "NULL")


def typed(value: str, field: Field) -> str:
    """Return text as the field's type; null where it is no such number."""
    text = f"{field.name}_text"
    if field.type == "count":  # the limit: toUInt64OrNull wraps what is over 2^64 instead of refusing it
        return f"if(length({value} AS {text}) <= 15, toUInt64OrNull({text}), NULL)"
    if field.type == "number":
        number = f"{field.name}_number"
        return f"if(isFinite(toFloat64OrNull({value}) AS {number}) AND {number} >= 0, {number}, NULL)"
    if field.type == "words":
        # a lambda, so that the value is analysed once and not at each of its three places
        one = "arrayFilter(word -> word != '', [text])"
        listed = f"if(startsWith(text, '['), JSONExtract(text, 'Array(String)'), {one})"
        words = f"arrayFlatten(arrayMap(text -> {listed}, [{value}]))"
        return f"arrayMap(word -> {replaced('word', field.map)}, {words})"
    return value
