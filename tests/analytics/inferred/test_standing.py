"""A ring of agents that export only what has ended: inferred, never confirmed, over when something comes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from analytics.detectors.deadlock import Deadlock
from analytics.detectors.detector import Outcome, Window
from analytics.inferred.unfinished import Unfinished
from tests.analytics.baselines.durations import limits
from tests.analytics.inferred.conftest import Infer
from tests.analytics.inferred.test_waits import asking

RING = (("planner", "ask_coder"), ("coder", "ask_tester"), ("tester", "ask_planner"))


def looked(unfinished: Sequence[Unfinished], *before: Outcome) -> Outcome:
    watched = frozenset((found.project, found.fingerprint) for look in before for found in look.findings)
    now = datetime.now(UTC) + timedelta(seconds=60)
    return Deadlock().detect([], Window(now, watched, unfinished=unfinished), limits())


def test_a_ring_of_calls_without_answers_is_probably_a_deadlock(inferred: Infer) -> None:
    outcome = looked(inferred(asking(*RING).body))

    (finding,) = outcome.findings
    assert (finding.grade, finding.severity, finding.certain) == ("probable", "S2", False)
    assert finding.agents == ["planner", "coder", "tester"]
    assert finding.title.startswith("planner, coder and tester seem to wait for each other in a ring since ")
    assert len(finding.trace_ids) == 1
    assert outcome.waits is not None
    assert all(edge.inferred for edge in outcome.waits.edges)


def test_it_is_found_again_while_it_holds_and_says_why_it_is_over(inferred: Infer) -> None:
    unfinished = inferred(asking(*RING).body)
    first = looked(unfinished)

    again, over = looked(unfinished, first), looked((), first)

    assert [found.fingerprint for found in again.findings] == [found.fingerprint for found in first.findings]
    assert not over.findings
    assert [resolution.word for resolution in over.resolutions.values()] == ["progressed"]


def test_calls_that_make_no_ring_are_no_deadlock(inferred: Infer) -> None:
    outcome = looked(inferred(asking(("planner", "ask_coder"), ("coder", "read_file")).body))

    assert not outcome.findings
