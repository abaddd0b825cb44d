"""The table of conventions compiled to SQL expressions over one span.

The loading SQL offers, for each span: `slots` and `texts` (the known attributes that carry
something, by ascending slot), `attributes`, `resource`, `span_name`, `scope_name`, `is_root`,
`is_error`, `status_text`, `event_names` and `event_attributes`. An attribute is looked up by
the number of its slot: one hash look-up per attribute of the span instead of one scan per
source, which made 300 sources cost less than 130 look-ups into a map did.
"""

from collections.abc import Iterable

from collector.conventions.table import Field, KindRule, Source, Table


class Compiler:
    """Turns rules into SQL text. Holds only the numbering of attributes."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._slots = {name: slot for slot, name in enumerate(self._ordered(), start=1)}
        sources = [source for field in table.fields for source in field.sources]
        names = dict.fromkeys(source.resource for source in sources if source.resource)
        self._resource = {name: f"resource_value_{number}" for number, name in enumerate(names)}

    def _ordered(self) -> list[str]:
        """Number plain sources first, field by field, so that a field is a range of slots."""
        plain = [s.key for f in self._table.fields for s in f.sources if s.plain and s.key]
        return list(dict.fromkeys([*plain, *self._table.attributes()]))

    def known(self) -> str:
        """Attribute names, as an array in the order of their slots."""
        return _array(self._slots)

    def slots(self) -> str:
        """Slot numbers 1..n, as an array."""
        return "[" + ", ".join(map(str, self._slots.values())) + "]::Array(UInt16)"

    def resource_values(self) -> str:
        """Return the columns to compute once per resource, not once per span."""
        columns = [f"resource[{_text(name)}] AS {alias}" for name, alias in self._resource.items()]
        return ", ".join(columns)

    def kind(self) -> str:
        """Return the expression of the span's kind."""
        return _first([*(self._kind_rule(rule) for rule in self._table.kinds), "'other'"])

    def fields(self) -> dict[str, str]:
        """Return canonical field -> expression; text is '' when unknown, numbers are null."""
        return {field.name: self._field(field) for field in self._table.fields}

    def _kind_rule(self, rule: KindRule) -> str:
        if rule.kind is not None:
            return f"if({self._conditions(rule.source)}, {_text(rule.kind)}, '')"
        value = self._value(rule.source)
        return f"transform({value}, {_array(rule.map)}, {_array(rule.map.values())}, '')"

    def _field(self, field: Field) -> str:
        value = _first(self._runs(field.sources, raw_json=field.type != "text") or ["''"])
        if field.strip:
            value = f"replaceRegexpOne({value}, {_text(field.strip)}, '')"
        if field.lower:
            value = f"lower({value})"
        if field.exclude:
            named = f"{field.name}_named"
            value = f"if(({value} AS {named}) IN {_array(field.exclude)}, '', {named})"
        if field.kinds:
            value = f"if(kind IN {_array(field.kinds)}, {value}, '')"
        return _typed(value, field)

    def _runs(self, sources: Iterable[Source], *, raw_json: bool) -> list[str]:
        """Neighbouring plain sources whose slots ascend without a gap become one look-up."""
        expressions: list[str] = []
        run: list[int] = []
        for source in sources:
            slot = self._slots[source.key] if source.plain and source.key else None
            if run and slot != run[-1] + 1:
                expressions.append(_in_range(run))
                run = []
            if slot is not None:
                run.append(slot)
            else:
                expressions.append(self._value(source, raw_json=raw_json))
        return [*expressions, _in_range(run)] if run else expressions

    def _conditions(self, source: Source) -> str:
        parts = [f"kind IN {_array(source.kinds)}"] if source.kinds else []
        if source.scope:
            parts.append(_scope(source.scope))
        parts += [f"{self._get(key)} = {_text(value)}" for key, value in source.equals.items()]
        parts += [f"has(slots, {self._slots[key]})" for key in source.has]
        parts += [f"NOT has(slots, {self._slots[key]})" for key in source.missing]
        if source.has_any:
            parts.append("hasAny(slots, [" + ", ".join(str(self._slots[k]) for k in source.has_any) + "])")
        if source.equals_json:
            parts.append(self._equals_json(source))
        if source.same_name:
            parts.append(f"span_name = {self._value(source.same_name)}")
        parts += ["is_root"] * source.root + ["is_error"] * source.error
        return " AND ".join(parts)

    def _equals_json(self, source: Source) -> str:
        rule = source.equals_json
        place = Source(json=rule["json"], path=tuple(rule["path"]))
        return f"{self._value(place)} = {_text(rule['value'])}"

    def _value(self, source: Source, *, raw_json: bool = False) -> str:
        """Guard the place, then transform: patterns and JSON are cheap on the empty string."""
        value, conditions = self._place(source), self._conditions(source)
        if conditions:
            value = f"if({conditions}, {value}, '')"
        if source.json is not None:
            function = "JSONExtractRaw" if raw_json else "JSONExtractString"
            value = f"{function}({value}, {', '.join(map(_text, source.path))})"
        if source.decode:
            value = f"JSONExtractString({value})"
        if source.strip:
            value = f"replaceRegexpOne({value}, {_text(source.strip)}, '')"
        pattern = source.pattern or (source.name if isinstance(source.name, str) else None)
        if pattern:
            value = f"extract({value}, {_text(pattern)})"
        if source.becomes:
            value = f"if({value} = '', '', {_text(source.becomes)})"
        if source.not_value:
            value = f"transform({value}, {_array(source.not_value)}, {_array([''] * len(source.not_value))})"
        return value

    def _place(self, source: Source) -> str:
        match source:
            case Source(event=str(event), key=key):
                return f"event_attributes[indexOf(event_names, {_text(event)})][{_text(key or '')}]"
            case Source(resource=str(resource)):
                return self._resource[resource]
            case Source(prefix=str(prefix)):
                return _with_prefix(prefix)
            case Source(literal=str(literal)):
                return _text(literal)
        if source.name is not None:
            return "span_name"
        return "status_text" if source.status else self._get(source.json or source.key or "")

    def _get(self, key: str) -> str:
        return f"texts[indexOf(slots, {self._slots[key]})]"


