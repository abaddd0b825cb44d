"""Values that no earlier message contains, and those that only look like it."""

import pytest

from tests.analytics.suspects.talk import against, evidence, runs, says


def test_a_number_out_of_nowhere_that_others_go_on_with_is_probable() -> None:
    found = evidence(says("clerk", "A ticket is $137.50."), says("counter", "Two of 137.50 then."))

    (one,) = found
    assert (one.kind, one.grade, one.place) == ("ungrounded value", "probable", 0)
    assert one.text == "no earlier message contains number 137.50, and later turns go on with it"


def test_that_nobody_goes_on_with_is_suspected() -> None:
    assert against(says("clerk", "A ticket is $137.50.")) == [("ungrounded value", "suspected", 0)]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("See order A-77Q12-9.", id="an id"),
        pytest.param("See https://shop.test/orders/7.", id="an address"),
        pytest.param("```\nread_csv('orders.csv')\n```", id="a file that is read"),
    ],
)
def test_ids_addresses_and_files_need_grounds_too(said: str) -> None:
    assert against(says("clerk", said)) == [("ungrounded value", "suspected", 0)]
    assert against(says("clerk", said), task=said) == []


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("All 1,200 of them.", id="it stands in the task, written otherwise"),
        pytest.param("In total 1500.", id="a sum"),
        pytest.param("That leaves 900.", id="a difference"),
        pytest.param("Times three: 3600, of 3 days.", id="a product with a small number of its own"),
        pytest.param("A share of 0.25, or 25.0 %.", id="a quotient, and in per cent"),
        pytest.param("The three make 1537.", id="a sum of three in a row"),
        pytest.param("12! = 479001600", id="it is computed before our eyes"),
        pytest.param("3 agents, step 12, 99 rows", id="a count"),
        pytest.param("```\nlimit = 5000\n```", id="a constant in code"),
        pytest.param("```\nopen('notes.txt', 'w')\n```", id="a file that is written"),
        pytest.param("within 200-meter, version v2, GPT-4o", id="words with numbers"),
    ],
)
def test_what_follows_from_earlier_messages_has_grounds(said: str) -> None:
    assert against(says("clerk", said), task="1200, 300 and 37 orders") == []


def test_what_a_tool_gave_has_grounds() -> None:
    turns = (
        says("clerk", "look it up"),
        runs("search", "look it up", "price: 137.50"),
        says("clerk", "It is 137.50."),
    )

    assert against(*turns) == []


def test_an_argument_out_of_nowhere_is_the_askers() -> None:
    turns = (says("clerk", "I will look."), runs("orders", '{"order": "A-77Q12-9"}', "open"))

    assert against(*turns) == [("ungrounded value", "suspected", 0)]


def test_who_admits_that_data_is_made_up_is_probable_and_only_the_first() -> None:
    turns = (says("clerk", "I'll use sample data."), says("counter", "The sample data is fine."))

    assert against(*turns) == [("ungrounded value", "probable", 0)]


def test_a_task_that_speaks_of_samples_makes_nobody_suspect() -> None:
    assert (
        against(says("clerk", "The sample data has 7 rows."), task="Count the rows of the sample data.") == []
    )
