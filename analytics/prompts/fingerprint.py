"""Fingerprints: which prompts, or sets of tools, calls have in common, whatever is filled into them. Pure.

A prompt is its sentences. What is filled in differs from call to call: a date, a name, a document. So calls
with the same sentences have one fingerprint, and of those whose sentences no other call has, the sentences
that most of them share.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

# As a tool set has at most.
PARTS_MAX = 200
CHARACTERS_MAX = 65_536
# So many traces make a text one that is used again.
TRACES_MIN = 3
# Prompts with fewer sentences in common are no template: any two texts may have one.
_COMMON_MIN = 2
# Prompts of an agent that no other call of the hour has; what comes again is found by that.
_ALONE_MAX = 3
_SENTENCE_END = re.compile(r"\n+|(?<=[.!?:;])\s+")
_FILLED_IN = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b|\b[0-9a-f]{16,}\b|\d+"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:mon|tue|wed|thu|fri|sat|sun)\b"
    r"|\b(?:january|february|march|april|june|july|august|september|october|november|december|may)\b"
    r"|\b(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec|am|pm)\b",
    re.IGNORECASE,
)


class Part(NamedTuple):
    """A sentence, which has no name, or a tool; with the hash of its words."""

    name: str
    hash: int


class Asked(NamedTuple):
    """A call: of which trace, and with which parts."""

    trace: str
    parts: tuple[Part, ...]


class Fingerprint(NamedTuple):
    """What calls have in common, and how many those were."""

    name: str
    parts: tuple[Part, ...]
    calls: int
    traces: int


def sentences(prompt: str) -> Iterator[str]:
    """Yield the sentences of a prompt, each on one line.

    Examples
    --------
    >>> list(sentences("Be brief. Today is Monday." + chr(10) * 2 + "Answer:"))
    ['Be brief.', 'Today is Monday.', 'Answer:']
    """
    for one in _SENTENCE_END.split(prompt[:CHARACTERS_MAX]):
        if line := " ".join(one.split()):
            yield line


def part_of(sentence: str) -> Part:
    """Return a sentence's part; dates, numbers and identifiers are filled in, and make no other.

    Examples
    --------
    >>> part_of("It is Monday, 3 May.") == part_of("It is Friday, 17 June.")
    True
    """
    return Part("", hash_of(_FILLED_IN.sub("0", sentence)))


# an agent's calls, which come one after another, mostly have the same
@lru_cache(maxsize=64)
def prompt_parts(prompt: str) -> tuple[Part, ...]:
    """Return the parts of a prompt, each once, in its order."""
    return tuple(dict.fromkeys(map(part_of, sentences(prompt))))[:PARTS_MAX]


def tool_parts(tools: Mapping[str, str]) -> tuple[Part, ...]:
    """Return the parts of a set of tools, by name."""
    return tuple(Part(name[:200], hash_of(told)) for name, told in sorted(tools.items()))[:PARTS_MAX]


def hash_of(text: str) -> int:
    """Return 64 bits by which a text is known again."""
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=8).digest())


def fingerprints(calls: Iterable[Asked]) -> list[Fingerprint]:
    """Return what the calls of an agent in an hour have in common.

    Examples
    --------
    >>> prompts = [f"You plan. You help {user}. Be brief." for user in "abcd"]
    >>> asked = [Asked(str(n), prompt_parts(prompt)) for n, prompt in enumerate(prompts)]
    >>> [(len(one.parts), one.traces) for one in fingerprints(asked)]
    [(2, 4)]
    """
    same: dict[tuple[Part, ...], list[str]] = defaultdict(list)
    for call in calls:
        if call.parts:
            same[call.parts].append(call.trace)
    shared = {parts: traces for parts, traces in same.items() if len(set(traces)) > 1}
    alone = [Asked(trace, parts) for parts, traces in same.items() if parts not in shared for trace in traces]
    for parts, traces in _in_common(alone):
        shared.setdefault(parts, []).extend(traces)
    return [_fingerprint(parts, traces) for parts, traces in shared.items()]


def _in_common(alone: Sequence[Asked]) -> Iterator[tuple[tuple[Part, ...], list[str]]]:
    """Yield by what they begin with what most of those calls have; where they are few, each as it is."""
    traces_of = _traces_of(alone)
    alike: dict[Part | None, list[Asked]] = defaultdict(list)
    for call in alone:
        first = next((part for part in call.parts if traces_of[part] >= TRACES_MIN), None)
        alike[first].append(call)
    few = alike.pop(None, [])
    for calls in alike.values():
        most, half = _traces_of(calls), len({one.trace for one in calls}) / 2
        common = tuple(part for part in most if most[part] > half)
        if len(common) >= _COMMON_MIN:
            yield common, [one.trace for one in calls]
        else:
            few += calls
    yield from ((one.parts, [one.trace]) for one in few[:_ALONE_MAX])


def _traces_of(calls: Sequence[Asked]) -> Counter[Part]:
    """Count the traces that have each part, in the order in which calls name them first."""
    return Counter(
        part for _, part in dict.fromkeys((one.trace, part) for one in calls for part in one.parts)
    )


def _fingerprint(parts: tuple[Part, ...], traces: Sequence[str]) -> Fingerprint:
    # in which order they stand depends on which calls were drawn
    name = hash_of("".join(f"{part.name}\0{part.hash}\n" for part in sorted(parts)))
    return Fingerprint(f"{name:016x}", parts, len(traces), len(set(traces)))
