"""What speaks for calls that answer the same each time."""

from typing import Any

import pytest

from analytics.detectors.loop import Loop
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import looked
from tests.analytics.detectors.test_loop import cycling, failing


@pytest.mark.parametrize(
    ("talk", "note"),
    [
        pytest.param(cycling(6, ("get_job", "7", "queued")), "is not there yet", id="not there yet"),
        pytest.param(cycling(6, ("click", "next", "ok")), "only that it was done", id="acknowledged"),
        pytest.param(
            cycling(6, ("get_job", "7", "queued"), ("read", "log", "warming the caches of this shop")),
            "is not there yet",
            id="one of two is not there yet",
        ),
        pytest.param(
            cycling(6, ("click", "next", "ok"), ("read", "page", "the same old page")),
            "rightly be called again",
            id="done, and what is read after it is the same: no page was turned",
        ),
        pytest.param(failing(6, model=True), "rightly be called again", id="an error is no acknowledgement"),
    ],
)
def test_the_finding_says_why_it_may_be_none(store: Store, load: Any, talk: Conversation, note: str) -> None:
    load(*talk.running())

    (finding,) = looked(Loop(), store).findings

    assert note in finding.evidence["false_positive_note"]
    assert finding.grade == ("confirmed" if "rightly" in note else "suspected")
