"""What calls teach, what a deviation shows, and what stays silent."""

import json
import random
from typing import Any

import pytest

from analytics.contracts import deviation
from analytics.contracts.learned import Learned, contract_in, learned_in
from analytics.contracts.payload import payload
from analytics.contracts.shape import Shape
from tests.analytics.contracts.calls import order


def taught(calls: int = 700, make: Any = order) -> Learned[int]:
    learned: Learned[int] = Learned()
    for number in range(calls):
        learned.judge(payload(json.dumps(make(number))), number, number)
    return learned


def said(learned: Learned[int], value: Any, number: int = 10_000) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return learned.judge(payload(text), number, number).word


def without(name: str, number: int) -> dict[str, Any]:
    return {key: value for key, value in order(number).items() if key != name}


LOOK_ALIKES = [
    pytest.param(order(1, note="x", tags=["a"]), id="new optional fields"),
    pytest.param(dict(reversed(order(1).items())), id="another order of keys"),
    pytest.param(order(1, amount=101), id="a whole number, a little above the range"),
    pytest.param(order(1, items=[]), id="an empty list inside"),
    pytest.param({"error": "no such order"}, id="an error that is told"),
    pytest.param(json.dumps(order(1))[:40] + "...", id="what the exporter cut"),
    pytest.param('{"id": [redacted: card-number], "sta', id="what was redacted"),
]


@pytest.mark.parametrize("value", LOOK_ALIKES)
def test_look_alikes_stay_silent(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deviation, "SURE_CALLS_MIN", 600)

    assert said(taught(), value) in {"passed", "unjudged"}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param('{"id": "A-1", "sta', id="a document that breaks off"),
        pytest.param({**without("amount", 1), "total": 3}, id="a field of another name"),
        pytest.param(order(1, id={"value": "A-1"}), id="an object for a value"),
    ],
)
def test_damage_is_a_break_at_once(value: Any) -> None:
    assert said(taught(), value) == "broken"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(without("amount", 1), id="a field that is not there"),
        pytest.param(order(1, amount="12"), id="a number as text"),
        pytest.param(order(1, state="lost"), id="a new word"),
        pytest.param(order(1, amount=None), id="a null"),
        pytest.param(order(1, amount=1e9), id="a number far out"),
        pytest.param("No such order was found", id="words for a document"),
    ],
)
def test_what_may_be_rare_is_open_after_hundreds_of_calls_and_a_break_after_thousands(value: Any) -> None:
    learned = taught()
    assert said(learned, value) == "open"

    learned.calls = 6_000
    learned._deviations.clear()
    assert said(learned, value) == "broken"


def test_several_close_together_are_breaks_and_so_are_those_that_were_open() -> None:
    learned = taught(1_500)
    words = []
    for number in range(60):
        value = without("amount", number) if number % 10 == 0 else order(number)
        verdict = learned.judge(payload(json.dumps(value)), number, number)
        words.append((verdict.word, [call for call, _ in verdict.earlier]))

    assert words[20] == ("open", [])
    assert words[30] == ("broken", [0, 10, 20])
    assert words[40] == ("broken", [])


def test_what_comes_back_as_rarely_as_was_possible_is_usual() -> None:
    learned = taught(700)
    said(learned, without("amount", 1))
    for number in range(800):
        said(learned, order(number))

    assert said(learned, without("amount", 2)) == "usual"
    assert said(learned, without("amount", 3)) == "passed"
    assert [one.cause for one in learned.drifts] == ["missing"]


def test_twenty_in_a_row_are_a_change_and_take_back_what_was_said_of_them() -> None:
    learned = taught()
    damaged = {**without("amount", 1), "total": 3}
    words = [said(learned, damaged, number) for number in range(19)]
    verdict = learned.judge(payload(json.dumps(damaged)), 19, 19)

    assert set(words) == {"broken"}
    assert (verdict.word, len(verdict.earlier)) == ("usual", 19)
    assert said(learned, damaged) == "passed"


def test_a_field_of_some_calls_is_optional_and_may_be_null() -> None:
    learned = taught(make=lambda number: order(number) | ({"note": "x"} if number % 3 else {}))

    assert said(learned, order(1, note=None)) == "passed"


def test_variants_keep_what_belongs_to_each() -> None:
    def either(number: int) -> dict[str, Any]:
        if number % 2:
            return {"ok": True, "row": number, "of": 3}
        return {"ok": False, "reason": f"r{number}", "code": 4}

    learned = taught(make=either)

    assert learned.document is not None
    assert learned.document["anyOf"] == [{"required": ["code", "reason"]}, {"required": ["of", "row"]}]
    assert said(learned, {"ok": True, "row": 7}) == "open"


def test_an_object_whose_names_are_data_is_not_described() -> None:
    learned = taught(make=lambda number: {"by_id": {f"k{number}": 1}})

    assert said(learned, {"by_id": {"another": 1}}) == "passed"


def test_free_text_has_no_contract_but_that_there_is_some() -> None:
    chance = random.Random(7)
    learned = taught(make=lambda _: f"It costs {chance.random()} EUR")

    assert said(learned, "Sold out") == "passed"
    assert said(learned, " ") == "open"


@pytest.mark.parametrize("value", [{"total": 3}, ["sold out"], '{"total": '])
def test_a_tool_of_words_may_answer_with_a_document(value: Any) -> None:
    words = taught(make=lambda number: f"It costs {number} EUR")
    enumerated = taught(make=lambda number: ("open", "paid")[number % 2])

    assert said(words, value) in {"open", "passed"}
    assert said(enumerated, value) == "open"


def test_shapes_add_up_and_outlive_being_written_down() -> None:
    one, other, both = Shape(), Shape(), Shape()
    for number in range(40):
        (one if number % 2 else other).learn(order(number))
        both.learn(order(number))
    one.add(other)

    assert one.to_json() | {"changed": 0} != {}
    assert one.fields is not None
    assert both.fields is not None
    assert (one.n, one.types, one.fields["state"].values) == (40, both.types, both.fields["state"].values)
    learned = taught(300)
    again = contract_in(json.loads(json.dumps(learned_in(learned))))
    assert (again.document, again.calls) == (learned.document, 300)


def test_words_of_few_traces_are_neither_written_down_nor_promised() -> None:
    learned: Learned[int] = Learned()
    for number in range(1_000):
        word = "anna" if number in {3, 4, 5, 6} else ("open", "paid")[number % 2]
        learned.judge(payload(json.dumps({"state": word})), number, number, trace=str(number // 4))

    assert learned.document is not None
    assert "enum" not in learned.document["properties"]["state"]
    again = contract_in(json.loads(json.dumps(learned_in(learned))))
    assert "anna" not in json.dumps(learned_in(learned))
    assert again.shape.fields is not None
    assert again.shape.fields["state"].values is not None
    assert set(again.shape.fields["state"].values) == {"open", "paid"}


def test_a_shape_is_bounded_whatever_it_is_taught() -> None:
    shape = Shape()
    for number in range(200):
        shape.learn({f"a{number % 60}": {f"b{inner}": {"c": number} for inner in range(30)}})

    assert shape.places() <= 202
