"""Mix against behaviour in words: what a drift is, over all keys at once, then what each key shows."""

from collections.abc import Iterator

from analytics.api.drift_models import Explanation, MixPart, MixVerdict, NewStratum
from dashboard.wording.amount import listed, shortened
from dashboard.wording.measure import number, percent, percent_of, percent_points, points, signed

_MIXED = ("mix", "both")


def mix_words(said: Explanation, unit: str) -> str:
    """Return whether it is what traffic consists of or what each part does; empty where nothing tells."""
    sentences = list(_sentences(said.verdict)) if said.verdict else []
    if parts := [_part(part, unit, said.verdict) for part in said.mix]:
        told = "; ".join(parts)
        sentences.append(f"{told[0].upper()}{told[1:]}.")
    return " ".join(sentences)


def _sentences(verdict: MixVerdict) -> Iterator[str]:
    yield from (_new(one) for one in verdict.new)
    by = listed(verdict.by, len(verdict.by))
    alike = "alike by" if len(verdict.by) > 1 else "by"
    yield {
        "mix": f"It is another mix of the traffic, by {by}.",
        "behaviour": f"It is what each does, {alike} {by}.",
        "both": f"It is both: another mix of the traffic, by {by}, and what each does.",
        "unknown": "It cannot be told whether it is another mix of the traffic or what each does.",
        "not asked": "Mix or behaviour was not asked: too many series began to drift in that hour.",
    }[verdict.said]


def _new(one: NewStratum) -> str:
    share = "All" if one.share >= 0.995 else percent(one.share)
    return f"{share} of its calls since came with {shortened(one.by)} {shortened(one.name)}."


def _part(part: MixPart, unit: str, verdict: MixVerdict | None) -> str:
    """Return what a key shows: of another mix, what other keys say that each does is that mix."""
    mixed = f"{_difference(part.mix, part.mix_error, unit)} by another mix of them"
    if verdict and verdict.said in _MIXED and part.by not in verdict.by:
        return f"by {shortened(part.by)} {mixed}"
    behaved = _difference(part.behaviour, part.behaviour_error, unit)
    return f"by {shortened(part.by)} {behaved} by what each does, {mixed}"


def _difference(part: float, error: float | None, unit: str) -> str:
    off = f" (± {_amount(error, unit).lstrip('+')})" if error else ""
    return f"{_amount(part, unit)}{off}"


def _amount(part: float, unit: str) -> str:
    """Return a part of a difference: of shares, percent ranks and calls as it is, of others of logarithms."""
    if unit == "share":
        return points(part)
    if unit == "rank":
        return percent_points(part)
    return f"{signed(number(part))} calls" if unit == "calls" else signed(percent_of(part))
