"""Mix against behaviour in words."""

import pytest

from analytics.api.drift_models import Explanation, MixPart, MixVerdict, NewStratum
from dashboard.presentation.drift_mix import mix_words

MODEL = MixPart(by="model", mix=0.42, behaviour=0.01, mix_error=0.06, behaviour_error=0.03)
USER = MixPart(by="user", mix=0.002, behaviour=0.428, mix_error=0.01, behaviour_error=0.05)
V2 = NewStratum(by="version", name="v2", share=0.93)


def words(verdict: MixVerdict | None, *parts: MixPart, unit: str = "s") -> str:
    said = Explanation(headline="", moved="location", is_up=True, verdict=verdict, mix=list(parts))
    return mix_words(said, unit)


def test_of_another_mix_only_its_own_key_says_what_each_does() -> None:
    found = words(MixVerdict(said="mix", by=["model"]), MODEL, USER)

    assert found == (
        "It is another mix of the traffic, by model. By model +1 % (± 3 %) by what each does,"
        " +52 % (± 6.2 %) by another mix of them; by user +0.2 % (± 1 %) by another mix of them."
    )


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (
            MixVerdict(said="behaviour", by=["version", "user", "model"]),
            "It is what each does, alike by version, user and model.",
        ),
        (MixVerdict(said="behaviour", by=["series"]), "It is what each does, by series."),
        (
            MixVerdict(said="both", by=["model", "tools"]),
            "It is both: another mix of the traffic, by model and tools, and what each does.",
        ),
        (
            MixVerdict(said="unknown"),
            "It cannot be told whether it is another mix of the traffic or what each does.",
        ),
        (
            MixVerdict(said="not asked"),
            "Mix or behaviour was not asked: too many series began to drift in that hour.",
        ),
        (
            MixVerdict(said="behaviour", by=["user"], new=[V2]),
            "93.0 % of its calls since came with version v2. It is what each does, by user.",
        ),
        (
            MixVerdict(said="behaviour", by=["user"], new=[V2.model_copy(update={"share": 1.0})]),
            "All of its calls since came with version v2. It is what each does, by user.",
        ),
    ],
)
def test_one_sentence_says_what_it_is(verdict: MixVerdict, expected: str) -> None:
    assert words(verdict) == expected


def test_parts_are_told_in_the_unit_of_what_is_measured() -> None:
    part = MixPart(by="series", mix=0.1, behaviour=8.2, mix_error=0.3, behaviour_error=1.5)

    assert words(None, part, unit="rank") == (
        "By series +8.20 points (± 1.50 points) by what each does,"
        " +0.10 points (± 0.30 points) by another mix of them."
    )
    assert "+8.20 calls (± 1.50 calls) by what each does" in words(None, part, unit="calls")
    assert "+820 points (± 150 points) by what each does" in words(None, part, unit="share")


def test_an_alarm_that_was_told_without_errors_says_its_parts() -> None:
    assert words(None, MixPart(by="user", mix=0.0, behaviour=0.31)) == (
        "By user +36 % by what each does, 0 % by another mix of them."
    )
    assert words(None) == ""
