import pytest

from dashboard.source import client
from dashboard.source.client import Client
from dashboard.source.errors import Failing, NotFound, Refused, Unreachable
from tests.dashboard import fleet
from tests.dashboard.drifting import SLOW
from tests.dashboard.fake_api import FakeApi


def test_an_answer_has_the_api_s_time(api: FakeApi) -> None:
    assert Client(api.url).get("stats", {}).at == fleet.NOW


def test_a_slow_api_is_given_up(api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_S_MAX", 0.2)
    api.delay_s = 0.6

    with pytest.raises(Unreachable, match="does not answer"):
        Client(api.url).get("stats", {})


def test_an_error_of_the_api_is_told_from_a_question_that_it_refuses(api: FakeApi) -> None:
    asking = Client(api.url)

    with pytest.raises(NotFound):
        asking.get(f"traces/{'0' * 32}", {})
    with pytest.raises(Refused, match=r"The API refused the question \(422\)"):
        asking.get("open-spans", {"limit": "many"})
    api.mood = "error"
    with pytest.raises(Failing, match=r"\(500\)"):
        asking.get("stats", {})


def test_it_shows_the_key_it_was_given_and_no_other(api: FakeApi) -> None:
    assert Client(api.url, "pk_1")._http.headers["x-api-key"] == "pk_1"
    assert "x-api-key" not in Client(api.url)._http.headers


def test_what_is_sent_shows_the_senders_key_and_never_the_dashboards(api: FakeApi) -> None:
    path, body = f"series/{SLOW}/acceptances", '{"note": "why"}'

    Client(api.url, "pk_dashboard").post(path, body, "")
    with pytest.raises(Refused, match=r"\(401\)"):
        Client(api.url, "pk_dashboard").post(path, body, "pk_1")
    api.key_needed = "pk_1"
    with pytest.raises(Refused, match=r"\(401\)"):
        Client(api.url, "pk_1").post(path, body, "")
    Client(api.url, "pk_dashboard").post(path, body, "pk_1")

    assert [series for series, _ in api.accepted] == [SLOW, SLOW]
