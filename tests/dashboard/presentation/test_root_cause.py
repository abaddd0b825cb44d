"""What is said of failing traces against passing ones."""

from dashboard.presentation.root_cause import against, cause_table, is_enough, too_few
from dashboard.wording.sign import UNKNOWN
from tests.dashboard import fleet
from tests.dashboard.compared import cause, compared, few, indexing, shipping


def test_a_cause_is_counted_on_both_sides_and_names_what_cannot_be_told_apart() -> None:
    first, second, third = cause_table(shipping()).rows

    what, failing, passing, *_ = first.cells
    assert (what.text, what.note) == (
        "failing call pay: TimeoutError",
        "cannot be told apart from tool pay_v2 and calls lead → buyer",
    )
    assert (failing.text, failing.share_tone, passing.text, passing.share_tone) == (
        "12 of 14",
        "attention",
        "3 of 1,204",
        "quiet",
    )
    assert (failing.share, passing.share) == (12 / 14, 3 / 1_204)
    assert (second.cells[0].text, second.cells[0].note) == ("version buyer v15", "")
    assert third.cells[0].text == "without agent reviewer"


def test_a_row_leads_to_a_failing_trace_and_two_cells_to_one_of_each() -> None:
    first, _, missing = cause_table(shipping()).rows

    assert (first.id, first.href) == (fleet.FAILED_TRACE, f"trace?trace={fleet.FAILED_TRACE}")
    assert [cell.pick for cell in first.cells[3:]] == [fleet.FAILED_TRACE, fleet.STUCK_TRACE]
    assert [cell.text for cell in missing.cells[3:]] == [UNKNOWN, fleet.STUCK_TRACE[:8]]
    assert missing.id == fleet.STUCK_TRACE


def test_a_cause_without_an_example_leads_nowhere() -> None:
    nowhere = cause("tool", "pay", 3, 0, failing_example=None, passing_example=None)

    (row,) = cause_table(shipping().model_copy(update={"causes": [nowhere]})).rows

    assert (row.id, row.href) == ("", "")


def test_too_few_traces_are_said_with_how_many_it_takes() -> None:
    found = compared("over")

    assert [is_enough(each, found) for each in found.items] == [True, True, False, False]
    assert too_few(few(), found) == (
        "Too few to compare, for it takes 10 failing and 30 passing: answer ticket: 4 failing against "
        "61 passing traces; (no name): 12 failing against 2 passing traces."
    )
    assert too_few([], found) == ""
    assert against(indexing()) == "11 failing against 48 passing traces"
