"""Where an error began, how it travelled, how it came out; and what only looks like an error of its own."""

from typing import Any

import pytest

from analytics.chains.chain import Chain
from analytics.chains.chains_in import chains_in
from analytics.chains.work_span import WorkSpan

NS = 1_000_000_000


def span(number: int, parent: int = 0, *, at: tuple[float, float] | None = None, **said: Any) -> WorkSpan:
    """Return a span that ends earlier the deeper it is, as calls do; `error` fails it."""
    error = said.pop("error", "")
    begin, end = at or (number, 100 - number)
    known: dict[str, Any] = {
        "kind": "tool", "name": f"call {number}", "agent": "", "tool": "", "model": "", "cancelled": False,
    }  # fmt: skip
    return WorkSpan(
        span_id=f"{number:016x}",
        parent_span_id=f"{parent:016x}" if parent else "",
        failed=bool(error),
        error_type=error,
        error_text=said.pop("text", error),
        message=error,
        start_ns=int(begin * NS),
        end_ns=int(end * NS),
        **(known | said),
    )


def only(*spans: WorkSpan) -> Chain:
    (chain,) = chains_in(spans)
    return chain


def ids(spans: Any) -> list[int]:
    return [int(span.span_id, 16) for span in spans]


def test_an_error_is_followed_from_the_leaf_to_the_root() -> None:
    chain = only(
        span(1, error="E", agent="lead", kind="agent"),
        span(2, 1, error="E", agent="buyer", kind="agent"),
        span(3, 2, error="Timeout", agent="buyer", tool="pay"),
    )

    assert (chain.outcome, chain.stopped_at) == ("root failed", None)
    assert ids(chain.hops) == [3, 2, 1]
    assert chain.origin.label == "pay"
    assert chain.transformed
    assert chain.agents == ("buyer", "lead")


REFUSED = "Error code: 400 - the context length is exceeded"


def let_through(*more: WorkSpan, above: str = f"Error in agent run: {REFUSED}") -> list[Chain]:
    """As OpenInference's OpenAI Agents: a turn says nothing of what went through it."""
    return chains_in(
        [
            span(1, error=f"BadRequestError: {REFUSED}", at=(0, 10)),
            span(2, 1, kind="chain", at=(1, 9)),
            span(3, 2, error=above, agent="analyst", kind="agent", at=(2, 8)),
            span(4, 3, agent="analyst", kind="chain", at=(3, 5)),
            span(5, 4, error=f"Error getting response: {REFUSED}", agent="analyst", kind="llm", at=(4, 5)),
            *more,
        ]
    )


def test_what_holds_others_lets_an_error_through_to_what_failed_of_the_same() -> None:
    (chain,) = let_through()

    assert ids(chain.hops) == [5, 3, 1]
    assert (chain.outcome, chain.transformed) == ("root failed", False)


def test_not_to_what_failed_of_something_else() -> None:
    assert [ids(chain.hops) for chain in let_through(above="the budget is spent")] == [[5], [3], [1]]


def test_nor_where_somebody_went_on_after_it() -> None:
    chains = let_through(span(6, 3, agent="analyst", kind="chain", at=(6, 7)))

    assert [ids(chain.hops) for chain in chains] == [[5], [3, 1]]


def test_a_parent_that_did_not_fail_contained_it() -> None:
    chain = only(span(1, agent="lead", kind="agent"), span(2, 1, error="E", agent="buyer"))

    assert chain.outcome == "contained"
    assert chain.stopped_at is not None
    assert ids([chain.stopped_at]) == [1]
    assert chain.agents == ("buyer", "lead")
    assert not chain.transformed


def test_a_later_attempt_that_went_well_is_a_retry() -> None:
    calls = [
        span(n, 1, at=(n, n + 0.5), tool="pay", error=error) for n, error in ((2, "E"), (3, "E"), (4, ""))
    ]

    chain = only(span(1), *calls)

    assert chain.outcome == "retried"
    assert ids(chain.origins) == [2, 3]


def test_an_attempt_before_or_of_something_else_is_no_retry() -> None:
    other = span(4, 1, at=(4, 5), tool="refund")
    before = span(5, 1, at=(1, 1.5), tool="pay")

    assert only(span(1), span(2, 1, at=(2, 3), tool="pay", error="E"), other, before).outcome == "contained"


def test_one_error_in_many_siblings_is_one_chain() -> None:
    workers = [span(n, 1, error="RateLimited") for n in (2, 3, 4)]

    chain = only(span(1, error="RateLimited"), *workers)

    assert ids(chain.origins) == [4, 3, 2]
    assert chain.outcome == "root failed"


def test_two_errors_are_two_chains_in_the_order_in_which_they_happened() -> None:
    first, second = chains_in([span(1, error="E"), span(2, 1, error="A"), span(3, 1, error="B")])

    assert (first.origin.error_type, second.origin.error_type) == ("B", "A")


def test_a_sibling_cancelled_after_the_failure_is_collateral_with_all_below_it() -> None:
    chain = only(
        span(1, error="E"),
        span(2, 1, at=(2, 10), error="Boom"),
        span(3, 1, at=(2, 11), error="CancelledError", cancelled=True),
        span(4, 3, at=(3, 10.9), error="CancelledError", cancelled=True),
    )

    assert ids(chain.origins) == [2]
    assert [int(one, 16) for one in chain.collateral] == [3, 4]


@pytest.mark.parametrize("at", [(2, 9), (12, 13)], ids=["before the failure", "begun after it"])
def test_a_sibling_cancelled_at_another_time_is_an_origin_of_its_own(at: tuple[float, float]) -> None:
    spans = [
        span(1, error="E"),
        span(2, 1, at=(2, 10), error="Boom"),
        span(3, 1, at=at, error="C", cancelled=True),
    ]

    assert len(chains_in(spans)) == 2


def test_what_is_above_and_has_not_arrived_is_unknown() -> None:
    assert only(span(2, 99, error="E")).outcome == "unknown"


def test_parents_in_a_circle_end() -> None:
    chains = chains_in(
        [span(1, 2, error="E"), span(2, 1, error="E"), span(3, 3, error="E"), span(4, 1, error="E")]
    )

    assert [ids(chain.hops) for chain in chains] == [[4, 1, 2], [3]]


def test_a_trace_without_errors_has_none() -> None:
    assert chains_in([span(1), span(2, 1)]) == []


def test_cost_is_linear_in_spans() -> None:
    deep = [span(n, n - 1, error="E") for n in range(1, 3_000)]
    wide = [span(n, 1, error=f"E{n % 50}") for n in range(3_000, 20_000)]

    assert len(chains_in([*deep, *wide])) == 51
