"""GET /series and /series/{id}, and acceptances: on a real store, with rows as the monitor writes them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from analytics.api.drift_models import Explanation, WordShift
from analytics.api.models import DeploymentWanted
from analytics.api.series import router
from analytics.deployments.ledger import DeploymentLedger
from analytics.rfc3339 import rfc3339
from analytics.series.accepted import AcceptedDrifts
from analytics.series.content_learning import learn_content
from analytics.series.kept import Usual
from analytics.series.key import SeriesKey
from analytics.series.learned import Learned, Wanted
from analytics.series.policy import BUDGET, Policy
from analytics.series.pools import pool_of
from analytics.series.reader import SeriesReader
from analytics.series.records import Records
from analytics.series.tally import Tally
from collector.store.store import Store
from tests.analytics.application import application
from tests.analytics.series.drifted import (
    DURATION,
    LEARNED_FROM,
    LEARNED_UNTIL,
    MIDNIGHT,
    NOW,
    TOOL,
    alarmed,
    count,
    hours_ago,
    learned,
    looked,
    other_tool,
    place,
    series_of,
    warming,
)
from tests.analytics.series.speech import HOUR_S, SAYS, keep, texts
from tests.dashboard.hostile import HOSTILE

# of both databases the ledger alone is asked, in test_accepted.py
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

WARMING = SeriesKey("default", "prod", "writer", "chat", "gpt-5", "output tokens")
QUIET = SeriesKey("default", "test", "tester", "chat", "gpt-5", "duration")
CALM = SeriesKey("default", "prod", "tester", "chat", "gpt-5", "duration")
REFERENCE = hours_ago(LEARNED_FROM, LEARNED_UNTIL)
SINCE = hours_ago(LEARNED_UNTIL, NOW)
# the next hour may have begun since
SINCE_LEARNED = {"from": rfc3339(LEARNED_UNTIL), "to": rfc3339(NOW + timedelta(minutes=30))}
Client = Any


def client_of(store: Store, engine: Engine, project: str = "default") -> TestClient:
    deployments, accepted = DeploymentLedger(engine), AcceptedDrifts(engine)

    def changes(of: str, period: Any) -> Any:
        return deployments.list(of, period.start, period.end)

    reader = partial(SeriesReader, store, changes, accepted, Policy())
    return TestClient(application(router(reader, accepted), project=project))


@pytest.fixture
def client(store: Store, engine: Engine) -> TestClient:
    return client_of(store, engine)


@pytest.fixture
def fleet(store: Store) -> None:
    """Series in every state: one drifts, one is near, one warms up, one sends nothing any more."""
    for key in (DURATION, CALM, QUIET):
        count(store, key, REFERENCE)
        learned(store, key)
    count(store, DURATION, SINCE, median=1.0)
    looked(store, DURATION, range(3, 0, -1), 21.5)
    looked(store, CALM, range(1, 0, -1), 3.5)
    looked(store, QUIET, range(100, 99, -1), 1.0)
    looked(store, QUIET, range(1, 0, -1), 1.0, calls=0)
    warming(store, WARMING, days=4)
    alarmed(store, DURATION)


def asked(client: TestClient, path: str = "", **parameters: Any) -> Any:
    return client.get(f"/api/v1/series{path}", params=parameters).raise_for_status().json()


def test_an_empty_store_has_no_series_and_says_the_budget(client: TestClient) -> None:
    answer = asked(client)

    assert (answer["items"], answer["next"], answer["budget"]) == ([], None, BUDGET)
    assert answer["counts"] == {"watched": 0, "pooled": 0, "warming_up": 0, "drifting": 0, "quiet": 0}
    assert client.get("/api/v1/series/" + "0" * 16).status_code == 404
    assert client.get("/api/v1/series/" + "f" * 16 + "/acceptances").status_code == 404


@pytest.mark.usefixtures("fleet")
def test_those_that_drift_are_listed_first_then_by_evidence(client: TestClient) -> None:
    answer = asked(client)

    assert [(one["agent"], one["state"]) for one in answer["items"]] == [
        ("coder", "drifting"),
        ("tester", "watched"),
        ("writer", "warming up"),
        ("tester", "quiet"),
    ]
    assert answer["counts"] == {"watched": 1, "pooled": 0, "warming_up": 1, "drifting": 1, "quiet": 1}
    first, second, third, _ = answer["items"]
    assert first["alarm"]["explanation"]["headline"].startswith("half the calls now take twice as long")
    assert (first["calls"], first["unit"], first["bucket_h"]) == (300, "s", 1)
    assert (second["evidence"], second["alarm"]) == (3.5, None)
    assert third["wanting"] == "11 more days"
    assert (third["evidence"], third["looked_at"], third["bucket_h"]) == (None, None, None)


def test_what_warms_up_says_how_many_traces_and_how_much_company_it_lacks(
    client: TestClient, store: Store
) -> None:
    began_s = int((MIDNIGHT - timedelta(days=20)).timestamp())
    midnight_s = int(MIDNIGHT.timestamp())
    enough, few = ((4,) * 20, (2,) * 20), ((1,) * 20, (0, 2) * 10)
    for agent, tally in (("one", enough), ("two", enough), ("three", few)):
        key = WARMING._replace(agent=agent)
        pool = pool_of(key, is_sparse=True) if tally is enough else 0
        usual = Usual(np.array([700]), np.array([40.0]), np.array([], np.str_)) if pool else None
        one = Learned(key, began_s, usual=usual, usual_until_s=began_s, pool=pool)
        one = replace(one, tally=Tally(midnight_s, *tally))
        Records(store).write_references({place(store, key): one})

    said = {one["agent"]: (one["state"], one["wanting"]) for one in asked(client)["items"]}

    alone = "; alone it takes 20 calls a day, and it has"
    lacking = ("warming up", f"1 more series to be watched with: 2 of 3 are there{alone} 4")
    assert said["one"] == said["two"] == lacking
    assert said["three"] == (
        "warming up",
        f"10 more traces to be watched with others: about 9 days at 1.1 a day{alone} 1",
    )


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(
    ("filters", "agents"),
    [
        ({"environment": "test"}, ["tester"]),
        ({"agent": "coder"}, ["coder"]),
        ({"metric": "output tokens"}, ["writer"]),
        ({"state": "drifting"}, ["coder"]),
        ({"state": "warming up"}, ["writer"]),
        ({"q": "OUTPUT"}, ["writer"]),
        ({"q": "code"}, ["coder"]),
        ({"q": "' OR 1 = 1"}, []),
    ],
)
def test_a_list_is_narrowed(client: TestClient, filters: dict[str, str], agents: list[str]) -> None:
    assert [one["agent"] for one in asked(client, **filters)["items"]] == agents


@pytest.mark.usefixtures("fleet")
def test_pages_go_on_where_the_one_before_ended(client: TestClient) -> None:
    whole = asked(client)["items"]

    pages, cursor = [], ""
    while cursor is not None:
        page = asked(client, limit=1, **({"cursor": cursor} if cursor else {}))
        pages += page["items"]
        cursor = page["next"]

    assert pages == whole


@pytest.mark.parametrize(
    ("asked_for", "status"),
    [
        ("?cursor=bm9uZQ", 400),
        ("?cursor=%00", 400),
        ("?cursor=W1tdXQ", 400),
        ("?limit=1001", 422),
        ("?state=odd", 422),
        ("/zz", 422),
        ("/" + "0" * 16 + "?from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z", 422),
    ],
)
def test_what_cannot_be_answered_is_refused(client: TestClient, asked_for: str, status: int) -> None:
    assert client.get(f"/api/v1/series{asked_for}").status_code == status


@pytest.mark.usefixtures("fleet")
def test_one_series_has_its_hours_and_what_is_usual(client: TestClient, store: Store) -> None:
    answer = asked(client, f"/{series_of(store, DURATION)}", **SINCE_LEARNED)

    buckets = answer["buckets"]
    assert len(buckets) == len(SINCE) + 1  # the hour that is not over is shown, and empty
    assert buckets[0]["calls"] == 100
    assert buckets[0]["p50"] == pytest.approx(1.0, rel=0.08)
    assert buckets[0]["usual_p50"] == pytest.approx(0.5, rel=0.08)
    assert buckets[0]["usual_low"] <= buckets[0]["usual_p50"] <= buckets[0]["usual_high"] < 0.6
    assert buckets[0]["p95"] > 2 * buckets[0]["p50"]
    assert buckets[-2]["evidence"] == pytest.approx(21.5)
    assert (buckets[-1]["calls"], buckets[-1]["p50"], buckets[-1]["evidence"]) == (0, None, None)
    assert (answer["learned_from"], answer["learned_until"]) == (
        rfc3339(LEARNED_FROM),
        rfc3339(LEARNED_UNTIL),
    )


@pytest.mark.usefixtures("fleet")
def test_values_before_a_drift_and_since_stand_side_by_side(client: TestClient, store: Store) -> None:
    values = asked(client, f"/{series_of(store, DURATION)}")["values"]

    assert sum(one["before"] for one in values) == pytest.approx(1)
    assert sum(one["after"] for one in values) == pytest.approx(1)
    assert all(one["low"] < one["high"] for one in values)
    below = [one for one in values if one["high"] < 0.3]
    assert sum(one["before"] for one in below) > 2 * sum(one["after"] for one in below)


def test_what_answers_say_has_calls_and_evidence_and_words_without_what_is_gone(
    client: TestClient, store: Store
) -> None:
    from_s, until_s = int(LEARNED_FROM.timestamp()), int(LEARNED_UNTIL.timestamp())
    said = iter(texts())
    keep(store, {hour_s: list(islice(said, 3)) for hour_s in range(from_s, int(NOW.timestamp()), HOUR_S)})
    where = place(store, SAYS)
    kept = learn_content(store, "default", "", [Wanted(where, LEARNED_FROM, LEARNED_UNTIL)])[where]
    Records(store).write_references({where: Learned(SAYS, from_s, until_s, kept)})
    looked(store, SAYS, range(3, 0, -1), 5.5)
    gone = WordShift(word="sorry", before=0.0, after=0.1, trace="ab" * 16, span="cd" * 8)
    words = Explanation(headline="other words", moved="", is_up=True, words=[gone])
    alarmed(store, SAYS, explanation=words)

    (listed,) = asked(client)["items"]
    answer = asked(client, f"/{series_of(store, SAYS)}", **SINCE_LEARNED)

    assert (listed["kind"], listed["unit"], listed["bucket_h"]) == ("content", "sketch", 8)
    assert answer["buckets"][0]["calls"] == 3
    assert (answer["buckets"][0]["p50"], answer["buckets"][0]["shares"], answer["values"]) == (None, {}, [])
    assert answer["buckets"][-2]["evidence"] == pytest.approx(5.5)
    assert answer["alarm"]["explanation"]["words"] == [gone.model_dump()]


def test_hours_that_were_counted_again_count_once(client: TestClient, store: Store) -> None:
    for version in (1, 2):
        count(store, TOOL, REFERENCE, categories={"search": 90, "browse": 10}, version=version)
        count(store, TOOL, SINCE, categories={"search": 60, "browse": 30, HOSTILE: 10}, version=version)
    learned(store, TOOL)
    alarmed(store, TOOL, explanation=other_tool())

    answer = asked(client, f"/{series_of(store, TOOL)}", **{"from": rfc3339(LEARNED_UNTIL)})

    first = answer["buckets"][0]
    assert (first["calls"], answer["values"], answer["kind"]) == (100, [], "category")
    assert first["shares"] == pytest.approx({"browse": 0.3, "search": 0.6, HOSTILE: 0.1, "other": 0.0})
    assert first["usual_shares"] == pytest.approx({"browse": 0.1, "search": 0.9, HOSTILE: 0.0, "other": 0.0})


def test_a_series_of_many_categories_shows_those_that_moved_and_the_rest_together(
    client: TestClient, store: Store
) -> None:
    many = {f"tool {number}": 10 for number in range(30)}
    count(store, TOOL, REFERENCE, categories=many | {"rare": 1})
    count(store, TOOL, SINCE, categories=many | {"rare": 5})
    learned(store, TOOL)
    alarmed(store, TOOL, explanation=other_tool("rare"))

    shares = asked(client, f"/{series_of(store, TOOL)}", **{"from": rfc3339(LEARNED_UNTIL)})["buckets"][0][
        "shares"
    ]

    assert len(shares) == 9
    assert shares["rare"] == pytest.approx(5 / 305)
    assert sum(shares.values()) == pytest.approx(1)


@pytest.mark.usefixtures("fleet")
def test_alarms_are_told_the_latest_first_with_how_they_ended(client: TestClient, store: Store) -> None:
    alarmed(store, DURATION, opened_ago=200, closed_ago=150, closed_by="returned")
    alarmed(store, DURATION, opened_ago=300, closed_ago=250, closed_by="accepted", explanation="{broken")

    alarms = asked(client, f"/{series_of(store, DURATION)}")["alarms"]

    assert [one["closed_by"] for one in alarms] == [None, "returned", "accepted"]
    assert alarms[0]["began"] == rfc3339(NOW - timedelta(hours=23))
    assert alarms[2]["explanation"]["headline"] == "it drifted; what was known of it cannot be read"


@pytest.mark.usefixtures("fleet")
def test_an_alarm_that_was_closed_is_open_no_more(client: TestClient, store: Store) -> None:
    alarmed(store, DURATION, closed_ago=1, closed_by="returned")

    (one,) = asked(client, agent="coder")["items"]

    assert (one["state"], one["alarm"]) == ("watched", None)
    assert len(asked(client, f"/{series_of(store, DURATION)}")["alarms"]) == 1


@pytest.mark.usefixtures("fleet")
def test_known_changes_are_those_of_its_agent_or_of_all(
    client: TestClient, store: Store, engine: Engine
) -> None:
    ledger, at = DeploymentLedger(engine), datetime.now(UTC) - timedelta(hours=2)
    for agent, environment in (("coder", "prod"), ("", ""), ("tester", "prod"), ("coder", "test")):
        wanted = DeploymentWanted(
            agent=agent, environment=environment, version=f"{agent} {environment}", at=at
        )
        ledger.report("default", wanted, "k", at)

    changes = asked(client, f"/{series_of(store, DURATION)}")["changes"]

    assert sorted(one["version"] for one in changes) == [" ", "coder prod"]


@pytest.mark.usefixtures("fleet")
def test_a_drift_is_accepted_from_when_it_began(client: TestClient, store: Store, engine: Engine) -> None:
    path = f"/api/v1/series/{series_of(store, DURATION)}/acceptances"

    answer = client.post(path, json={"note": "the new model is slower", "by": "ann"})

    assert answer.status_code == 201, answer.text
    assert answer.json()["since"] == rfc3339(NOW - timedelta(hours=23))
    assert answer.json()["accepted_by"] == "ann (anonymous)"
    assert client.get(path).json() == [answer.json()]
    assert asked(client, f"/{series_of(store, DURATION)}")["acceptances"] == [answer.json()]
    (told,) = AcceptedDrifts(engine).accepted_from(NOW - timedelta(days=1))
    assert (told.project, f"{told.series:016x}") == ("default", series_of(store, DURATION))
    assert told.since == NOW - timedelta(hours=23)
    assert AcceptedDrifts(engine).accepted_from(told.at) == [told]
    assert AcceptedDrifts(engine).accepted_from(told.at + timedelta(microseconds=1)) == []


@pytest.mark.usefixtures("fleet")
def test_what_does_not_drift_is_accepted_from_now_or_a_time_on(client: TestClient, store: Store) -> None:
    path = f"/api/v1/series/{series_of(store, CALM)}/acceptances"
    since = rfc3339(NOW - timedelta(days=2))

    assert client.post(path, json={"note": HOSTILE, "since": since}).json()["since"] == since
    assert client.post(path, json={"note": "n"}).json()["since"] > rfc3339(NOW)
    assert {one["note"] for one in client.get(path).json()} == {HOSTILE, "n"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"note": ""},
        {},
        {"note": "n" * 1_001},
        {"note": "n", "by": "b" * 201},
        {"note": "n", "colour": "red"},
        {"note": "n", "since": "yesterday"},
        {"note": "n", "since": "2020-01-01T00:00:00Z"},
        {"note": "n", "since": "2999-01-01T00:00:00Z"},
    ],
)
def test_what_is_no_acceptance_is_refused(client: TestClient, store: Store, wrong: dict[str, str]) -> None:
    warming(store, DURATION, days=1)
    path = f"/api/v1/series/{series_of(store, DURATION)}/acceptances"

    assert client.post(path, json=wrong).status_code == 422
    assert client.get(path).json() == []


@pytest.mark.usefixtures("fleet")
def test_another_project_sees_and_accepts_nothing(store: Store, engine: Engine) -> None:
    other, path = client_of(store, engine, "shop"), f"/{series_of(store, DURATION)}"

    assert asked(other)["items"] == []
    assert other.get(f"/api/v1/series{path}").status_code == 404
    assert other.get(f"/api/v1/series{path}/acceptances").status_code == 404
    assert other.post(f"/api/v1/series{path}/acceptances", json={"note": "n"}).status_code == 404


def test_hostile_names_are_read_as_they_are(client: TestClient, store: Store) -> None:
    key = SeriesKey("default", HOSTILE, HOSTILE, "chat", HOSTILE, "duration")
    warming(store, key, days=1)

    (one,) = asked(client, q="evil.invalid", agent=HOSTILE, environment=HOSTILE)["items"]

    assert (one["agent"], one["subject"]) == (HOSTILE, HOSTILE)
    answer = asked(client, f"/{one['id']}")
    assert {bucket["p50"] for bucket in answer["buckets"]} == {None}
    assert (answer["alarms"], answer["values"]) == ([], [])
