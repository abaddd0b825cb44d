"""What the manifest says of a run."""

from bench.detectors.fault import faults
from bench.detectors.truth import Truth, truth_of

SAID = faults("errors")


def test_the_way_of_an_error_goes_on_to_the_steps_of_the_application() -> None:
    found = truth_of(SAID["chain_of_three"].truth, "plain", faulty=True)

    assert found.path == ("driver", "dispatcher", "invoke_workflow delivery")
    assert found.edges == {("driver", "dispatcher"), ("dispatcher", "invoke_workflow delivery")}


def test_a_crew_stands_between_its_agent_and_the_application() -> None:
    found = truth_of(SAID["refused_by_model"].truth, "crewai", faulty=True)

    assert found.path == ("analyst", "analyst.kickoff", "invoke_workflow report")


def test_a_clean_pair_is_paid_once_and_nothing_else_is_true_of_it() -> None:
    assert truth_of(SAID["paid_by_two"].truth, "plain", faulty=False) == Truth(payments=1)
    assert truth_of(SAID["chain_of_three"].truth, "plain", faulty=False) == Truth()
