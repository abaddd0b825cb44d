"""What texts say is learned, looked at, told with the words that came; on a real store, with fresh texts."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

import pytest

from analytics.api.drift_models import DriftAlarm, Explanation
from analytics.api.models import Deployment
from analytics.drift.text import terms
from analytics.series.examples import with_examples
from analytics.series.key import SeriesKey
from analytics.series.learned import Learned
from analytics.series.policy import Policy
from analytics.series.records import Alarm, Records
from analytics.series.said import spoken
from analytics.series.wanting import Company, wanting
from collector.store.store import Store
from tests.analytics.detectors.looking import assembled
from tests.analytics.series.speech import DAY_S, HOUR_S, REFUSALS, SAYS, calls, keep, stream
from tests.analytics.series.test_monitor import Watched, explanation

# A midnight: sketches are kept for 35 days.
BEGAN_S = int(datetime.now(UTC).timestamp()) // DAY_S * DAY_S - 14 * DAY_S
CHANGED_S = BEGAN_S + 8 * DAY_S + 10 * HOUR_S
PER_HOUR = 25

DEPLOYED = Deployment(
    id="d1",
    source="reported",
    what="deployment",
    environment="",
    agent="coder",
    version="1.4.2",
    note="",
    at=datetime.fromtimestamp(CHANGED_S, UTC).isoformat(),
)

Said = dict[int, list[str]]


def refusing(share: float, from_s: int = CHANGED_S, until_s: int = 2**40) -> Callable[[int, str], str]:
    """Of the texts from a time on so many are refusals."""

    def of(hour_s: int, text: str) -> str:
        is_refusal = from_s <= hour_s < until_s and crc32(text.encode()) % 1000 < 1000 * share
        return REFUSALS[len(text) % len(REFUSALS)] if is_refusal else text

    return of


def hours(days: float, of: Callable[[int], list[str]]) -> Said:
    return {hour_s: of(hour_s) for hour_s in range(BEGAN_S, BEGAN_S + int(days * DAY_S), HOUR_S)}


def watched_until(watched: Watched, days: float) -> list[Alarm]:
    """Return the alarms of what is said, once all hours before a time were looked at."""
    watched.until(BEGAN_S + int(days * DAY_S))
    records = Records(watched.store)
    known = records.references()
    return [alarm for place, some in records.alarms(0).items() if known[place].key == SAYS for alarm in some]


def learned(store: Store) -> Learned:
    (found,) = (one for one in Records(store).references().values() if one.key == SAYS)
    return found


def shown(store: Store, alarm: Alarm) -> Explanation:
    """Return what is shown of an alarm, with what is stored now."""
    told = DriftAlarm.model_validate(
        dict.fromkeys(("opened", "began", "began_first", "began_last"), "")
        | {"closed": None, "closed_by": None, "change": None, "evidence": 0, "threshold": 0}
        | {"explanation": explanation(alarm)}
    )
    return with_examples(store, "default", told).explanation


def looks(store: Store) -> list[Mapping[str, Any]]:
    sql = "SELECT hour, change, evidence FROM drift_looks FINAL WHERE project != '' ORDER BY change, hour"
    return list(store.query(sql))


def test_texts_that_are_ever_new_and_of_one_kind_are_left_alone(store: Store) -> None:
    keep(store, hours(12, stream(PER_HOUR, 1, refusing(0.0))))

    alarms = watched_until(Watched(store), 12)

    assert alarms == []
    assert learned(store).until_s == BEGAN_S + 7 * DAY_S
    assert len(looks(store)) == 5 * 24


def test_refusals_are_found_and_their_words_are_told(store: Store, load: Any) -> None:
    said = hours(9, stream(PER_HOUR, 2, refusing(0.1)))
    # texts of the reference's last day are stored, and those since the change
    stored = [at for at in said if BEGAN_S + 6 * DAY_S <= at < BEGAN_S + 7 * DAY_S or at >= CHANGED_S]
    keep(store, {at: some for at, some in said.items() if at not in stored})
    load(*(one for at in stored for one in calls(at, said[at])))
    assembled(store)

    (alarm,) = watched_until(Watched(store), 9)

    found = explanation(alarm)
    words = {one.word: one for one in found.words}
    assert CHANGED_S <= alarm.opened_s < BEGAN_S + 9 * DAY_S
    assert abs(alarm.began_s - CHANGED_S) <= 6 * HOUR_S
    assert len(words) >= 3
    assert set(words) <= {one for refusal in REFUSALS for one in terms(refusal)}
    assert all(one.after > one.before for one in found.words)
    assert found.headline.startswith("Text content of coder, chat gpt-5: other words: “")
    examples = {one.word: one.example for one in shown(store, alarm).words}
    assert all(word in example.lower() for word, example in examples.items())
    assert not set(found.traces_before) & set(found.traces_after)
    said_since = spoken(store, "default", [(one.trace, one.span) for one in found.words])
    assert set(said_since.values()) <= set(REFUSALS)


def test_a_process_that_begins_anew_goes_on_where_the_last_one_was(store: Store) -> None:
    keep(store, hours(9, stream(PER_HOUR, 3, refusing(0.2))))
    at_once = watched_until(Watched(store), 9)
    first = looks(store)
    for table in ("drift_looks", "drift_alarms", "drift_references"):
        store.command(f"TRUNCATE TABLE {table}")

    for day in (7.5, 8, 8.6, 9):
        by_and_by = watched_until(Watched(store), day)

    again = looks(store)
    assert [one["hour"] for one in again] == [one["hour"] for one in first]
    assert [one["evidence"] for one in again] == pytest.approx([one["evidence"] for one in first], abs=0.02)
    assert [one.opened_s for one in by_and_by] == [one.opened_s for one in at_once]
    assert len(at_once) == 1


def test_what_came_late_is_looked_at_once_more(store: Store) -> None:
    said = hours(9, stream(PER_HOUR, 4, refusing(0.3)))
    early = {at: some for at, some in said.items() if at < CHANGED_S}
    keep(store, early)
    watched = Watched(store)
    before = watched_until(watched, 9)

    keep(store, {at: some for at, some in said.items() if at >= CHANGED_S})
    watched.comes_late(CHANGED_S)
    (alarm,) = watched_until(watched, 9)

    assert before == []
    assert CHANGED_S <= alarm.opened_s <= CHANGED_S + 8 * HOUR_S


def test_it_is_over_when_it_is_as_before_again(store: Store) -> None:
    until_s = CHANGED_S + DAY_S
    keep(store, hours(11, stream(PER_HOUR, 5, refusing(0.3, until_s=until_s))))

    (alarm,) = watched_until(Watched(store), 11)

    assert until_s < alarm.closed_s <= until_s + 30 * HOUR_S


@pytest.mark.parametrize("erased", ["all", "some"])
def test_hours_whose_sketches_are_gone_are_no_drift(store: Store, erased: str) -> None:
    keep(store, hours(10, stream(PER_HOUR, 6, refusing(0.0))))
    watched = Watched(store)
    watched_until(watched, 8)
    odd = "1" if erased == "all" else "toHour(hour) % 3 = 0"
    for table in ("drift_sketches", "drift_words"):
        where = f"project = 'default' AND hour >= toDateTime({BEGAN_S + 7 * DAY_S}) AND {odd}"
        store.command(f"ALTER TABLE {table} DELETE WHERE {where} SETTINGS mutations_sync = 2")

    watched.comes_late(BEGAN_S + 7 * DAY_S)
    alarms = watched_until(watched, 10)

    assert alarms == []
    assert len(looks(store)) == 3 * 24


def test_a_drift_whose_texts_are_gone_is_told_without_words(store: Store) -> None:
    keep(store, hours(9, stream(PER_HOUR, 7, refusing(0.3))))

    (alarm,) = watched_until(Watched(store), 9)

    found = explanation(alarm)
    assert found.words == []
    assert found.headline == "Text content of coder, chat gpt-5: it is not as it was"


def test_sketches_on_another_basis_are_not_added_up(store: Store) -> None:
    said = hours(12, stream(PER_HOUR, 8, refusing(0.0)))
    later = BEGAN_S + 9 * DAY_S
    keep(store, {at: some for at, some in said.items() if at < later})
    keep(store, {at: some for at, some in said.items() if at >= later}, basis=99)

    alarms = watched_until(Watched(store), 12)

    (row,) = store.query(
        f"SELECT sum(n) AS texts FROM drift_looks FINAL WHERE project != '' AND hour >= toDateTime({later})"
    )
    assert alarms == []
    assert row["texts"] == 0


def test_too_few_texts_are_not_learned_and_it_is_said_what_is_missing(store: Store) -> None:
    keep(store, hours(10, stream(1, 9, refusing(0.0))))

    watched_until(Watched(store), 10)

    assert learned(store).reference is None
    said = wanting(Policy(days_min=7), learned(store), Company(), BEGAN_S + 10 * DAY_S)
    assert said
    assert re.fullmatch(r"\d+ more answers: .* a day", said)


def test_what_follows_a_known_change_is_blamed_on_it(store: Store) -> None:
    keep(store, hours(11, stream(PER_HOUR, 10, refusing(0.05))))
    (alarm,) = watched_until(Watched(store, [DEPLOYED], budget="one per 10 years"), 11)

    assert alarm.change == "d1"
    assert [one.version for one in explanation(alarm).changes] == ["1.4.2"]


def test_a_known_change_that_changes_nothing_is_not_blamed(store: Store) -> None:
    keep(store, hours(11, stream(PER_HOUR, 11, refusing(0.0))))
    assert watched_until(Watched(store, [DEPLOYED]), 11) == []
    assert {one["change"] for one in looks(store)} == {"", "d1"}


def test_a_series_of_content_is_not_the_series_of_another_metric() -> None:
    assert SAYS.measure.kind == "content"
    assert SeriesKey(*SAYS[:-1], "text characters").measure.kind == "numeric"
