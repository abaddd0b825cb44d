"""What came of what somebody gave: the way, who took it in first, where a check would have stopped it."""

from analytics.flow.aftermath import Aftermath, Outcome, aftermath
from analytics.flow.flows_in import flows_in
from analytics.flow.said import Said
from tests.analytics.flow.test_flows_in import PROSE, said

SEED, CODER, PAYMENT, ROOT = (f"{number:016x}" for number in (1, 2, 3, 9))


def followed(spans: list[Said], outcomes: dict[str, Outcome], seed: str = SEED) -> Aftermath:
    return aftermath(seed, flows_in(spans), {one.span_id: one for one in spans}, outcomes)


def paid() -> list[Said]:
    """The planner names an order, the coder hands it on, and it is paid; the root tells."""
    root = said(9, given="Paid ORD-1234 with TX-99887", agent="", start_ns=0, end_ns=10**11)
    return [
        said(1, given="the order is ORD-1234", agent="planner", above=frozenset({ROOT})),
        said(2, "pay ORD-1234", "the order is ORD-1234", agent="coder", above=frozenset({ROOT})),
        said(3, "TX-99887", "pay ORD-1234", agent="coder", above=frozenset({ROOT})),
        root,
    ]


def test_the_way_to_the_first_bad_outcome() -> None:
    found = followed(paid(), {PAYMENT: "acted", ROOT: "answered"})

    assert (found.outcome, found.consumer, found.boundary) == ("acted", CODER, 0)
    assert (found.way[0].flow.source, found.way[-1].flow.target) == (SEED, PAYMENT)
    assert found.way[0].shared == "ord-1234"


def test_where_nothing_bad_is_reached_the_way_ends_with_who_took_it_in() -> None:
    found = followed(paid(), {})

    assert (found.outcome, found.consumer) == (None, CODER)
    assert [hop.flow.target for hop in found.way] == [CODER]


def test_an_answer_is_bad_only_if_nothing_was_before() -> None:
    assert followed(paid(), {ROOT: "answered"}).outcome == "answered"


def test_prose_is_quoted() -> None:
    spans = [said(1, given=PROSE), said(2, taken=f"Note: {PROSE}")]

    found = followed(spans, {CODER: "failed"})

    assert found.way[0].shared.startswith("The northern reservoir lost a third of its water")
    assert len(found.way[0].shared) <= 160


def test_what_stayed_with_one_agent_has_no_boundary() -> None:
    spans = [said(1, given="ORD-1234", agent="coder"), said(2, taken="ORD-1234", agent="coder")]

    found = followed(spans, {CODER: "failed"})

    assert (found.outcome, found.consumer, found.boundary) == ("failed", "", None)


def test_what_nobody_took_in_has_none() -> None:
    assert followed([said(1, given="ORD-1234")], {}) == Aftermath((), None, "", None)
    assert followed(paid(), {}, seed="f" * 16) == Aftermath((), None, "", None)
