"""What is said of suspects, and of what came of what they gave."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.api.models import Aftermath, ListedSpan
from dashboard.presentation.aftermath import came_of, way
from dashboard.presentation.suspect import is_shown_by_itself, remarks, suspect_cards, why_asked
from tests.dashboard import fleet
from tests.dashboard.big_trace import big_trace
from tests.dashboard.suspected import suspects


def span(short_id: str, agent: str | None, kind: str = "agent", tool: str | None = None) -> ListedSpan:
    name = f"execute_tool {tool}" if tool else f"invoke_agent {agent}"
    return fleet.span(start_s=9, short_id=short_id, agent=agent, kind=kind, tool=tool, name=name)


SPANS = {
    one.span_id.lstrip("0"): one
    for one in (
        span("1", "planner"),
        span("2", "lead"),
        span("3", "buyer"),
        span("4", "buyer", "tool", "pay_invoice"),
        span("5", "planner", "tool", "look_up"),
        span("6", "shipper"),
    )
}


def said(
    way_of: str, outcome: str | None, *, consumer: str = "", boundary: int | None = 0, **hop: Any
) -> str:
    """Return the sentence of a way such as `1 3 4`."""
    seed = f"{way_of[0]:0>16}"
    found = aftermath(way_of, outcome, consumer=consumer, boundary=boundary, **hop)
    return came_of(found, seed, {span.span_id: span for span in SPANS.values()})


def aftermath(
    way_of: str, outcome: str | None, *, consumer: str, boundary: int | None, **hop: Any
) -> Aftermath:
    ids = [f"{place:0>16}" for place in way_of.split()]
    known = {"channel": "value", "shared": "inv-7731, 4711"} | hop
    return Aftermath.model_validate(
        {
            "way": [
                {"source": source, "target": target, **known} for source, target in itertools.pairwise(ids)
            ],
            "outcome": outcome,
            "consumer": f"{consumer:0>16}" if consumer else None,
            "boundary": boundary,
        }
    )


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        pytest.param(
            said("1 3 4", "acted", consumer="3"),
            "planner's answer went to buyer (inv-7731, 4711), who called pay_invoice with it. "
            "A check of what planner hands to buyer could have stopped it.",
            id="a call that changes something was made with it",
        ),
        pytest.param(
            said("1 2 6 3 4", "failed", consumer="2"),
            "planner's answer went to lead (inv-7731, 4711) and over shipper to buyer, whose pay_invoice "
            "failed. A check of what planner hands to lead could have stopped it.",
            id="what took it in failed, over others",
        ),
        pytest.param(
            said("1 3", "failed", consumer="2"),
            "planner's answer went to buyer (inv-7731, 4711), who failed. lead took it in first. "
            "A check of what planner hands to buyer could have stopped it.",
            id="somebody beside the way took it in first",
        ),
        pytest.param(
            said("3 2 1", "answered", consumer="2", channel="prose", shared="two gates were open in May"),
            "buyer's answer went to lead (\"two gates were open in May\"), and stands in the trace's answer. "
            "A check of what buyer hands to lead could have stopped it.",
            id="it stands in the answer",
        ),
        pytest.param(
            said("1 3", None, consumer="3"),
            "planner's answer went to buyer (inv-7731, 4711). No bad outcome of it is seen.",
            id="nothing bad is seen",
        ),
        pytest.param(
            said("5 1 3 4", "acted", consumer="3", boundary=1),
            "look_up's answer went to planner (inv-7731, 4711) and on to buyer, who called pay_invoice with "
            "it. A check of what planner hands to buyer could have stopped it.",
            id="what a tool gave is the tool's answer",
        ),
        pytest.param(
            said("3 4", "acted", boundary=None),
            "buyer's answer went into its own call of pay_invoice (inv-7731, 4711). "
            "It was handed to nobody else, so no check between agents could have stopped it.",
            id="it never left its agent",
        ),
        pytest.param(
            said("3 4", "failed", boundary=None, channel="explicit", shared=""),
            "buyer's answer went into pay_invoice, which failed. "
            "It was handed to nobody else, so no check between agents could have stopped it.",
            id="nothing is quoted where nothing is shared but an id",
        ),
        pytest.param(
            said("1", None),
            "Nothing of what planner gave is seen to have been taken in.",
            id="nobody took it in",
        ),
        pytest.param(
            said("1 9", "failed", consumer="9"),
            "planner's answer went to a call that is not shown (inv-7731, 4711), who failed. "
            "A check of what planner hands to a call that is not shown could have stopped it.",
            id="it is in a part of the trace that is not shown",
        ),
    ],
)
def test_what_came_of_it_in_one_sentence(sentence: str, told: str) -> None:
    assert sentence == told


def test_of_several_hops_each_says_what_both_ends_have() -> None:
    spans = {span.span_id: span for span in SPANS.values()}
    several = aftermath("1 3 4", "acted", consumer="3", boundary=0, shared="4711")
    explicit = aftermath("1 3 4", "acted", consumer="3", boundary=0, channel="explicit", shared="")

    assert way(several, spans) == [("planner to buyer", "4711"), ("buyer to pay_invoice", "4711")]
    assert way(explicit, spans)[1] == ("buyer to pay_invoice", "the id of the call")
    assert (
        way(aftermath("3 2 1", "answered", consumer="2", boundary=0), spans)[1][0]
        == "lead to the trace's answer"
    )
    assert way(aftermath("1 3", "failed", consumer="3", boundary=0), spans) == []


@given(
    st.lists(st.sampled_from("123459"), min_size=1, max_size=7), st.sampled_from(["acted", "failed", None])
)
def test_every_way_is_said(places: list[str], outcome: str | None) -> None:
    boundary = 0 if len(places) > 1 else None

    assert said(" ".join(places), outcome, consumer=places[-1], boundary=boundary).endswith((".", "seen."))


def test_suspects_stand_in_order_with_their_evidence_and_what_is_weaker_says_so() -> None:
    trace = fleet.trace("failed")

    first, second, third = suspect_cards(suspects(trace), trace)

    assert (first.rank, first.title, first.what, first.grade) == (
        1,
        "researcher",
        "chat claude-sonnet",
        "confirmed",
    )
    assert first.evidence == [
        ("Hard error", "what it asked for failed when search_web ran it: no answer within 20 s"),
        ("Ungrounded value", 'says "4.2 M users", which nobody had said (probable)'),
    ]
    assert first.goal == trace.spans[0].span_id
    assert (second.came_of, second.goal) == (
        "Nothing of what planner gave is seen to have been taken in.",
        "",
    )
    assert (third.grade, third.is_prior, third.came_of) == ("no evidence", True, "")
    assert "a prior, no evidence" in third.evidence[0][1]


def test_only_what_failed_and_is_over_is_looked_at_unasked() -> None:
    failed, running, big = fleet.trace("failed"), fleet.trace("stuck"), big_trace(1_001)
    big.summary = failed.summary
    fine = failed.model_copy(update={"summary": failed.summary.model_copy(update={"status": "ok"})})

    assert is_shown_by_itself(failed)
    assert not is_shown_by_itself(running)
    assert why_asked(running) == "It is not over yet: what is there so far can be looked at."
    assert not is_shown_by_itself(big)
    assert "to look at them takes some seconds" in why_asked(big)
    assert why_asked(fine) == "By its status it did not fail, and may have gone wrong all the same."


def test_what_was_not_looked_at_is_said() -> None:
    trace = fleet.trace("stuck")
    looked = suspects(trace)
    nobody = looked.model_copy(update={"items": [], "spans": 2, "spans_with_content": 2})

    assert remarks(looked, trace, fleet.NOW, fleet.NOW)[0].startswith("No content is captured of this trace")
    assert remarks(nobody, trace, fleet.NOW, fleet.NOW) == [
        "The first 2 spans of 12 were looked at.",
        "As of 14:03:11 UTC.",
        "Nothing speaks against any span of it. It may have gone wrong in a way that looks normal.",
    ]
