"""Rules as SQL: expressions with a parameter for each pattern and each mark, and the parameters' values."""

from collections.abc import Mapping, Sequence

from collector.redaction.rule import Rule


def redacted_text(rules: Sequence[Rule]) -> str:
    """Return the expression of `text` without what the rules find in it."""
    text = "beginning(text)"
    for number, rule in enumerate(rules):
        if not rule.gate:
            text = _without(text, number, rule)
    gated = text
    for number, rule in enumerate(rules):
        if rule.gate:
            gated = _without(gated, number, rule)
    return f"ended(if(is_gated(text), {gated}, {text}), length(text))"


def is_gated(rules: Sequence[Rule]) -> str:
    """Return the expression of whether a gate finds something in `text`; vectorscan takes no empty list."""
    return "multiMatchAny(text, {redaction_gates:Array(String)})" if gates(rules) else "false"


def is_asked(rules: Sequence[Rule]) -> str:
    """Return the expression of whether one of the rules has to be asked of `text`."""
    return "is_gated(text)" if all(rule.gate for rule in rules) else "true"


def attribute_mark(rules: Sequence[Rule]) -> str:
    """Return the expression of the mark that the name of an attribute, `key`, calls for."""
    cases = [
        f"match(key, {{redaction_{number}_attribute:String}}), {{redaction_{number}_mark:String}}"
        for number, rule in enumerate(rules)
        if rule.attribute
    ]
    return f"multiIf({', '.join(cases)}, '')" if cases else "''"


def parameters(rules: Sequence[Rule]) -> Mapping[str, object]:
    """Return the values of the parameters of these expressions."""
    attributes = "|".join(f"(?:{rule.attribute})" for rule in rules if rule.attribute)
    # nothing comes after the end: an empty pattern would match every name
    named: dict[str, object] = {"redaction_attributes": attributes or r"\z."}
    for number, rule in enumerate(rules):
        named[f"redaction_{number}_mark"] = rule.mark
        named[f"redaction_{number}_attribute"] = rule.attribute
        named[f"redaction_{number}_card"] = rule.card
        # the quotes of the name before it are put around it, if it stands where JSON has a number
        named[f"redaction_{number}_card_put"] = rf"\1\2\3\4\2{rule.mark}\2"
        for place, (pattern, put) in enumerate(rule.finds):
            named[f"redaction_{number}_find_{place}"] = pattern
            named[f"redaction_{number}_put_{place}"] = put
    return named


def gates(rules: Sequence[Rule]) -> Sequence[str]:
    """Return what vectorscan looks for."""
    return [rule.gate for rule in rules if rule.gate]


def _without(text: str, number: int, rule: Rule) -> str:
    for place in range(len(rule.finds)):
        find = f"{{redaction_{number}_find_{place}:String}}"
        text = f"replaceRegexpAll({text}, {find}, {{redaction_{number}_put_{place}:String}})"
    return _without_cards(text, number) if rule.card else text


def _without_cards(text: str, number: int) -> str:
    """Return the expression of what is between the numbers and, with it, those that are none of a card."""
    card, put = f"{{redaction_{number}_card:String}}", f"{{redaction_{number}_card_put:String}}"
    between, cards = f"splitByRegexp({card}, rest)", f"extractAll(rest, {card})"
    return f"arrayMap(rest -> like_json(rest, without_cards({between}, {cards}, {put})), [{text}])[1]"
