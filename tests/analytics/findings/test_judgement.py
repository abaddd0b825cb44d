import pytest

from analytics.findings.judgement import Judgement, judge

A, B = ("shop", "a"), ("shop", "b")
NONE = frozenset[tuple[str, str]]()


@pytest.mark.parametrize(
    ("missed_looks", "sighted", "found", "ended", "outcome"),
    [
        pytest.param({}, [], [A], [], "sighted", id="seen for the first time"),
        pytest.param({}, [A], [A], [], "opened", id="seen for the second time in a row"),
        pytest.param({A: 0}, [], [A], [], "updated", id="open and seen"),
        pytest.param({A: 1}, [], [A], [], "updated", id="open, missed once, and seen"),
        pytest.param({A: 0}, [], [], [], "missed", id="open and absent"),
        pytest.param({A: 1}, [], [], [], "resolved", id="open and absent again"),
        pytest.param({A: 0}, [], [], [A], "resolved", id="open and ended"),
        pytest.param({A: 0}, [], [A], [A], "resolved", id="open, found, and ended"),
        pytest.param({}, [A], [], [], None, id="sighted and absent"),
        pytest.param({}, [A], [A], [A], None, id="sighted, found, and ended"),
        pytest.param({}, [], [], [A], None, id="ended and unknown"),
    ],
)
def test_one_finding_has_one_outcome(
    missed_looks: dict[tuple[str, str], int],
    sighted: list[tuple[str, str]],
    found: list[tuple[str, str]],
    ended: list[tuple[str, str]],
    outcome: str | None,
) -> None:
    judgement = judge(missed_looks, sighted, found, ended)

    names = Judgement.__dataclass_fields__
    expected = {name: frozenset({A}) if name == outcome else NONE for name in names}
    assert {name: getattr(judgement, name) for name in names} == expected


@pytest.mark.parametrize(
    ("missed_looks", "found", "outcome"),
    [
        pytest.param({A: 1}, [], None, id="open, absent, and kept"),
        pytest.param({A: 1}, [A], "updated", id="open, seen, and kept"),
        pytest.param({}, [], None, id="unknown and kept"),
    ],
)
def test_what_is_kept_stays_as_it_is_while_it_is_absent(
    missed_looks: dict[tuple[str, str], int],
    found: list[tuple[str, str]],
    outcome: str | None,
) -> None:
    judgement = judge(missed_looks, [], found, [], kept=[A])

    names = Judgement.__dataclass_fields__
    assert {name for name in names if getattr(judgement, name)} == ({outcome} if outcome else set())


def test_findings_are_judged_one_by_one() -> None:
    judgement = judge({A: 1}, [B], [B], [])

    assert (judgement.resolved, judgement.opened) == (frozenset({A}), frozenset({B}))
