"""The rules of redaction as data, and those that are on."""

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import re2

from collector.redaction import keyed


@dataclass(frozen=True)
class Rule:
    """What one kind of secret looks like.

    Parameters
    ----------
    name
        As it stands in the mark.
    says
        What it is, in words.
    source
        Where the patterns are from.
    on
        Whether it is on by default.
    gate
        What vectorscan looks for in the bytes of segments and in texts. It finds something in each
        that one of the patterns finds something in; without one the patterns are always asked.
    finds
        Pairs of a pattern (RE2) and what is put in place of what it finds.
    attribute
        Which attributes' values are replaced as a whole, by their name.
    card
        What numbers look like that are secret if Luhn's check passes.
    """

    name: str
    says: str
    source: str
    on: bool = True
    gate: str = ""
    finds: Sequence[tuple[str, str]] = ()
    attribute: str = ""
    card: str = ""

    @property
    def mark(self) -> str:
        """What stands for the secret."""
        return mark_of(self.name)


def mark_of(name: str) -> str:
    """Return what stands for a secret that the rule of this name finds."""
    return f"[redacted: {name}]"


@cache
def rules() -> Sequence[Rule]:
    """Return the rules of rules.toml, in its order."""
    text = files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")
    return tuple(_rule(**entry) for entry in tomllib.loads(text)["rule"])


def chosen(off: Collection[str] = (), on: Collection[str] = (), own: Sequence[Rule] = ()) -> Sequence[Rule]:
    """Return those that are on, and the user's own before them.

    Examples
    --------
    >>> [rule.name for rule in chosen(on=["email"])][-2:]
    ['card-number', 'email']
    """
    ours = (rule for rule in rules() if rule.name in on or (rule.on and rule.name not in off))
    return (*own, *ours)


def _rule(  # the keys of rules.toml
    *,
    name: str,
    says: str,
    source: str,
    on: bool = True,
    find: str = "",
    put: str = "",
    gate: str = "",
    attribute: str = "",
    names: str = "",
    alone: bool = False,
    check: str = "",
) -> Rule:
    finds = [(find, put or _put_by_default(find))] if find and not check else []
    if names:
        gate = "|".join(filter(None, (gate, keyed.gate(names))))
        names = keyed.whole(names) if alone else names
        finds += _finds_of_keys(names, keyed.in_quotes(names) if alone else keyed.anywhere(names))
        attribute = f"(?i)(?:{names})$"
    mark = mark_of(name)
    return Rule(
        name=name,
        says=says,
        source=source,
        on=on,
        gate=gate,
        finds=tuple((pattern, given.format(mark)) for pattern, given in finds),
        attribute=attribute,
        card=find if check else "",
    )


def _put_by_default(find: str) -> str:
    return r"\1{}" if re2.compile(find).groups else "{}"


def _finds_of_keys(names: str, patterns: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return few alternations, analysed sooner than many patterns, of whose groups the one found stays."""
    listed = keyed.lists(names)
    return [
        (listed, _stays(listed)),
        ("|".join(patterns), _stays("|".join(patterns))),
        (keyed.number(names), r"\1\2{}\2"),
    ]


def _stays(pattern: str) -> str:
    return "".join(rf"\{place}" for place in range(1, re2.compile(pattern).groups + 1)) + "{}"
