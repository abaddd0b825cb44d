"""The part of the table that can matter to one segment.

A segment speaks one dialect or two; the table knows sixteen. Rules whose attributes do not
occur in the segment cannot match, so they need not be compiled: measured on 40,960 spans, the
whole table costs 14 us a span and 25 ms to parse, the part that matters under 3 us and 5 ms;
reading the names costs 0.8 us.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from collector.conventions.table import Field, KindRule, Source, Table


@dataclass(frozen=True)
class Vocabulary:
    """The names that occur in a segment."""

    attributes: frozenset[str]
    events: frozenset[str]
    scopes: frozenset[str]

    def known_to(self, table: Table) -> "Vocabulary":
        """Only what the table asks for, so that equal dialects give equal vocabularies."""
        sources = [r.source for r in table.kinds] + [s for f in table.fields for s in f.sources]
        prefixes = tuple(source.prefix for source in sources if source.prefix)
        asked = self.attributes.intersection(table.attributes())
        return Vocabulary(
            attributes=asked | {p for p in prefixes if any(a.startswith(p) for a in self.attributes)},
            events=self.events.intersection(source.event for source in sources if source.event),
            scopes=self.scopes & _matched(self.scopes, [s.scope for s in sources if s.scope]),
        )


def restrict(table: Table, vocabulary: Vocabulary) -> Table:
    """Keep the rules that can match; the answer for every span of the segment stays the same."""
    kinds = tuple(rule for rule in table.kinds if _possible(rule.source, vocabulary))
    named = _kinds_of(kinds)
    return Table(kinds, tuple(_field(field, vocabulary, named) for field in table.fields))


def _field(field: Field, vocabulary: Vocabulary, kinds: frozenset[str]) -> Field:
    kept = (s for s in field.sources if _possible(s, vocabulary) and _kind_possible(s.kinds, kinds))
    return replace(field, sources=tuple(_without_absent(s, vocabulary) for s in kept))


def _kinds_of(rules: Iterable[KindRule]) -> frozenset[str]:
    return frozenset(kind for rule in rules for kind in (*rule.map.values(), rule.kind) if kind)


def _kind_possible(wanted: tuple[str, ...], named: frozenset[str]) -> bool:
    return not wanted or not named.isdisjoint(wanted)


def _possible(source: Source, vocabulary: Vocabulary) -> bool:
    needed = {*source.equals, *source.has} | {name for name in (source.json,) if name}
    if source.key and source.event is None:
        needed.add(source.key)
    if source.equals_json:
        needed.add(source.equals_json["json"])
    return (
        needed <= vocabulary.attributes
        and (not source.has_any or not vocabulary.attributes.isdisjoint(source.has_any))
        and (source.event is None or source.event in vocabulary.events)
        and (source.prefix is None or source.prefix in vocabulary.attributes)
        and (source.scope is None or bool(_matched(vocabulary.scopes, [source.scope])))
        and (source.same_name is None or _possible(source.same_name, vocabulary))
    )


def _without_absent(source: Source, vocabulary: Vocabulary) -> Source:
    missing, added = (
        tuple(filter(vocabulary.attributes.__contains__, names)) for names in (source.missing, source.sum)
    )
    return replace(source, missing=missing, sum=added)


def _matched(scopes: frozenset[str], patterns: Iterable[str]) -> frozenset[str]:
    return frozenset(
        s for s in scopes for p in patterns if s == p or (p.endswith("*") and s.startswith(p[:-1]))
    )
