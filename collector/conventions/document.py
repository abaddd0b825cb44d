"""docs/conventions.md from the table: ``python -m collector.conventions.document > docs/conventions.md``."""

import sys
from collections.abc import Iterable, Iterator

from collector.conventions.table import Field, KindRule, Source, Table, table

_HEAD = """# How the dialects of agent tracing are read

Written from `collector/conventions/table.toml` by `python -m collector.conventions.document`: change the
table, not this page.

Every span is read into one agent model. A canonical field has sources, in order; the first value that means
something wins. Nothing is meant by an absent or empty value, `""`, `{}`, `[]`, `None`, `null`,
`<not specified>`, `<REDACTED>`, `__REDACTED__` and what begins with `[Scrubbed due to`. What is expected to
be JSON and is not counts as absent.

`a.b` in `x` is a member of the JSON that the attribute `x` holds; a number counts the elements of a list
from 1. A `*` at the end of a scope's name stands for anything.

What a span cannot know by itself is added when its trace is assembled: the agent of its nearest ancestor,
the session and the user of the root-most span that has one, whether a span beneath repeats its tokens, and
an agent called through a tool as a hand-off.
"""
_KINDS = """
## Kind

What a span is. The rules are asked in order; the first that answers decides. A span that none knows is
`other`.
"""
_TYPES = {
    "text": "",
    "count": " A whole number, less than 10^15.",
    "number": " A number that is not negative.",
    "words": " A list of words.",
}


def document(table: Table) -> str:
    """Return the page: the kinds, then a section for each field with its sources in order."""
    kinds = (f"{number}. {_kind(rule)}" for number, rule in enumerate(table.kinds, start=1))
    parts = [_HEAD, _KINDS, *kinds, *(line for field in table.fields for line in _section(field))]
    return "\n".join(parts) + "\n"


def _kind(rule: KindRule) -> str:
    note = f"*{_capital(rule.note)}.* " if rule.note else ""
    if rule.kind is not None:
        return f"{note}{_capital(' and '.join(_conditions(rule.source)))} → **{rule.kind}**"
    kinds = dict.fromkeys(rule.map.values())
    readings = (f"{_some(v for v, k in rule.map.items() if k == kind)} → **{kind}**" for kind in kinds)
    return f"{note}{_capital(_source(rule.source))}: {'; '.join(readings)}"


def _section(field: Field) -> Iterator[str]:
    kinds = f" Only on {_some(field.kinds, 'and')} spans." if field.kinds else ""
    yield f"\n## {field.name}\n\n{_capital(field.about)}.{_TYPES[field.type]}{kinds}\n"
    yield from (f"{number}. {_source(source)}" for number, source in enumerate(field.sources, start=1))
    after = [*(["in lower case"] if field.lower else []), *_without(field.strip), *_readings(field)]
    if after:
        yield f"\nThe value is written {'; '.join(after)}."


def _readings(field: Field) -> Iterator[str]:
    silent = [value for value, meant in field.map.items() if not meant]
    if silent:
        yield f"{_some(silent)} say nothing and the next source is asked"
    for meant in dict.fromkeys(filter(None, field.map.values())):
        yield f"{_some(value for value, to in field.map.items() if to == meant)} as `{meant}`"


def _source(source: Source) -> str:
    return ", ".join([_place(source), *_conditions(source), *_changes(source)])


def _place(source: Source) -> str:
    match source:
        case Source(event=str(event)):
            place = f"`{source.key}` of the span event `{event}`"
        case Source(resource=str(resource)):
            place = f"`{resource}` of the resource"
        case Source(prefix=str(prefix)):
            place = f"every attribute that begins with `{prefix}`, as one JSON object"
        case Source(literal=str(literal)):
            place = f"`{literal}`"
        case Source(sum=(_, *_)):
            place = " + ".join(f"`{name}`" for name in source.sum)
        case Source(name=str() | True):
            place = "the span's name"
        case Source(status=str()):
            place = "the message of the status"
        case _:
            place = f"`{source.json or source.key}`"
    if source.members:
        return f"the sum of the members of {place} that begin with `{source.members}`"
    return f"{_path(source)} in {place}" if source.path else place


def _path(source: Source) -> str:
    return f"`{'.'.join(map(str, source.path))}`"


def _conditions(source: Source) -> Iterator[str]:
    if source.kinds:
        yield f"on {_some(source.kinds, 'and')} spans"
    if source.scope:
        yield f"where the scope is `{source.scope}`"
    yield from (f"where `{name}` is `{value}`" for name, value in source.equals.items())
    if source.equals_json:
        rule = source.equals_json
        yield f"where `{'.'.join(rule['path'])}` in `{rule['json']}` is `{rule['value']}`"
    if source.same_name:
        yield f"where the span's name is {_source(source.same_name)}"
    if source.has:
        yield f"where there is {_some(source.has, 'and')}"
    if source.has_any:
        yield f"where there is {_some(source.has_any)}"
    if source.missing:
        yield f"where there is no {_some(source.missing)}"
    yield from ["on a root span"] * source.root + ["on a span in error"] * source.error


def _changes(source: Source) -> Iterator[str]:
    if source.decode:
        yield "JSON-decoded"
    yield from _without(source.strip)
    pattern = source.pattern or (source.name if isinstance(source.name, str) else None)
    if pattern:
        yield f"the part in brackets of `{pattern}`"
    if source.not_value:
        yield f"unless it is {_some(source.not_value)}"
    if source.milliseconds:
        yield "in milliseconds"
    if source.becomes:
        yield f"read as `{source.becomes}`"


def _without(pattern: str | None) -> list[str]:
    return [f"without `{pattern}`"] if pattern else []


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _some(words: Iterable[str], last: str = "or") -> str:
    *others, final = [f"`{word}`" for word in words]
    return f"{', '.join(others)} {last} {final}" if others else final


if __name__ == "__main__":
    sys.stdout.write(document(table()))
