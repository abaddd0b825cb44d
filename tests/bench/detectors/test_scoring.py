"""The score of findings against what was done."""

import pytest

from bench.detectors.fault import Fault
from bench.detectors.scoring import Judged, Score, Share, score
from tests.bench.detectors.cases import case, finding, joined

FAULTS = {
    "hang": Fault("hang", "", "fault", expects=["stuck_span", "silent_trace"], allows=["orphan"]),
    "kill": Fault("kill", "", "fault", expects=["silent_source"]),
    "batch": Fault("batch", "", "look-alike"),
}
CASES = [
    case("hang 1", "hang"),
    case("hang 2", "hang"),
    case("clean", "hang", faulty=False),
    case("batch 1", "batch"),
    case("kill 1", "kill", process=1),
]
JOINED = {
    each.case: each
    for each in (
        joined("hang 1", "a1", "a2"),
        joined("hang 2", "b1"),
        joined("clean", "c1", held=False),
        joined("batch 1", "d1", held=False),
        joined("kill 1", "e1"),
    )
}


def scored(*findings: dict) -> Score:  # type: ignore[type-arg]
    return score(CASES, FAULTS, JOINED, findings)


def word(found: dict) -> str:  # type: ignore[type-arg]
    (judged,) = scored(found).judged
    return judged.word


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(finding("stuck_span", "a2"), "hit", id="an expected detector about one of its traces"),
        pytest.param(finding("orphan", "a1"), "allowed", id="a detector that may speak of it"),
        pytest.param(finding("loop", "a1"), "wrong", id="a detector that has nothing to say of it"),
        pytest.param(finding("stuck_span", "c1"), "wrong", id="an expected detector about the clean run"),
        pytest.param(finding("loop", "d1"), "wrong", id="a look-alike"),
        pytest.param(finding("loop", "c1", "a1"), "wrong", id="a clean run and a fault of another sort"),
        pytest.param(
            finding("stuck_span", "c1", "a1"), "hit", id="a fault, and a clean run that is in it too"
        ),
        pytest.param(finding("call_cycle", "c1", severity="S4"), "smell", id="a smell of the design"),
        pytest.param(finding("stuck_span", "f1"), "elsewhere", id="a trace of no case"),
        pytest.param(
            finding("silent_source", evidence={"instance": "instance of kill 1"}),
            "hit",
            id="the process of a case that has one for itself",
        ),
        pytest.param(
            finding("silent_source", evidence={"instance": "instance of hang 1"}),
            "elsewhere",
            id="a process of many cases",
        ),
    ],
)
def test_a_finding_is_judged_by_the_cases_that_it_names(found: dict, expected: str) -> None:  # type: ignore[type-arg]
    assert word(found) == expected


def test_a_fault_with_several_findings_is_found_once() -> None:
    found = scored(finding("stuck_span", "a1"), finding("silent_trace", "a2"))

    assert found.recall(found.of(scenario="hang")) == Share(1, 2)
    assert found.precision() == Share(2, 2)


def test_what_is_only_suspected_counts_apart() -> None:
    found = scored(finding("stuck_span", "a1", grade="suspected"), finding("loop", "d1", grade="suspected"))

    assert found.recall(found.of(scenario="hang")) == Share(1, 2)
    assert found.recall(found.of(scenario="hang"), sure=True) == Share(0, 2)
    assert found.precision() == Share(1, 2)
    assert found.precision(sure=True) == Share(0, 0)


def test_false_alarms_are_those_about_clean_runs() -> None:
    found = scored(finding("stuck_span", "c1"), finding("loop", "d1"), finding("stuck_span", "a1"))

    alarms: list[Judged] = found.wrong_about(found.of(faulty=False))

    assert [alarm.finding["trace_ids"] for alarm in alarms] == [["c1"]]
    assert found.traces(found.of(faulty=False)) == 1


def test_time_to_detect_runs_from_when_the_fault_took_hold_to_the_first_finding() -> None:
    found = scored(finding("stuck_span", "a1", after_s=30), finding("silent_trace", "a1", after_s=12))

    assert found.delays_s(found.of(sort="fault")) == [12]


def test_a_run_that_failed_and_a_fault_that_never_took_hold_are_not_scored() -> None:
    failed = JOINED | {
        "kill 1": joined("kill 1", "e1", held=False),
        "hang 1": joined("hang 1", "a1", held=False, error="ImportError"),
        "hang 2": joined("hang 2", "b1", held=True, error="the framework ended it"),
        "clean": joined("clean", "c1", held=False, error="ImportError"),
    }

    found = score(CASES, FAULTS, failed, [])

    assert [each.id for each in found.cases] == ["hang 2", "batch 1"]


def test_the_interval_is_wilsons() -> None:
    low, high = Share(90, 100).interval

    assert (round(low, 4), round(high, 4)) == (0.8256, 0.9448)
    assert Share(0, 0).interval == (0, 1)
