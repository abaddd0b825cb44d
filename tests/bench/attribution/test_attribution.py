"""The bench of attribution: what is replayed, how it is scored, and what is said where data are missing."""

from pathlib import Path

import pytest

from bench.attribution import __main__ as command
from bench.attribution import conversation, floor
from bench.attribution.conversation import Gold, Log, turns
from bench.attribution.scoring import at_least_by_chance, beside, hits, mcnemar
from bench.attribution.variant import VARIANTS, fold, nested

MESSAGES = [
    {"name": "lead", "role": "assistant", "content": "The task: add 1 and 2 to what is in the file."},
    {"name": "coder", "role": "user", "content": "open('x')"},
    {"name": "Computer_terminal", "role": "user", "content": "exitcode: 1 (execution failed)"},
    {"name": "coder", "role": "user", "content": "Then it is 3."},
]
LOG = Log("one", "add", turns(MESSAGES))


def test_a_message_is_a_turn_and_the_one_before_it_its_input() -> None:
    assert [(turn.agent, turn.kind, turn.failed) for turn in LOG.turns] == [
        ("lead", "agent", False), ("coder", "agent", False),
        ("Computer_terminal", "tool", True), ("coder", "agent", False),
    ]  # fmt: skip
    assert LOG.turns[2].input == "open('x')"


def test_no_label_is_replayed() -> None:
    assert set(Log.__dataclass_fields__) == {"name", "task", "turns"}


def test_agents_and_steps_are_compared_exactly() -> None:
    found = hits([LOG], [Gold("code", 2)], [[1, 3, 0]])

    assert (found.agent, found.step, found.within_1, found.top_3) == ([False], [False], [True], [False])


def test_floors_blame_what_they_say() -> None:
    assert list(floor.first_speaker(LOG)) == [0, 1, 2]
    assert list(floor.hard_error(0)(LOG)) == list(floor.error_word(0)(LOG)) == [1]
    assert floor.constant(9)(LOG)[0] == 3
    assert floor.most_frequent_speaker(LOG) == "coder"
    assert floor.by_chance(LOG, Gold("coder", 1)) == (1 / 3, 1 / 4)


def test_without_an_error_floors_fall_back() -> None:
    calm = Log("two", "add", LOG.turns[:2])

    assert (list(floor.hard_error(0)(calm)), list(floor.hard_error(1)(calm))) == ([0], [1])


def test_mcnemar_counts_only_where_the_two_differ() -> None:
    ours, theirs = [True] * 6 + [True, False], [False] * 6 + [True, False]

    assert mcnemar(ours, theirs) == pytest.approx(2 * 0.5**6)
    assert mcnemar(ours, ours) == 1
    assert beside(ours, theirs) == "yes (p = 0.031)"
    assert beside(theirs, ours) == "no, below (p = 0.031)"


def test_hits_by_chance_add_up() -> None:
    assert at_least_by_chance(2, [0.5, 0.5]) == pytest.approx(0.25)
    assert at_least_by_chance(0, [0.1]) == pytest.approx(1)


def test_a_fold_is_answered_by_what_was_best_on_the_others() -> None:
    logs = [Log(str(number), "add", LOG.turns) for number in range(20)]

    answered, chosen = nested(logs, [Gold("coder", 1)] * 20)

    assert [answer[0] for answer in answered] == [1] * 20
    assert set(chosen) <= set(VARIANTS)
    assert len({fold(log) for log in logs}) > 1


def test_missing_data_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["attribution", str(tmp_path)])

    command.main()

    assert capsys.readouterr().out.count("is not there") == 2


@pytest.mark.skipif(
    not conversation.WHO_AND_WHEN.is_dir(), reason="the labelled logs are not on this machine"
)
def test_recomputed_floors_are_those_of_the_data() -> None:
    logs, gold = conversation.who_and_when(conversation.WHO_AND_WHEN)

    found = hits(logs, gold, [floor.hard_error(0)(log) for log in logs])

    assert (len(logs), sum(found.agent), sum(found.step)) == (126, 69, 39)
