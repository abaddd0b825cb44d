import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.alerts.message import BODY_BYTES_MAX, Links, finding_message, trial_message
from analytics.api import models
from analytics.findings.finding import Resolution
from analytics.findings.record import opening, over, shown
from tests.analytics.findings.builders import NOW, finding

LINKS = Links(api="http://127.0.0.1:8080", dashboard="http://127.0.0.1:8501")
ANY_TEXT = st.text(st.characters(), max_size=2_000)
LONG = "\x01" * 2_000


def as_shown(**fields: Any) -> models.Finding:
    return shown(opening(finding(**fields), NOW, NOW))


def as_resolved(sentence: str, **fields: Any) -> models.Finding:
    return shown(over(opening(finding(**fields), NOW, NOW), Resolution("lost", sentence), NOW))


def sent(**fields: Any) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(finding_message("finding.opened", as_shown(**fields), NOW, LINKS))
    return message


def test_a_message_holds_the_finding_as_the_api_shows_it() -> None:
    one = as_shown()

    message = json.loads(finding_message("finding.opened", one, NOW, LINKS))

    assert message == {
        "type": "finding.opened",
        "timestamp": "2026-03-01T12:00:00.000250000Z",
        "data": one.model_dump(),
        "links": {
            "finding": f"http://127.0.0.1:8080/api/v1/findings/{one.id}",
            "trace": "http://127.0.0.1:8501/trace?trace=4bf92f3577b34da6a3ce929d0e0e4736&span=00f067aa0ba902b7",
        },
    }


def test_a_message_that_a_finding_is_resolved_says_why() -> None:
    body = finding_message("finding.resolved", as_resolved("Its process is silent."), NOW, LINKS)

    data = json.loads(body)["data"]
    assert (data["resolution_word"], data["resolution"]) == ("lost", "Its process is silent.")


def test_a_finding_without_a_trace_has_no_link_to_one() -> None:
    assert sent(trace_ids=[])["links"].keys() == {"finding"}


def test_a_trace_without_a_span_is_linked_as_a_whole() -> None:
    assert sent(trace_ids=["ab"], span_ids=[])["links"]["trace"] == "http://127.0.0.1:8501/trace?trace=ab"


def test_a_link_holds_what_is_hostile_quoted() -> None:
    link = sent(trace_ids=['"><script>&id=x'], span_ids=["#"])["links"]["trace"]

    assert link == "http://127.0.0.1:8501/trace?trace=%22%3E%3Cscript%3E%26id%3Dx&span=%23"


def test_long_lists_are_cut_and_what_is_left_out_is_counted() -> None:
    data = sent(trace_ids=[f"{n:032x}" for n in range(10_000)], evidence={"n": list(range(10_000))})["data"]

    assert len(data["trace_ids"]) == 10
    assert data["evidence"] == {}
    assert data["omitted"] == {"trace_ids": 9_990, "evidence": True}


def test_a_long_text_is_cut() -> None:
    data = sent(title="t" * 900, evidence={"name": "e" * 900})["data"]

    assert data["title"] == "t" * 299 + "…"
    assert data["evidence"]["name"] == "e" * 63 + "…"


@pytest.mark.parametrize("text", [LONG, "\N{PILE OF POO}" * 2_000, '"' * 2_000, "\ud800" * 2_000])
def test_the_worst_finding_fits(text: str) -> None:
    fields = dict.fromkeys(["project", "detector", "fingerprint", "title", "advice"], text)
    lists = dict.fromkeys(["agents", "trace_ids", "span_ids"], [text] * 1_000)

    worst = as_resolved(text, **fields, **lists, evidence={text: [text] * 100})
    body = finding_message("finding.resolved", worst, NOW, LINKS)

    assert len(body.encode()) <= BODY_BYTES_MAX


@given(
    title=ANY_TEXT,
    agents=st.lists(ANY_TEXT, max_size=20),
    trace_ids=st.lists(ANY_TEXT, max_size=20),
    evidence=st.dictionaries(ANY_TEXT, st.floats() | ANY_TEXT | st.integers()),
)
def test_any_finding_is_strict_json_of_20_kb_at_most(
    title: str, agents: list[str], trace_ids: list[str], evidence: dict[str, Any]
) -> None:
    one = as_shown(title=title, agents=agents, trace_ids=trace_ids, evidence=evidence)

    body = finding_message("finding.opened", one, NOW, LINKS)

    assert len(body.encode()) <= BODY_BYTES_MAX
    assert json.loads(body)["data"]["id"] == one.id


def test_a_trial_says_that_nothing_happened() -> None:
    assert json.loads(trial_message("ops", NOW, LINKS)) == {
        "type": "webhook.test",
        "timestamp": "2026-03-01T12:00:00.000250000Z",
        "data": {"webhook": "ops", "text": "This is a test: nothing happened."},
        "links": {"api": "http://127.0.0.1:8080/docs"},
    }
