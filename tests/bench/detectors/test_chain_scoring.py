"""The score of errors that travel: what was found, set against what the manifest says."""

from dataclasses import replace
from typing import Any

from bench.detectors.chain_report import page
from bench.detectors.chain_scoring import ChainScore
from bench.detectors.fault import faults
from bench.detectors.manifest import Case
from bench.detectors.observed import Seen, SeenChain
from bench.detectors.scoring import Share, score
from bench.detectors.truth import truth_of
from tests.bench.detectors.cases import case, finding, joined

WAY = ["driver_plain", "dispatcher_plain", "invoke_workflow delivery"]


def planted(name: str, scenario: str, *, faulty: bool = True) -> Case:
    known = truth_of(faults()[scenario].truth, "plain", faulty=faulty)
    return replace(case(name, scenario, faulty=faulty), truth=known)


def chain(*path: str, agent: str = "driver_plain", call: str = "get_route") -> SeenChain:
    return SeenChain(path, agent, "tool", call, "root failed")


def seen(*chains: SeenChain, **more: Any) -> Seen:
    known: dict[str, Any] = {"agents": {}, "tools": 5, "failed": len(chains), "suspects": []}
    return Seen(chains=chains, **known | more)


def scored(cases: list[Case], seen_of: dict[str, Seen], *findings: Any) -> ChainScore:
    """Score cases, of each of which the trace is `t` and its id."""
    known = {each.id: replace(joined(each.id, f"t{each.id}"), ledger=each.truth.payments) for each in cases}
    return ChainScore(score(cases, faults(), known, findings), seen_of)


def test_edges_are_compared_by_name() -> None:
    cases = [planted("1", "chain_of_three"), planted("2", "chain_of_three"), planted("3", "refused_by_model")]
    edges = scored(cases, {"t1": seen(chain(*WAY)), "t2": seen(chain(*WAY[:2]), chain("x", "y"))}).edges()

    assert (edges.precision, edges.recall) == (Share(3, 4), Share(3, 5))
    assert edges.f1 == 6 / 9


def test_an_origin_is_right_if_no_other_is_told() -> None:
    cases = [planted(name, "chain_of_three") for name in "1234"]
    shown = {
        "t1": seen(chain(*WAY)),
        "t2": seen(chain(*WAY), chain(*WAY, call="another")),
        "t3": seen(chain(*WAY, agent="dispatcher_plain")),
        # nothing failed by its status: not explicit
        "t4": seen(),
    }

    assert scored(cases, shown).origins() == Share(1, 3)


def test_the_ledger_says_whether_a_confirmed_duplicate_is_one() -> None:
    cases = [planted("1", "paid_by_two"), planted("2", "paid_before_timeout")]
    found = [finding("duplicate_effect", "t1"), finding("duplicate_effect", "t2")]

    assert scored(cases, {}, *found).paid_twice() == Share(1, 2)


def test_a_case_of_which_the_ledger_says_otherwise_is_not_scored() -> None:
    one = planted("1", "paid_by_two")
    known = {"1": replace(joined("1", "t1"), ledger=1)}

    assert score([one], faults(), known, []).cases == []


def test_of_a_finding_about_several_traces_each_is_judged() -> None:
    cases = [planted("1", "swallowed_silent"), planted("2", "swallowed_silent", faulty=False)]
    result = scored(cases, {}, finding("swallowed_error", "t1", "t2", grade="suspected"))

    assert result.precision("swallowed_error") == Share(1, 2)
    assert result.recall("swallowed_error") == Share(1, 1)
    assert result.alarms(result.score.of(faulty=False)) == Share(1, 1)


def test_who_acted_on_it_is_compared_by_agent() -> None:
    cases = [planted("1", "swallowed_consumed"), planted("2", "swallowed_consumed")]
    took_in = "00000000000000aa"
    shown = {
        f"t{name}": seen(agents={took_in: who}) for name, who in (("1", "buyer_plain"), ("2", "quoter_plain"))
    }
    examples = [{"trace_id": f"t{name}", "consumer": took_in} for name in "12"]
    found = finding("swallowed_error", "t1", "t2", grade="probable", evidence={"examples": examples})

    assert scored(cases, shown, found).consumers() == Share(1, 2)


def test_clean_calls_are_counted_by_what_was_called() -> None:
    cases = [planted("1", "dropped_field", faulty=False), planted("2", "dropped_field", faulty=False)]
    shown = {"t1": seen(), "t2": seen(tools=7)}

    found = scored(cases, shown, finding("contract_break", "t2"))

    assert found.violations_of_clean() == Share(1, 12)


def test_the_page_says_what_was_read_otherwise() -> None:
    cases = [planted("1", "chain_of_three"), planted("2", "wrong_value")]
    shown = {"t1": seen(chain(*WAY[:2])), "t2": seen(suspects=["cashier_plain", "accountant_plain"])}

    lines = page(2, 2, {"plain": scored(cases, shown)}).splitlines()

    assert "| edges of error chains: F1 | .9 | 0.67 |" in lines
    assert "| wrong value: who said it is the first suspect |  | 0 % [0-79] of 1 |" in lines
    assert "| among three |  | 100 % [21-100] of 1 |" in lines
    wanted = "driver/get_route > dispatcher > invoke_workflow delivery: root failed"
    got = "driver/get_route > dispatcher: root failed"
    assert f"| plain | plain | chain_of_three | {wanted} | {got} | 1 |" in lines
