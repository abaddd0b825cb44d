"""The table of conventions compiled to SQL expressions over one span.

The loading SQL offers, for each span: `keys` and `values` (its attributes), `slots` (of each, its
number here when it carries something, else 0), `resource`, `span_name`, `scope_name`, `is_root`,
`is_error`, `status_text`, `event_names` and `event_attributes`. An attribute is looked up by
the number of its slot: one hash look-up per attribute of the span instead of one scan per
source, which made 300 sources cost less than 130 look-ups into a map did.
"""

from collections.abc import Iterable

from collector.conventions import expressions as sql
from collector.conventions.table import Field, KindRule, Source, Table


class Compiler:
    """Turns rules into SQL text. Holds only the numbering of attributes."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._slots = {name: slot for slot, name in enumerate(table.attributes(), start=1)}
        sources = [source for field in table.fields for source in field.sources]
        names = dict.fromkeys(source.resource for source in sources if source.resource)
        self._resource = {name: f"resource_value_{number}" for number, name in enumerate(names)}

    def known(self) -> str:
        """Attribute names, as an array in the order of their slots."""
        return sql.array(self._slots)

    def output_attributes(self) -> str:
        """Names of attributes that hold what came out, as an array."""
        (output,) = (field for field in self._table.fields if field.name == "output")
        keys = (source.key for source in output.sources if source.key and not source.event)
        return sql.array(dict.fromkeys(keys))

    def slots(self) -> str:
        """Slot numbers 1..n, as an array."""
        return "[" + ", ".join(map(str, self._slots.values())) + "]::Array(UInt16)"

    def resource_values(self) -> str:
        """Return the columns to compute once per resource, not once per span."""
        columns = [f"resource[{sql.literal(name)}] AS {alias}" for name, alias in self._resource.items()]
        return ", ".join(columns)

    def kind(self) -> str:
        """Return the expression of the span's kind."""
        return sql.first([*(self._kind_rule(rule) for rule in self._table.kinds), "'other'"])

    def fields(self) -> dict[str, str]:
        """Return canonical field -> expression; text is '' when unknown, numbers are null."""
        return {field.name: self._field(field) for field in self._table.fields}

    def _kind_rule(self, rule: KindRule) -> str:
        if rule.kind is not None:
            return f"if({self._conditions(rule.source)}, {sql.literal(rule.kind)}, '')"
        values, kinds = sql.array(rule.map), sql.array(rule.map.values())
        return f"transform({self._value(rule.source)}, {values}, {kinds}, '')"

    def _field(self, field: Field) -> str:
        if not field.sources:
            return sql.nothing(field)
        value = sql.first(self._alternatives(field))
        if field.strip:
            value = sql.without(value, field.strip)
        if field.lower:
            value = f"lower({value})"
        if field.kinds:
            value = f"if(kind IN {sql.array(field.kinds)}, {value}, '')"
        return sql.typed(value, field)

    def _alternatives(self, field: Field) -> list[str]:
        if field.type != "text" or not field.map:
            return self._runs(field.sources, raw_json=field.type != "text")
        values = (self._value(source) for source in field.sources)
        return [sql.replaced(f"lower({value})" if field.lower else value, field.map) for value in values]

    def _runs(self, sources: Iterable[Source], *, raw_json: bool) -> list[str]:
        """Neighbouring plain sources become one look-up."""
        expressions: list[str] = []
        run: list[int] = []
        for source in sources:
            slot = self._slots[source.key] if source.plain and source.key else None
            if slot is not None:
                run.append(slot)
                continue
            if run:
                expressions.append(sql.in_slots(run))
                run = []
            expressions.append(self._value(source, raw_json=raw_json))
        return [*expressions, sql.in_slots(run)] if run else expressions

    def _conditions(self, source: Source) -> str:
        parts = [f"kind IN {sql.array(source.kinds)}"] if source.kinds else []
        if source.scope:
            parts.append(sql.in_scope(source.scope))
        parts += [f"{self._get(key)} = {sql.literal(value)}" for key, value in source.equals.items()]
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
        return f"{self._value(place)} = {sql.literal(rule['value'])}"

    def _value(self, source: Source, *, raw_json: bool = False) -> str:
        """Guard the place, then transform: patterns and JSON are cheap on the empty string."""
        value, conditions = self._place(source), self._conditions(source)
        if conditions:
            value = f"if({conditions}, {value}, '')"
        if source.path:
            value = sql.member(value, source.path, raw=raw_json)
        if source.members:
            value = sql.members_total(value, source.members)
        if source.decode:
            value = sql.decoded(value)
        if source.strip:
            value = sql.without(value, source.strip)
        pattern = source.pattern or (source.name if isinstance(source.name, str) else None)
        if pattern:
            value = f"extract({value}, {sql.literal(pattern)})"
        if source.becomes:
            value = f"if({value} = '', '', {sql.literal(source.becomes)})"
        if source.milliseconds:
            value = sql.in_seconds(value)
        return sql.replaced(value, dict.fromkeys(source.not_value, "")) if source.not_value else value

    def _place(self, source: Source) -> str:
        match source:
            case Source(event=str(event), key=str(key)):
                place = sql.of_event(event, key)
            case Source(resource=str(resource)):
                place = self._resource[resource]
            case Source(prefix=str(prefix)):
                place = sql.with_prefix(prefix)
            case Source(literal=str(literal)):
                place = sql.literal(literal)
            case Source(sum=(_, *_)):
                place = sql.total(map(self._get, source.sum))
            case Source(name=str() | True):
                place = "span_name"
            case _:
                place = "status_text" if source.status else self._get(source.json or source.key or "")
        return place

    def _get(self, key: str) -> str:
        return sql.in_slots([self._slots[key]])