def _in_range(run: list[int]) -> str:
    if len(run) == 1:
        return f"texts[indexOf(slots, {run[0]})]"
    return f"texts[arrayFirstIndex(slot -> slot BETWEEN {run[0]} AND {run[-1]}, slots)]"


def _first(values: list[str]) -> str:
    """First that is not empty."""
    return f"firstNonDefault({', '.join(values)})" if len(values) > 1 else values[0]


def _typed(value: str, field: Field) -> str:
    text = f"{field.name}_text"
    if field.type == "count":  # the limit: toUInt64OrNull wraps what is over 2^64 instead of refusing it
        return f"if(length({value} AS {text}) <= 15, toUInt64OrNull({text}), NULL)"
    if field.type == "number":
        number = f"{field.name}_number"
        return f"if(isFinite(toFloat64OrNull({value}) AS {number}) AND {number} >= 0, {number}, NULL)"
    if field.type == "words":
        listed = f"startsWith({value} AS {text}, '['), JSONExtract({text}, 'Array(String)')"
        words = f"multiIf({listed}, {text} = '', [], [{text}])"
        return (
            f"arrayMap(word -> transform(word, {_array(field.map)}, {_array(field.map.values())}), {words})"
        )
    return value


def _scope(scope: str) -> str:
    if scope.endswith("*"):
        return f"startsWith(scope_name, {_text(scope[:-1])})"
    return f"scope_name = {_text(scope)}"


def _with_prefix(prefix: str) -> str:
    found = f"mapFilter((key, value) -> startsWith(key, {_text(prefix)}), attributes)"
    return f"if(empty({found}), '', toJSONString({found}))"


def _array(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(_text, values)) + "]"


def _text(value: str) -> str:
    """Write a string of our own table as an SQL literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
