"""Series that drift become findings, one for each agent; through rows as the monitor writes them."""

from datetime import UTC, datetime
from typing import Any

from analytics.api.drift_models import BlamedChange, Explanation, ShareShift
from analytics.detectors.detector import Outcome, Window
from analytics.detectors.drift import Drift
from analytics.series.counts import Place
from analytics.series.records import Alarm, Records
from collector.store.store import Store
from tests.analytics.detectors.looking import UNLEARNED
from tests.analytics.series.invented import DAY_S, HOUR_S, KEY, OUTCOME

DRIFT = Drift()
BEGAN_S = int(datetime.now(UTC).timestamp()) // HOUR_S * HOUR_S - DAY_S
CHANGE = BlamedChange(
    id=None,
    source="seen",
    what="version",
    environment="production",
    agent="coder",
    version="1.4.2",
    note="",
    at=datetime.fromtimestamp(BEGAN_S, UTC).isoformat(),
    hours_before=1.0,
)


def alarm(closed_s: int = 0, **explained: Any) -> Alarm:
    explanation = Explanation(
        **{"headline": "The median went up", "moved": "location", "is_up": True} | explained
    )
    times = BEGAN_S + 2 * HOUR_S, closed_s, BEGAN_S, BEGAN_S, BEGAN_S
    return Alarm("", *times, 0, 15.0, 14.2, explanation.model_dump_json())


def looked(store: Store, *watched: tuple[str, str]) -> Outcome:
    window = Window(datetime.now(UTC), frozenset(watched))
    return DRIFT.detect(store.query(DRIFT.sql, DRIFT.parameters(window)), window, UNLEARNED)


def test_an_agent_is_told_once_with_its_first_headline_and_what_came_before(store: Store) -> None:
    records = Records(store)
    records.write_alarm(Place("default", 1), KEY, alarm(changes=[CHANGE], traces_after=["ab" * 16]))
    records.write_alarm(Place("default", 2), KEY._replace(metric="output tokens"), alarm())
    records.write_alarm(Place("default", 3), KEY._replace(agent="tester"), alarm())

    coder, tester = looked(store).findings

    assert coder.title.startswith(
        "The median went up, and 1 other measure of it, since version 1.4.2 came at "
    )
    assert (coder.grade, coder.severity, coder.agents) == ("probable", "S3", ["coder"])
    assert coder.since == datetime.fromtimestamp(BEGAN_S, UTC)
    assert coder.trace_ids == ["ab" * 16]
    assert "Roll the change back" in coder.advice
    assert [one["id"] for one in coder.evidence["series"]] == ["0000000000000001", "0000000000000002"]
    assert tester.title == "The median went up"
    assert "No change is known" in tester.advice


def test_more_errors_are_worse(store: Store) -> None:
    fails = [ShareShift(category="ok", before=0.99, after=0.95, low=-0.06, high=-0.02)]
    Records(store).write_alarm(Place("default", 1), OUTCOME, alarm(shares=fails))

    (finding,) = looked(store).findings

    assert finding.severity == "S2"


def test_it_is_over_when_the_alarm_is_and_says_so(store: Store) -> None:
    records = Records(store)
    records.write_alarm(Place("default", 1), KEY, alarm())
    (finding,) = looked(store).findings
    records.write_alarm(Place("default", 1), KEY, alarm(closed_s=BEGAN_S + 9 * HOUR_S), "returned")

    over = looked(store, (finding.project, finding.fingerprint))

    assert over.findings == []
    assert list(over.resolutions) == [(finding.project, finding.fingerprint)]


def test_an_agent_of_another_project_or_environment_is_another_one(store: Store) -> None:
    records = Records(store)
    for number, key in enumerate((KEY, KEY._replace(project="shop"), KEY._replace(environment="staging"))):
        records.write_alarm(Place(key.project, number), key, alarm())

    assert len({(one.project, one.fingerprint) for one in looked(store).findings}) == 3


def test_an_explanation_that_is_none_loses_nothing_else(store: Store) -> None:
    records = Records(store)
    records.write_alarm(Place("default", 1), KEY, alarm()._replace(explanation="{"))

    (finding,) = looked(store).findings

    assert finding.title == "duration"
