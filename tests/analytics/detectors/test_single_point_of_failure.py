"""What no trace survives the failure of, and what is survived, or fails too seldom to say."""

from dataclasses import replace
from typing import Any

import pytest

from analytics.detectors.single_point_of_failure import SinglePointOfFailure
from collector.store.store import Store
from tests.analytics.detectors.past_traces import Part, Past, agent, failing, model, tool


@pytest.fixture
def past(store: Store, load: Any) -> Past:
    return Past(store, load, SinglePointOfFailure())


CHARGE = tool("charge_card")
FAILED = failing(CHARGE)


def checkout(*below: Part) -> Part:
    return agent("checkout", *below)


def failed(*below: Part) -> Part:
    return replace(checkout(*below), error="no answer")


PASSED = [checkout(model("gpt-5"), CHARGE)] * 60


def test_a_tool_that_all_traces_need_and_none_survives(past: Past) -> None:
    past.add([*PASSED, *[failed(model("gpt-5"), FAILED)] * 20])

    (finding,) = past.look().findings

    assert (finding.severity, finding.grade) == ("S4", "probable")
    assert finding.title == (
        "invoke_agent checkout fails whenever the tool charge_card fails:"
        " of 20 such traces none succeeded, and nothing else was tried"
    )
    assert finding.evidence["succeeded"]["n"] == 60
    assert finding.evidence["failed_with_it"] == {"n": 20, "succeeded": 0, "succeeded_share_at_most": 0.1611}
    assert len(finding.trace_ids) == len(finding.span_ids) == 5


def test_the_one_that_fails_is_named_not_those_that_pass_it_on(past: Past) -> None:
    through = [checkout(agent("payer", CHARGE))] * 60
    past.add([*through, *[failed(failing(agent("payer", FAILED)))] * 20])

    (finding,) = past.look().findings

    assert finding.evidence["node"] == {"role": "tool", "name": "charge_card"}


def test_an_agent_that_fails_by_itself_is_named(past: Past) -> None:
    through = [checkout(agent("payer", CHARGE))] * 60
    past.add([*through, *[failed(failing(agent("payer", CHARGE)))] * 20])

    (finding,) = past.look().findings

    assert finding.agents == ["payer"]
    assert finding.title.startswith("invoke_agent checkout fails whenever payer fails")


def test_a_model_is_named_and_not_its_provider_too(past: Past) -> None:
    past.add([*PASSED, *[failed(failing(model("gpt-5")))] * 20])

    (finding,) = past.look().findings

    assert finding.evidence["node"] == {"role": "model", "name": "gpt-5"}


def test_a_provider_of_several_models_is_named_when_each_of_them_fails_with_it(past: Past) -> None:
    through = [checkout(model(f"gpt-{number % 3}")) for number in range(60)]
    past.add([*through, *[failed(failing(model(f"gpt-{number % 3}"))) for number in range(18)]])

    (finding,) = past.look().findings

    assert finding.evidence["node"] == {"role": "provider", "name": "openai"}


def test_of_few_failures_it_is_only_suspected(past: Past) -> None:
    past.add([*PASSED, *[failed(FAILED)] * 5])

    (finding,) = past.look().findings

    assert (finding.grade, finding.certain) == ("suspected", False)


LOOK_ALIKES = [
    pytest.param(PASSED, id="what never failed"),
    pytest.param([*PASSED, *[failed(FAILED)] * 4], id="too few failures"),
    pytest.param([*PASSED[:30], *[failed(FAILED)] * 20], id="too few that succeed"),
    pytest.param([*PASSED, *[checkout(FAILED, CHARGE)] * 20], id="a retry that helps"),
    pytest.param(
        [*PASSED, *[checkout(FAILED, tool("charge_account"))] * 20], id="a tool with another that takes over"
    ),
    pytest.param(
        [*PASSED, *[failed(FAILED, failing(tool("charge_account")))] * 20],
        id="another was tried, and failed too",
    ),
    pytest.param(
        [*PASSED, *[failed(failing(model("gpt-5")), model("o3"))] * 20], id="another model was asked"
    ),
    pytest.param(
        [*PASSED, *[checkout(model("gpt-5"))] * 20, *[failed(FAILED)] * 20], id="many do without it"
    ),
    pytest.param([*PASSED, *[failed(model("gpt-5"), CHARGE)] * 20], id="the root fails by itself"),
    pytest.param([*PASSED, *[failed(FAILED)] * 20, *[checkout(FAILED)] * 3], id="some succeed all the same"),
]


@pytest.mark.parametrize("roots", LOOK_ALIKES)
def test_what_can_fail_without_the_trace_or_is_not_known_to_is_not_told(
    past: Past, roots: list[Part]
) -> None:
    past.add(roots)

    assert not past.look().findings


def test_traces_of_other_kinds_and_projects_do_not_count(past: Past) -> None:
    past.add(PASSED, project="one")
    past.add([failed(FAILED)] * 20, project="two")
    past.add([*PASSED, *[replace(failed(FAILED), name="refund")] * 20], project="three")

    assert not past.look().findings


def test_one_finding_keeps_its_name_and_may_come_back(past: Past) -> None:
    past.add([*PASSED, *[failed(FAILED)] * 20])
    (finding,) = past.look().findings

    outcome = past.look(frozenset({("default", finding.fingerprint), ("default", "gone")}))

    assert outcome.findings[0].fingerprint == finding.fingerprint
    assert outcome.resolutions["default", "gone"].word == "progressed"
