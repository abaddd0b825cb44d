"""Deviation: what a call does that none of hundreds before did, and what that shows. Pure.

A field that one call in a thousand lacks was there in 600 calls of 600, more often than not. So a single
call shows little, unless thousands were otherwise, or what it does is no variety but damage. Several show it
together, where they come more often than calls before allow.
"""

from collections.abc import Sequence
from typing import Any, Literal

from analytics.contracts.payload import Payload
from analytics.contracts.shape import Shape
from analytics.contracts.violation import Violation

# After so many calls without it a single one is a break (measured: bench/contracts).
SURE_CALLS_MIN = 5_000
# How probable it may be that so many come by chance at the rate that calls before allow.
CHANCE_MAX = 0.0001
# The same as often in a row is no break: it is how it is from now on.
ROW_CALLS = 20

Decision = Literal["open", "break", "usual"]


class Deviation:
    """Calls that deviate alike.

    Parameters
    ----------
    calls_before
        That did not.
    share
        Of calls in which there is something at that place.
    """

    def __init__(self, calls_before: int, share: float = 1.0) -> None:
        self._before = calls_before
        self._is_sure = calls_before * share >= SURE_CALLS_MIN
        self._since = self._seen = self._in_a_row = 0
        self.is_break = False

    def passed(self) -> None:
        """Note a call that does not deviate so."""
        self._since += 1
        self._in_a_row = 0

    def came(self, *, is_damage: bool) -> Decision:
        """Note one that does, and say what that shows."""
        self._since += 1
        self._seen += 1
        self._in_a_row += 1
        if self._in_a_row >= ROW_CALLS:
            return "usual"
        if is_damage or self._is_sure or self._is_more_often():
            self.is_break = True
        if self.is_break:
            return "break"
        # it has come back as seldom as calls before allow
        return "usual" if self._seen > 1 and self._since >= self._before else "open"

    def _is_more_often(self) -> bool:
        """Whether so many since the first one are too many for the calls before it.

        Of what comes at any rate, and for the first time after n calls, k more come in the next m calls or
        fewer with a probability of (m / (n + m))^k: negative binomial, under a flat prior of the rate.
        """
        following = self._since / (self._before + self._since)
        return self._seen > 1 and following ** (self._seen - 1) < CHANCE_MAX


def is_damage(found: Sequence[Violation], given: Payload, shape: Shape) -> bool:
    """Whether it is broken, not of another sort: cut off, an object for a value, a name for another.

    Examples
    --------
    >>> shape = Shape()
    >>> for number in range(600):
    ...     shape.learn({"id": number, "state": "open", "amount": number})
    >>> missing = [Violation("$.amount", "missing", "present", "nothing", "nothing")]
    >>> renamed, other = {"id": 1, "state": "open", "sum": 3}, {"sum": 3}
    >>> [is_damage(missing, Payload("json", value), shape) for value in (renamed, other)]
    [True, False]
    """
    if "string" in shape.types:
        # what answers with words may answer with a document, or with words that begin as one does
        found = [one for one in found if one.path != "$"]
    elif given.form == "broken":
        return True
    if any(one.cause == "type" and _is_other_form(one) for one in found):
        return True
    return any(one.cause == "missing" for one in found) and _is_renamed(given.value, shape)


def _is_other_form(one: Violation) -> bool:
    holds_others = {"object", "array"}
    return one.got_type != "null" and (one.got_type in holds_others) != bool(
        holds_others & set(one.expected.split(" or "))
    )


def _is_renamed(value: Any, shape: Shape | None) -> bool:
    if shape is None:
        return False
    if isinstance(value, list):
        return any(_is_renamed(inner, shape.items) for inner in value)
    if not isinstance(value, dict) or shape.fields is None:
        return False
    always = {name for name, place in shape.fields.items() if place.n == shape.types["object"]}
    lacking = len(always - value.keys())
    has_new = bool(value.keys() - shape.fields.keys())
    if lacking and has_new and lacking <= len(always) // 2:
        return True
    return any(_is_renamed(inner, shape.fields.get(name)) for name, inner in value.items())
