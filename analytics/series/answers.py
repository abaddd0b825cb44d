"""Answers of one series in one hour: what of their measures is counted. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analytics.drift.bins import bins_of
from analytics.series.fields import Value
from analytics.series.text_measures import FORMS, Measure, Measured

# Fields of a series that are counted, the commonest first.
FIELDS_MAX = 20
# A field of more different words is no enumeration; neither is one whose words hardly ever come again.
ENUMERATION_MAX = 20
_REPEATED_MIN = 3
# What fewer traces of an hour say is not kept in words: it may be about a person.
TRACES_MIN = 3
OTHER = "other"
# Metrics whose categories are made of what was said.
_IN_WORDS = ("field ", "output shape")
_OURS = frozenset(("true", "false", *FORMS))


class Answer(NamedTuple):
    """One output that was measured."""

    version: str
    trace: str
    measured: Measured


class Count(NamedTuple):
    """How often something was counted; a total has no category and no bin, and says of how many traces."""

    metric: str
    version: str
    category: str
    bin: int
    is_total: bool
    n: int
    traces: int


@dataclass(frozen=True, slots=True)
class _One:
    version: str
    trace: str
    measure: Measure


def counts_of(answers: Sequence[Answer]) -> Iterator[Count]:
    """Yield what is counted of the answers of a series, with a total of each metric and version."""
    ones = [_One(one.version, one.trace, each) for one in answers for each in one.measured.measures]
    ones += [_One(one.version, one.trace, each) for one, each in _fields(answers)]
    counted: Counter[tuple[str, str, str, int]] = Counter()
    traces: dict[tuple[str, str], set[str]] = defaultdict(set)
    said = _said(ones)
    numbers = bins_of(np.array([_number(one.measure.value) for one in ones], np.float64)).tolist()
    for one, number in zip(ones, numbers, strict=True):
        category = _category(one.measure, said)
        counted[one.measure.metric, one.version, category, 0 if category else number] += 1
        traces[one.measure.metric, one.version].add(one.trace)
    for (metric, version, category, bin_), n in counted.items():
        yield Count(metric, version, category, bin_, is_total=False, n=n, traces=0)
    for (metric, version), some in traces.items():
        yield Count(metric, version, "", 0, is_total=True, n=0, traces=len(some))


def _number(value: float | str) -> float:
    return 0.0 if isinstance(value, str) else value


def _category(measure: Measure, said: Mapping[Measure, set[str]]) -> str:
    metric, value = measure
    if not isinstance(value, str):
        return ""
    is_theirs = metric.startswith(_IN_WORDS) and value not in _OURS
    return OTHER if is_theirs and len(said[measure]) < TRACES_MIN else value


def _said(ones: Iterable[_One]) -> Mapping[Measure, set[str]]:
    """Return by what is said in words the traces that say so."""
    found: dict[Measure, set[str]] = defaultdict(set)
    for one in ones:
        if isinstance(one.measure.value, str):
            found[one.measure].add(one.trace)
    return found


def _fields(answers: Sequence[Answer]) -> Iterator[tuple[Answer, Measure]]:
    """Yield the values of the commonest paths: numbers, and words where they are an enumeration."""
    structures = [(one, one.measured.structure.values) for one in answers if one.measured.structure]
    of: Counter[str] = Counter(path for _, values in structures for path in values)
    for path, _ in sorted(of.items(), key=lambda item: (-item[1], item[0]))[:FIELDS_MAX]:
        some = [(one, values[path]) for one, values in structures if path in values]
        words = [value for _, value in some if isinstance(value, str)]
        is_counted = _is_enumeration(words)
        for one, value in some:
            if isinstance(value, str):
                if is_counted:
                    yield one, Measure(f"field {path}", value)
            else:
                yield one, Measure(f"number {path}", value)


def _is_enumeration(words: Sequence[Value]) -> bool:
    different = len(set(words))
    return different <= ENUMERATION_MAX and different * _REPEATED_MIN <= max(len(words), 2 * _REPEATED_MIN)
