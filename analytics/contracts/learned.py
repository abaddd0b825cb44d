"""Learned: the contract of a boundary that nobody wrote down, as it is now, and how it changes. Pure."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from analytics.contracts.checking import check
from analytics.contracts.deviation import Deviation, is_damage
from analytics.contracts.learned_schema import CALLS_MIN, REQUIRED_CALLS_MIN, learned_schema
from analytics.contracts.payload import Payload
from analytics.contracts.schema import InvalidSchemaError, Schema
from analytics.contracts.shape import Shape
from analytics.contracts.violation import Signature, Violation

DRIFTS_MAX = 20
# Of a boundary, at once: ways to deviate, and calls that do.
DEVIATIONS_MAX = 50
HELD_MAX = 100
# It is learned from each of so many calls, then from one in some: that a call does not deviate is counted.
EACH_CALLS_MAX = 2_000
THEN_ONE_IN = 8
# Calls, relative to those before, after which the contract is written anew.
_GROWTH = 1.25

Call = TypeVar("Call")


class Drift(NamedTuple):
    """A deviation that became usual: when, by the call that decided it, and which."""

    at_ns: int
    path: str
    cause: str
    got_type: str


class Verdict(NamedTuple, Generic[Call]):
    """What is said of a call.

    Parameters
    ----------
    word
        ``unjudged``: there is no contract yet, or it cannot be judged. ``passed``. ``broken``. ``usual``: it
        deviates, and from now on that is how it is. ``open``: it deviates, and nothing follows from that yet.
    earlier
        Calls of which something else was said before, and is now the same, with what is wrong with them.
    """

    word: Literal["unjudged", "passed", "broken", "usual", "open"]
    violations: Sequence[Violation] = ()
    earlier: Sequence[tuple[Call, Sequence[Violation]]] = ()


@dataclass(slots=True)
class _Held(Generic[Call]):
    """A call that deviates, until it is known what that is."""

    call: Call
    trace: str
    value: Any
    violations: Sequence[Violation]
    is_told: bool = False

    @property
    def signatures(self) -> frozenset[Signature]:
        """The ways in which it deviates."""
        return frozenset(one.signature for one in self.violations)


class Learned(Generic[Call]):
    """What a boundary's calls are by those that were seen.

    Attributes
    ----------
    document
        The contract, None while too few calls were seen.
    calls
        That did not deviate, whether it was learned from all of them or not.
    drifts
        What became usual, the latest last.
    """

    def __init__(
        self, shape: Shape | None = None, drifts: Sequence[Drift] = (), calls: int | None = None
    ) -> None:
        self.shape = shape or Shape()
        self.calls = self.shape.calls if calls is None else calls
        self.drifts = list(drifts)
        self.document: dict[str, Any] | None = None
        self._schema: Schema | None = None
        self._due = CALLS_MIN
        self._deviations: dict[Signature, Deviation] = {}
        self._held: deque[_Held[Call]] = deque(maxlen=HELD_MAX)
        self._write()

    def judge(
        self, given: Payload, call: Call, at_ns: int, *, trace: str = "", learns: bool = True
    ) -> Verdict[Call]:
        """Say what is wrong with a call, and, if wanted, learn from it where nothing is."""
        if given.form == "unknown":
            return Verdict("unjudged")
        found = check(self._schema, given) if self._schema else ()
        if found:
            return self._follow(_Held(call, trace, given.value, found), given, at_ns)
        word: Literal["unjudged", "passed"] = "passed" if self._schema else "unjudged"
        self._note(())
        if learns:
            self.calls += 1
            self._learn(given.value, trace)
        return Verdict(word)

    def _learn(self, value: Any, trace: str) -> None:
        if self.shape.calls < EACH_CALLS_MAX or self.calls % THEN_ONE_IN == 0:
            self.shape.learn(value, trace)
        if self.shape.calls >= self._due:
            self._write()

    def _write(self) -> None:
        calls = self.shape.calls
        self._due = next((n for n in (CALLS_MIN, REQUIRED_CALLS_MIN) if n > calls), int(calls * _GROWTH) + 1)
        self.document = learned_schema(self.shape)
        try:
            self._schema = Schema(self.document) if self.document else None
        except InvalidSchemaError:
            # it is larger than what can be checked by
            self.document = self._schema = None

    def _follow(self, deviant: _Held[Call], given: Payload, at_ns: int) -> Verdict[Call]:
        found, ways = deviant.violations, deviant.signatures
        damaged = is_damage(found, given, self.shape)
        self._note(ways)
        decisions = {self._deviation(way).came(is_damage=damaged) for way in sorted(ways)}
        alike = [one for one in self._held if one.signatures & ways]
        self._held.append(deviant)
        if "usual" in decisions:
            return self._accept(found[0], ways, alike, at_ns)
        if "break" not in decisions:
            return Verdict("open", found)
        earlier = [one for one in alike if not one.is_told]
        for one in (*earlier, self._held[-1]):
            one.is_told = True
        return Verdict("broken", found, [(one.call, one.violations) for one in earlier])

    def _accept(
        self, one: Violation, ways: frozenset[Signature], alike: Sequence[_Held[Call]], at_ns: int
    ) -> Verdict[Call]:
        """Take for usual what came so often."""
        self.drifts = [*self.drifts, Drift(at_ns, one.path, one.cause, one.got_type)][-DRIFTS_MAX:]
        for held in (*alike, self._held[-1]):
            self.shape.learn(held.value, held.trace)
        for way in ways:
            self._deviations.pop(way, None)
        self._held = deque((held for held in self._held if not held.signatures & ways), HELD_MAX)
        self._write()
        return Verdict("usual", (), [(held.call, ()) for held in alike])

    def _note(self, ways: frozenset[Signature] | tuple[()]) -> None:
        """Count a call for all the ways in which it does not deviate."""
        for way, deviation in self._deviations.items():
            if way not in ways:
                deviation.passed()

    def _deviation(self, way: Signature) -> Deviation:
        if way not in self._deviations:
            while len(self._deviations) >= DEVIATIONS_MAX:
                del self._deviations[next(iter(self._deviations))]
            self._deviations[way] = Deviation(self.calls, self.shape.share_at(way[0]))
        return self._deviations[way]


def contract_in(document: Mapping[str, Any]) -> Learned[Any]:
    """Return what `learned_in` gave."""
    return Learned(
        Shape.from_json(document["shape"]), [Drift(*one) for one in document["drifts"]], document["calls"]
    )


def learned_in(learned: Learned[Any]) -> Mapping[str, Any]:
    """Return it as JSON values."""
    return {
        "calls": learned.calls,
        "shape": learned.shape.to_json(),
        "drifts": [list(one) for one in learned.drifts],
    }
