"""A rule of the user, as configured."""

import re
from dataclasses import dataclass

import re2
from pydantic import ConfigDict, with_config

from collector.redaction.rule import Rule, mark_of, rules

_NAME = re.compile(r"[a-z0-9-]{1,40}")
_PATTERN_CHARACTERS_MAX = 1000
# Something has to stand there to be replaced: a mark between all letters helps nobody.
_SAMPLES = ("", "a b-1")


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class OwnRule:
    """What is secret besides.

    Parameters
    ----------
    name
        As it stands in the mark: lower-case letters, digits, dashes.
    pattern
        RE2, which has no look-around and takes linear time. All that it matches is replaced.

    Raises
    ------
    ValueError
        If one of them is none of that.
    """

    name: str
    pattern: str

    def __post_init__(self) -> None:
        if _NAME.fullmatch(self.name) is None or self.name in {rule.name for rule in rules()}:
            raise ValueError(
                f"the rule name {self.name!r} must be 1 to 40 lower-case letters, digits, dashes, "
                "and none of the names in docs/redaction.md"
            )
        if len(self.pattern) > _PATTERN_CHARACTERS_MAX:
            raise ValueError(
                f"the pattern of rule {self.name} is longer than {_PATTERN_CHARACTERS_MAX} characters"
            )
        found = (_compiled(self).search(sample) for sample in _SAMPLES)
        if any(one and one.start() == one.end() for one in found):
            raise ValueError(f"the pattern of rule {self.name} matches where nothing is")

    @property
    def rule(self) -> Rule:
        """The rule; it has no gate, so every text is asked."""
        return Rule(name=self.name, says="", source="", finds=((self.pattern, mark_of(self.name)),))


def _compiled(own: OwnRule) -> "re2._Regexp[str]":
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(own.pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0]
        raise ValueError(f"the pattern of rule {own.name} is not RE2: {reason}") from None
