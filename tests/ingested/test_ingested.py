"""Every capture and every shared fixture goes in, and comes out as a person reads it: docs/ingested.md.

The fixtures are not committed: where they are not, their tests are skipped.
"""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from tests.ingested.expected import expected, read
from tests.ingested.page import PAGE, SHARED, captures_part, fixtures_part, parts_of
from tests.ingested.payload import NoPayload, Payload
from tests.ingested.produced import Produced, produce
from tests.ingested.sources import FIXTURES, captures, fixtures, provenance, twins

FOLDER = SHARED / FIXTURES
CAPTURES = captures()
OTHERS = list(fixtures(FOLDER)) if FOLDER.is_dir() else []
TWINS = twins(SHARED / "captures") if FOLDER.is_dir() else []
with_fixtures = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"{FOLDER} is not there")


class Run(NamedTuple):
    """What each payload became, by its name."""

    captures: Mapping[str, Produced]
    others: Mapping[str, Produced]
    twins: Mapping[str, Produced]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """All payloads through one receiver and one store."""
    produced = iter(produce([*CAPTURES, *OTHERS, *TWINS], tmp_path_factory.mktemp("ingested") / "data"))
    return Run(*({one.name: next(produced) for one in group} for group in (CAPTURES, OTHERS, TWINS)))


def test_everything_of_a_capture_is_accepted_and_stored(run: Run) -> None:
    for capture in CAPTURES:
        produced = run.captures[capture.name]
        assert produced.answers == {"ok": len(capture.requests)}
        assert (produced.reports, produced.logs) == (capture.spans, capture.log_records)


def test_the_page_says_what_the_captures_produced(run: Run) -> None:
    part, _ = parts_of(PAGE.read_text(encoding="utf-8"))

    assert part == captures_part(CAPTURES, run.captures.values()), "run `make ingested`"


@with_fixtures
def test_everything_of_a_fixture_is_accepted_and_stored(run: Run) -> None:
    payloads = [one for one in OTHERS if isinstance(one, Payload)]
    sent = {one.name: ({"ok": 1}, one.spans) for one in payloads}

    assert {name: (run.others[name].answers, run.others[name].reports) for name in sent} == sent


@with_fixtures
def test_a_fixture_reads_as_a_person_reads_it(run: Run) -> None:
    names = [one.name for one in OTHERS if isinstance(one, Payload)]

    differences = {name: (read(run.others[name]), expected(name)) for name in names}

    assert {name: pair for name, pair in differences.items() if pair[0] != pair[1]} == {}


@with_fixtures
def test_every_project_of_the_fixtures_has_a_payload() -> None:
    payloads = {one.name.partition("/")[0] for one in OTHERS if isinstance(one, Payload)}

    assert payloads == {project.name for project in FOLDER.iterdir()}


@with_fixtures
def test_a_file_without_a_payload_stores_nothing(run: Run) -> None:
    for one in OTHERS:
        if isinstance(one, NoPayload):
            assert (run.others[one.name].reports, run.others[one.name].logs) == (0, 0)


@with_fixtures
def test_the_page_says_what_the_fixtures_produced(run: Run) -> None:
    _, part = parts_of(PAGE.read_text(encoding="utf-8"))

    assert part == fixtures_part(OTHERS, run.others.values(), provenance(FOLDER)), "run `make ingested`"


@with_fixtures
def test_a_capture_as_json_produces_what_it_does_as_protobuf(run: Run) -> None:
    as_json = {name: read(produced) for name, produced in run.twins.items()}

    assert len(as_json) > 0
    assert as_json == {name: read(run.captures[name]) for name in as_json}


@with_fixtures
def test_the_captures_here_are_those_of_the_shared_folder() -> None:
    ours = {capture.name: [request.body for request in capture.requests] for capture in CAPTURES}
    shared = {one.name: [request.body for request in one.requests] for one in captures(SHARED / "captures")}

    assert {name: bodies for name, bodies in shared.items() if bodies and ours[name] != bodies} == {}
