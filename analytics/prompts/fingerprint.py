"""Fingerprints: which prompts, or sets of tools, calls have in common, whatever is filled into them. Pure.

A prompt is its sentences. What is filled in differs from call to call: a date, a name, a document. So calls
with the same sentences have one fingerprint, and where an agent has many different prompts that begin alike,
those have one: the sentences that most of them share.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

SENTENCES_MAX = 500
TOOLS_MAX = 200
NAME_CHARACTERS_MAX = 100
CHARACTERS_MAX = 65_536
# So many traces make a text one that is used again.
TRACES_MIN = 3
# More texts of an agent that begin alike are one, with something filled in.
VARIANTS_MAX = 3
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
    """What calls have in common, how many those were, and hashes of some of their traces."""

    name: str
    parts: tuple[Part, ...]
    calls: int
    traces: int
    some_traces: tuple[int, ...]


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


def prompt_parts(prompt: str) -> tuple[Part, ...]:
    """Return the parts of a prompt, each once, in its order; those beyond the last that counts are one."""
    parts = tuple(dict.fromkeys(map(part_of, sentences(prompt))))
    rest = parts[SENTENCES_MAX:]
    return (*parts[:SENTENCES_MAX], *([Part("", hash_of(str(rest)))] if rest else []))


def tool_parts(tools: Mapping[str, str]) -> tuple[Part, ...]:
    """Return the parts of a set of tools, by name."""
    return tuple(Part(name[:NAME_CHARACTERS_MAX], hash_of(told)) for name, told in sorted(tools.items()))[
        :TOOLS_MAX
    ]


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
    traces_of: dict[tuple[Part, ...], list[str]] = defaultdict(list)
    for call in calls:
        if call.parts:
            traces_of[call.parts].append(call.trace)
    found: dict[frozenset[Part], list[str]] = defaultdict(list)
    for common, texts in _in_common(list(traces_of)):
        for parts in texts:
            found[frozenset(common)] += traces_of[parts]
    shared = [one for one in found.items() if len(set(one[1])) > 1]
    alone = [one for one in found.items() if len(set(one[1])) == 1]
    return [_fingerprint(parts, traces) for parts, traces in (*shared, *alone[:_ALONE_MAX])]


def _in_common(
    texts: Sequence[tuple[Part, ...]],
) -> Iterator[tuple[Sequence[Part], Sequence[tuple[Part, ...]]]]:
    """Yield what texts that begin alike have in common, and those texts; of a few, each by itself."""
    times = Counter(part for parts in texts for part in parts)
    alike: dict[Part | None, list[tuple[Part, ...]]] = defaultdict(list)
    for parts in texts:
        alike[next((part for part in parts if times[part] > VARIANTS_MAX), None)].append(parts)
    for first, some in alike.items():
        of_some = Counter(part for parts in some for part in parts)
        common = [part for part in of_some if of_some[part] > len(some) / 2]
        if first is None or len(some) <= VARIANTS_MAX or len(common) < _COMMON_MIN:
            yield from ((parts, [parts]) for parts in some)
        else:
            yield common, some


def _fingerprint(parts: frozenset[Part], traces: Sequence[str]) -> Fingerprint:
    # in which order they stand depends on which calls were drawn
    ordered = tuple(sorted(parts))
    name = hash_of("".join(f"{part.name}\0{part.hash}\n" for part in ordered))
    different = tuple(dict.fromkeys(traces))
    some = tuple(hash_of(trace) for trace in different[:TRACES_MIN])
    return Fingerprint(f"{name:016x}", ordered, len(traces), len(different), some)
