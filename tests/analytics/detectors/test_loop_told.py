"""A loop from first look to last, as the ledger takes it in: opened at once, resolved, and never again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.detectors.detector import Window
from analytics.detectors.loop import Loop
from analytics.findings.ledger import Changes, FindingLedger
from analytics.state.database import open_state
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import looked
from tests.analytics.rows import NOW

LOOP = Loop()


@pytest.fixture
def ledger(tmp_path: Path) -> FindingLedger:
    return FindingLedger(open_state(f"sqlite:///{tmp_path / 'state.db'}"), [])


def look(store: Store, ledger: FindingLedger, number: int) -> Changes:
    watched = frozenset((finding.project, finding.fingerprint) for finding in ledger.open("loop"))
    outcome = looked(LOOP, store, Window(NOW, watched))
    at = NOW + timedelta(seconds=15 * number)
    return ledger.reconcile("loop", outcome.findings, at, outcome.resolutions)


def search(talk: Conversation, times: int) -> None:
    for _ in range(times):
        talk.model("search")
        talk.tool("search", {"q": "ttl"}, "see the manual")


def test_a_loop_opens_at_the_first_look_and_ends_once(store: Store, load: Any, ledger: FindingLedger) -> None:
    talk = Conversation()
    search(talk, 5)
    load(*talk.running())
    assert len(look(store, ledger, 0).opened) == 1
    assert len(look(store, ledger, 1).updated) == 1

    search(talk, 2)
    load(*talk.ended())
    assert len(look(store, ledger, 2).resolved) == 1
    assert look(store, ledger, 3) == Changes((), (), ())
    assert ledger.list("default").items[0].resolution == "The trace ended after 7 times."


def test_a_loop_of_a_trace_that_has_ended_already_is_told_and_then_over(
    store: Store, load: Any, ledger: FindingLedger
) -> None:
    talk = Conversation()
    search(talk, 5)
    load(*talk.ended())

    assert len(look(store, ledger, 0).opened) == 1
    assert len(look(store, ledger, 1).resolved) == 1
    assert look(store, ledger, 2) == Changes((), (), ())
