"""What prompts have in common, whatever is filled into them."""

import random
from collections.abc import Callable

from analytics.prompts.fingerprint import Asked, Fingerprint, fingerprints, prompt_parts

TEMPLATE = "You are a planner. {} Plan in three steps. Never call a tool twice. Answer in English."


def of(write: Callable[[int], str], calls: int = 40, first: int = 0) -> list[Fingerprint]:
    asked = range(first, first + calls)
    return fingerprints([Asked(str(n), prompt_parts(write(n))) for n in asked])


def names(found: list[Fingerprint]) -> set[str]:
    return {one.name for one in found}


def test_calls_with_one_prompt_have_one_fingerprint() -> None:
    (one,) = of(lambda _: TEMPLATE)

    assert (len(one.parts), one.calls, one.traces) == (4, 40, 40)


def test_two_prompts_have_two() -> None:
    found = of(lambda n: TEMPLATE if n % 4 else "You sum up. Be brief.")

    assert sorted(one.traces for one in found) == [10, 30]


def test_a_date_makes_no_other() -> None:
    days = ("Monday, 3 May 2026, 11:05 am", "Friday, 18 December 2026, 9:40 pm")
    first, second = (of(lambda _, day=day: TEMPLATE.format(f"Today is {day}.")) for day in days)  # type: ignore[misc]

    assert names(first) == names(second)


def test_what_is_filled_in_makes_no_other() -> None:
    """A name and a document of each caller, in two hours."""

    def write(n: int) -> str:
        chance = random.Random(n)
        document = " ".join(f"{chr(97 + chance.randrange(26)) * chance.randrange(1, 20)}." for _ in range(20))
        return TEMPLATE.format(f"You help user {chr(97 + n % 26) * (1 + n // 26)}. {document}")

    first, second = of(write), of(write, first=40)

    assert len(first) == 1
    assert names(first) == names(second)
    assert len(first[0].parts) >= 4


def test_a_sentence_more_makes_another_though_each_call_has_a_name_filled_in() -> None:
    def write(n: int, more: str = "") -> str:
        return TEMPLATE.format(f"You help {chr(97 + n % 26) * (1 + n // 26)}.") + more

    assert names(of(write)) != names(of(lambda n: write(n, " Be kind.")))


def test_a_few_prompts_that_nobody_shares_stay_what_they_are() -> None:
    found = of(lambda n: f"Task {chr(97 + n)}.", calls=10)

    assert [one.traces for one in found] == [1, 1, 1]


def test_calls_without_a_prompt_have_none() -> None:
    assert of(lambda _: "") == []
