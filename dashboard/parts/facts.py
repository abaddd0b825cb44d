"""Facts as lists of terms."""

from collections.abc import Mapping, Sequence

from dashboard.parts.markup import Html, element
from dashboard.presentation.evidence import Fact, Group


def facts_list(facts: Sequence[Fact], kind: str = "dd-facts", types: Mapping[str, str] | None = None) -> Html:
    """Return facts one below the other, names beside values.

    Parameters
    ----------
    types
        What is said behind the name of a fact, by the name.
    """
    pairs = [
        element("div", element("dt", name, *_type((types or {}).get(name, ""))), element("dd", value))
        for name, value in facts
    ]
    return element("dl", *pairs, kind=kind)


def _type(word: str) -> list[Html]:
    return [element("span", word, kind="dd-type")] if word else []


def grouped_facts(groups: Sequence[Group]) -> Html:
    """Return groups of facts in as many columns as fit."""
    return element("div", *(_group(*group) for group in groups), kind="dd-groups")


def _group(title: str, facts: list[Fact]) -> Html:
    heading = [element("h4", title, kind="dd-group")] if title else []
    return element("section", *heading, facts_list(facts))
