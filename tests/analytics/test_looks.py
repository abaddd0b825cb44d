"""What a look leaves out is looked at later, by this process or by the next."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from analytics.assembly.assembler import Assembler
from analytics.detectors import DETECTORS, loop
from analytics.detectors.detector import OPEN_EVERY_S, Outcome, Window
from analytics.detectors.loop import Loop
from analytics.detectors.source import Source
from analytics.findings.finding import Finding
from analytics.looks import BACKLOG_US, Assembled, Looks
from collector.store.store import Store
from tests.analytics.detectors.looking import UNLEARNED, assembled
from tests.analytics.detectors.test_loop import repeating
from tests.analytics.rows import insert, step

NEWEST = 2_000_000_000_000_000


class Ledger:
    """Notes by look what was found."""

    def __init__(self) -> None:
        self.told: list[list[Finding]] = []

    def open(self, *_: object) -> list[Any]:
        return []

    def reconcile(self, _name: str, findings: list[Finding], *_: object) -> None:
        self.told.append(findings)

    @property
    def projects(self) -> list[list[str]]:
        """By look the projects in which something was found."""
        return [[finding.project for finding in findings] for findings in self.told]


class Crowded:
    """A detector that has no room for all that changed."""

    name, sql, every_s = "crowded", "SELECT 1 AS one", 15.0

    def __init__(self, *left_out: int) -> None:
        self.began_after: list[int] = []
        self.left_out = list(left_out)

    def parameters(self, window: Window) -> dict[str, object]:
        self.began_after.append(window.changed_version)
        return {}

    def detect(self, *_: object) -> Outcome:
        left_out = self.left_out.pop(0)
        return Outcome(findings=[], partial=left_out > 0, left_out_version=left_out)


class Telling:
    """A detector that tells of a silent source, and notes which it was told of."""

    every_s = 2.0

    def __init__(self, name: str, sql: str = "SELECT 1 AS one") -> None:
        self.name, self.sql = name, sql
        self.told: list[frozenset[Source]] = []

    def parameters(self, _window: Window) -> dict[str, object]:
        return {}

    def detect(self, _rows: object, window: Window, _limits: object) -> Outcome:
        self.told.append(window.silent)
        return Outcome(findings=[], silent=frozenset({Source(self.name)}))


def look(looks: Looks, version: int) -> None:
    looks._due_s.update(dict.fromkeys(looks.names, 0.0))
    looks.take_turns(Assembled(datetime.now(UTC), version), every_s_max=3600)


def looking(store: Store, detector: Any, ledger: Any, version: int) -> Looks:
    return Looks(store, ledger, [detector], UNLEARNED, version, lambda: 0.0)


def test_a_project_takes_no_room_of_another_and_its_rest_is_looked_at_later(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger()
    assembler = Assembler(store)
    looks = looking(store, Loop(), ledger, assembler.version)
    for project in ("crowded", "crowded", "crowded", "crowded", "shop"):
        load(*repeating(8 if project == "crowded" else 6).ended(), project=project)
        assembler.run_once()
    monkeypatch.setattr(loop, "ROWS_MAX", 40)

    for _ in range(4):
        look(looks, assembler.version)

    assert ledger.projects[0] == ["crowded", "shop"]
    fingerprints = {finding.fingerprint for findings in ledger.told for finding in findings}
    assert len(fingerprints) == 5
    assert not looks.last["loop"].partial


@pytest.mark.parametrize(
    ("left_out", "begins_after"),
    [
        pytest.param(0, NEWEST, id="nothing was left out"),
        pytest.param(NEWEST - 1_000, NEWEST - 1_001, id="it goes on with the first that was left out"),
        pytest.param(NEWEST - BACKLOG_US - 5, NEWEST - BACKLOG_US, id="not with what was for too long"),
        pytest.param(NEWEST + 7, NEWEST, id="what came since is new"),
    ],
)
def test_the_next_look_begins_with_what_was_left_out(store: Store, left_out: int, begins_after: int) -> None:
    detector = Crowded(left_out, 0)
    looks = looking(store, detector, Ledger(), NEWEST - 2 * BACKLOG_US)

    look(looks, NEWEST)
    look(looks, NEWEST)

    assert detector.began_after[1] == begins_after


def test_a_look_that_gets_no_further_is_not_made_again(store: Store) -> None:
    """More was written at once than there is room for."""
    detector = Crowded(NEWEST - 10, NEWEST - 10, 0)
    looks = looking(store, detector, Ledger(), NEWEST)

    for _ in range(3):
        look(looks, NEWEST)

    assert detector.began_after[1:] == [NEWEST - 11, NEWEST - 10]


def test_what_was_assembled_and_not_looked_at_before_a_stop_is_looked_at_after_it(
    store: Store, load: Any
) -> None:
    load(*repeating(6).ended())
    assembled(store)
    ledger = Ledger()
    version = Assembler(store).version

    look(looking(store, Loop(), ledger, version), version)

    assert ledger.projects == [["default"]]


def test_what_one_finds_the_next_is_told_of_though_its_rows_were_read_before(store: Store) -> None:
    first, broken, last = Telling("first"), Telling("broken", "SELECT nothing"), Telling("last")
    looks = Looks(store, Ledger(), [first, broken, last], UNLEARNED, 0, lambda: 0.0)  # type: ignore[arg-type]

    looks.take_turns(Assembled(datetime.now(UTC), 0), every_s_max=2.0, reads_ahead=True)

    assert (first.told, broken.told, last.told) == ([frozenset()], [], [{Source("first")}])
    assert list(looks.last) == ["first", "last"]


EPOCH = datetime.fromtimestamp(0, UTC)
NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(hours=25)


class Watching(Ledger):
    """Something is found that is not over."""

    def open(self, *_: object) -> list[Any]:
        return [SimpleNamespace(project="shop", fingerprint="one", evidence={})]


@pytest.mark.parametrize(
    ("last_open", "version", "unfinished", "ledger", "asks"),
    [
        pytest.param(LONG_AGO, 7, (), Ledger(), False, id="nothing is open and nothing changed"),
        pytest.param(NOW - timedelta(hours=23), 7, (), Ledger(), True, id="something was reported open"),
        pytest.param(LONG_AGO, 8, (), Ledger(), True, id="what changed may have missed a deadline"),
        pytest.param(LONG_AGO, 7, ("a trace",), Ledger(), True, id="something is inferred to go on"),
        pytest.param(LONG_AGO, 7, (), Watching(), True, id="something is watched"),
    ],
)
def test_of_what_is_open_nothing_is_asked_where_nothing_is(
    store: Store,
    last_open: datetime,
    version: int,
    unfinished: tuple[Any, ...],
    ledger: Ledger,
    asks: bool,  # noqa: FBT001
) -> None:
    detector = Telling("of open spans", "SELECT arrayJoin([1, 2]) AS one")
    looks = looking(store, detector, ledger, BACKLOG_US + 7)
    looks.unfinished = unfinished
    rows: list[int] = []
    detector.detect = lambda found, *_: rows.append(len(found)) or Outcome(findings=[])  # type: ignore[method-assign,func-returns-value]

    looks.take_turns(Assembled(NOW, version, last_open=last_open), every_s_max=2.0)

    assert rows == [2 if asks else 0]
    assert "of open spans" in looks.last


@pytest.mark.parametrize("detector", [each for each in DETECTORS if each.every_s <= OPEN_EVERY_S])
def test_who_is_not_asked_would_have_found_no_row(store: Store, load: Any, detector: Any) -> None:
    load(*repeating(6).ended())
    assembled(store)
    late = step(1, ended_ago_s=10, duration_s=900, kind="wait", wait_timeout_s=60.0)
    insert(store, "steps", [late | {"version": Assembler(store).version}])

    window = Window(datetime.now(UTC), changed_version=Assembler(store).version)

    assert not store.query(detector.sql, detector.parameters(window))


def test_who_begins_knows_whether_anything_was_reported_open(store: Store, load: Any) -> None:
    assembler = Assembler(store)
    load(*repeating(1).ended())
    assembler.run_once()
    assert (assembler.last_open, Assembler(store).last_open) == (EPOCH, EPOCH)

    load(*repeating(1).running())
    assembler.run_once()

    assert assembler.last_open >= Assembler(store).last_open > NOW - timedelta(hours=1)
