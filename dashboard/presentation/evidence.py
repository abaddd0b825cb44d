"""Evidence as facts a person can check: a name, and a value with its unit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboard.wording.amount import count, size
from dashboard.wording.duration import duration
from dashboard.wording.sign import UNKNOWN

Fact = tuple[str, str]


def facts(evidence: Mapping[str, Any]) -> list[Fact]:
    """Return the values of `evidence` with names in words; the key's unit suffix gives the unit.

    Examples
    --------
    >>> facts({"age_s": 724, "baseline": {"q99_s": 0.0123, "n": 2140}})
    [('age', '12m 04s'), ('baseline q99', '12.3 ms'), ('baseline n', '2,140')]
    """
    return list(_facts(evidence, ""))


def _facts(evidence: Mapping[str, Any], prefix: str) -> Iterator[Fact]:
    for key, value in evidence.items():
        if isinstance(value, Mapping):
            yield from _facts(value, f"{prefix}{_words(key)} ")
        else:
            yield prefix + _words(key), _value(key, value)


def _words(key: str) -> str:
    for unit in ("_s", "_bytes"):
        key = key.removesuffix(unit)
    return key.replace("_", " ")


def _value(key: str, value: Any) -> str:
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(key, value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_value(key, item) for item in value) or "none"
    return str(value)


def _number(key: str, value: float) -> str:
    if key.endswith("_s"):
        return duration(value)
    if key.endswith("_bytes"):
        return size(int(value))
    if key.endswith(("_ratio", "_rate", "_share")) and 0 <= value <= 1:
        return f"{value:.1%}"
    return count(value) if isinstance(value, int) else f"{value:.3g}"
