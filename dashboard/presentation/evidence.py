"""Evidence as facts a person can check: a name, and a value with its unit, in groups."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboard.wording.amount import count, size
from dashboard.wording.duration import duration

Fact = tuple[str, str]
Group = tuple[str, list[Fact]]


def groups(evidence: Mapping[str, Any]) -> list[Group]:
    """Return what stands alone under an empty title, then each nested part under its own.

    A key's unit suffix gives the unit. What is null or empty is left out: the whole finding is at hand
    beside the facts.

    Examples
    --------
    >>> groups({"age_s": 724, "baseline": {"q99_s": 0.0123, "n": 2140}})
    [('', [('age', '12m 04s')]), ('baseline', [('q99', '12.3 ms'), ('n', '2,140')])]
    """
    alone = {key: value for key, value in evidence.items() if not isinstance(value, Mapping)}
    nested = {key: value for key, value in evidence.items() if isinstance(value, Mapping)}
    made = [("", list(_facts(alone))), *((_words(key), list(_facts(value))) for key, value in nested.items())]
    return [(title, facts) for title, facts in made if facts]


def _facts(part: Mapping[str, Any]) -> Iterator[Fact]:
    for key, value in part.items():
        if (written := _written(key, value)) != "":
            yield _words(key), written


def _words(key: str) -> str:
    for unit in ("_s", "_bytes", "_s_ago"):
        key = key.removesuffix(unit)
    return key.replace("_", " ")


def _written(key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(key, value)
    if isinstance(value, Mapping):
        return " · ".join(filter(None, (_written(inner, item) for inner, item in value.items())))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(filter(None, (_written(key, item) for item in value)))
    return str(value)


def _number(key: str, value: float) -> str:
    if key.endswith("_s"):
        return duration(value)
    if key.endswith("_s_ago"):
        return f"{duration(value)} ago"
    if key.endswith("_bytes"):
        return size(int(value))
    if key.endswith(("_ratio", "_rate", "_share")) and 0 <= value <= 1:
        return f"{value:.1%}"
    return count(value) if isinstance(value, int) else f"{value:.3g}"
