"""The bench's agents without a framework, against a service as users start it."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.detectors import collecting, manifest
from bench.detectors.fault import faults
from bench.detectors.fleet import play
from bench.detectors.scoring import Score, score
from bench.detectors.truth import Truth
from tests.bench.detectors.cases import case
from tests.service import Service, until

CASES = [
    case("loop", "identical_calls"),
    case("no loop", "identical_calls", faulty=False),
    case("polling", "polling"),
    case("team", "ring_of_four", faulty=False),
    case("route", "chain_of_three"),
    replace(case("paid", "paid_after_timeout"), truth=Truth(payments=2)),
    case("killed", "process_kill", process=1),
]

# A request; four agents, who ask the model and call tools, three of them to ask the next; three waits.
SPANS_OF_TEAM = 1 + 4 + (4 * 2 + 3) + (4 + 3) + 3


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Score, int]:
    """The score, and the spans that were stored of the case `team`."""
    folder: Path = tmp_path_factory.mktemp("bench")
    manifest.write(folder, CASES)
    (folder / "service").mkdir()
    with Service(folder / "service") as service:
        keys = collecting.make_keys(service, ["open"])
        play(folder, CASES, service.url("otlp_http"), keys)
        joined = collecting.joined(folder)
        (team,) = joined["team"].trace_ids

        def stored() -> int:
            with collecting.client(service, keys["open"]) as caller:
                answer = caller.get(f"/traces/{team}")
            return len(answer.json()["spans"]) if answer.is_success else 0

        until(lambda: stored() >= SPANS_OF_TEAM, 60, lambda: f"{stored()} spans")
        found = collecting.findings(service, keys["open"])
        return score(CASES, faults(), joined, found), stored()


def test_every_case_is_played_and_its_traces_are_known(played: tuple[Score, int]) -> None:
    found, _ = played

    assert [each.id for each in found.cases] == [each.id for each in CASES]
    assert all(found.traces([each]) == 1 for each in found.cases)


def test_faults_take_hold_and_nothing_else_does(played: tuple[Score, int]) -> None:
    found, _ = played

    held = [each.id for each in found.cases if found.joined[each.id].held_at]

    assert held == ["loop", "route", "paid", "killed"]


def test_the_spans_of_a_case_arrive_whole(played: tuple[Score, int]) -> None:
    _, stored = played

    assert stored == SPANS_OF_TEAM


def test_clean_runs_raise_no_finding(played: tuple[Score, int]) -> None:
    found, _ = played

    assert found.wrong_about(found.of(faulty=False)) == []
