"""The manifest: everything that happens is decided before, by the seed."""

from pathlib import Path

import pytest

from bench.detectors import manifest
from bench.detectors.fault import faults
from bench.detectors.manifest import Case, Plan
from bench.detectors.scenarios import SCENARIOS

PLAN = Plan(repeats=2, training_s=20, faults_s=10, after_s=30, every_s=2)


def planned(seed: int = 1) -> list[Case]:
    return manifest.cases(["plain", "open"], ["plain", "langgraph"], faults(), PLAN, seed)


def test_every_fault_has_a_scenario_and_every_scenario_is_a_fault() -> None:
    assert set(faults()) == set(SCENARIOS)


def test_a_fault_names_who_should_find_it_and_a_look_alike_names_nobody() -> None:
    for fault in faults().values():
        assert bool(fault.expects) is (fault.sort == "fault"), fault.name


def test_the_same_seed_gives_the_same_cases_and_another_gives_others() -> None:
    assert planned(1) == planned(1)
    assert planned(1) != planned(2)


def test_what_happens_is_the_same_in_every_capture() -> None:
    plain, reported = (
        [
            (each.framework, each.scenario, each.faulty, each.seed, each.starts_s)
            for each in planned()
            if each.capture == name
        ]
        for name in ("plain", "open")
    )

    assert plain == reported


def test_every_faulty_case_has_a_clean_pair_of_the_same_seed() -> None:
    clean = {
        (each.capture, each.framework, each.scenario, each.seed) for each in planned() if not each.faulty
    }
    faulty = [each for each in planned() if each.faulty]

    assert len(faulty) == 2 * 2 * PLAN.repeats * len(faults())
    assert all((each.capture, each.framework, each.scenario, each.seed) in clean for each in faulty)


def test_a_fault_that_takes_its_process_with_it_has_one_of_its_own() -> None:
    alone = [each for each in planned() if each.process]

    assert {each.scenario for each in alone} == {"process_kill"}
    assert len({(each.capture, each.framework, each.process) for each in alone}) == len(alone)


def test_faults_begin_after_the_training_and_ordinary_work_goes_on_beyond_them() -> None:
    faulty_s = [each.starts_s for each in planned() if each.faulty]
    ordinary_s = [each.starts_s for each in planned() if not each.faulty]

    assert 20 <= min(faulty_s) <= max(faulty_s) <= 30
    assert min(ordinary_s) == 0
    assert max(ordinary_s) == pytest.approx(58)


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    manifest.write(tmp_path, planned())

    assert manifest.read(tmp_path) == planned()
