"""How far an error chain reached, in words."""

from typing import Any

from analytics.api.models import BlastRadius
from dashboard.presentation.blast_radius import at_least, at_most, between, reach_facts
from dashboard.wording.amount import count, tokens
from tests.dashboard.failing import failing, passed_on, radius


def changed(found: BlastRadius, **known: Any) -> BlastRadius:
    return found.model_copy(update=known)


def test_both_ends_are_said_where_they_differ() -> None:
    assert between(3, 12, count) == "between 3 and 12"
    assert between(12, 12, count) == "12"
    assert between(12_301, 12_304, tokens) == "12.3k", "written alike"
    assert between(0, 0, count) == ""


def test_what_nobody_recorded_is_left_out() -> None:
    found = radius(passed_on())
    least, most = (
        each.model_copy(update={"cost_usd": None, "tokens": None}) for each in (found.least, found.most)
    )

    names = [name for name, _ in reach_facts(changed(found, least=least, most=most))]

    assert names == ["Traces", "Sessions", "Users", "Agents", "Calls that change something"]


def test_what_somebody_told_of_reached_nobody_for_certain() -> None:
    facts = dict(reach_facts(radius(passed_on())))

    assert (facts["Traces"], facts["Cost after it"]) == ("between 0 and 2", "between $0.00 and $0.62")


def test_how_many_traces_were_read_and_counted_is_said() -> None:
    chain = failing()[0]
    found = radius(chain)

    assert "in the texts of 10 of 12 traces" in at_least(found)
    assert "in their texts" in at_least(changed(found, traces_read=12))
    assert "No text of these traces was read" in at_least(changed(found, traces_read=0))
    assert at_most(found, chain) == "all that began after it had failed, whether or not it came of it."
    assert "all of the newest 5 of 12 traces that began" in at_most(changed(found, traces_counted=5), chain)
