"""What texts say in two windows is compared; on a real store, with fresh texts."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zlib import crc32

import pytest

from analytics.api.drift_models import ComparedSeries, Comparison
from analytics.drift.text import terms
from analytics.series.comparing import compare
from analytics.series.comparison import Limits
from analytics.series.metric import CONTENT
from analytics.series.side import Chosen
from analytics.series.window import windows
from collector.store.store import Store
from tests.analytics.detectors.looking import assembled
from tests.analytics.series.speech import DAY_S, HOUR_S, REFUSALS, SAYS, calls, keep, stream

DAYS = 5
# A Monday and the next one: sketches are kept for 35 days.
_NOW = datetime.now(UTC)
_MIDNIGHT = _NOW.replace(hour=0, minute=0, second=0, microsecond=0)
FIRST = _MIDNIGHT - timedelta(days=_MIDNIGHT.weekday() + 14)
SECOND = FIRST + timedelta(days=7)
BEFORE, AFTER = (f"{at:%Y-%m-%d}..{at + timedelta(days=DAYS - 1):%Y-%m-%d}" for at in (FIRST, SECOND))
PER_HOUR = 25

Said = dict[int, list[str]]
Changed = Callable[[int, str], str]


def as_ever(_: int, text: str) -> str:
    return text


def refusing(hour_s: int, text: str) -> str:
    """In the second window three texts in ten are refusals."""
    refuses = hour_s >= SECOND.timestamp() and crc32(text.encode()) % 10 < 3
    return REFUSALS[len(text) % len(REFUSALS)] if refuses else text


def truncating(hour_s: int, text: str) -> str:
    """In the second window three texts in ten end in the middle."""
    ends = hour_s >= SECOND.timestamp() and crc32(text.encode()) % 10 < 3
    return text[: len(text) // 2] if ends else text


def said(seed: int, changed: Changed = as_ever, per_hour: float = PER_HOUR, days: int = DAYS) -> Said:
    of = stream(per_hour, seed, changed)
    starts = (int(at.timestamp()) for at in (FIRST, SECOND))
    return {at: of(at) for start in starts for at in range(start, start + days * DAY_S, HOUR_S)}


def in_window(found: Said, start: datetime, days: int = DAYS) -> Said:
    start_s = int(start.timestamp())
    return {at: some for at, some in found.items() if start_s <= at < start_s + days * DAY_S}


def compared(
    store: Store,
    before: str = BEFORE,
    after: str = AFTER,
    *,
    first_sketched: date = date.min,
    margin: float = 0.05,
    **chosen: str,
) -> Comparison:
    sides = windows(before, after, _NOW, "default")
    return compare(store, lambda _: first_sketched, *sides, Chosen(**chosen), Limits(margin=margin))


def content(found: Comparison) -> ComparedSeries:
    (one,) = (one for one in found.items if one.metric == CONTENT)
    return one


def test_texts_that_are_ever_new_and_of_one_kind_are_alike(store: Store) -> None:
    texts = said(1)
    keep(store, texts)

    one = content(compared(store))

    assert (one.verdict, one.kind, one.unit, one.wanting) == ("alike", "content", "sketch", None)
    assert one.calls_before == sum(map(len, in_window(texts, FIRST).values()))
    assert one.calls_after == sum(map(len, in_window(texts, SECOND).values()))
    assert one.discovery_rate is not None
    assert one.headline == "Alike: no difference beyond chance."
    assert (one.distance, one.words) == (None, [])


def test_refusals_differ_and_how_far_is_told_though_no_text_is_stored(store: Store) -> None:
    keep(store, said(2, refusing))

    one = content(compared(store))

    assert (one.verdict, one.agent, one.subject) == ("differs", "coder", "gpt-5")
    assert one.discovery_rate is not None
    assert one.discovery_rate < 0.01
    assert one.distance is not None
    assert 0.2 < one.distance < 3
    assert one.headline == f"the mean text moved by {one.distance:.2g} standard deviations of one text."
    assert one.words == []


def test_words_that_came_are_told_while_texts_of_both_windows_are_stored(store: Store, load: Any) -> None:
    texts = said(3, refusing, per_hour=20, days=3)
    # those of a day of each window are
    stored = [at for start in (FIRST, SECOND) for at in in_window(texts, start, days=1)]
    keep(store, {at: some for at, some in texts.items() if at not in stored})
    load(*(one for at in stored for one in calls(at, texts[at])))
    assembled(store)
    keep(store, {at: texts[at] for at in stored})

    one = content(compared(store))

    came = {word.word for word in one.words if word.after > word.before}
    assert one.verdict == "differs"
    assert len(came) >= 3
    assert came <= {term for refusal in REFUSALS for term in terms(refusal)}
    assert all(word.trace and word.span for word in one.words)
    assert "; answers with “" in one.headline
    assert one.headline.startswith("the mean text moved by ")


def test_a_change_below_the_margin_is_alike(store: Store) -> None:
    keep(store, said(2, refusing))

    one = content(compared(store, margin=5))

    assert one.verdict == "alike"
    assert one.headline.startswith("Alike: too little or too unsure to count (the mean text moved by ")


@pytest.mark.parametrize(
    ("per_hour", "days", "missing"),
    [
        (0.2, 5, "texts in the first window"),
        (4, 3, "in both windows at hours that both have: 640 are needed"),
    ],
)
def test_too_few_texts_are_unknown(store: Store, per_hour: float, days: int, missing: str) -> None:
    keep(store, said(4, per_hour=per_hour, days=days))

    one = content(compared(store))

    assert (one.verdict, one.discovery_rate) == ("unknown", None)
    assert missing in str(one.wanting)
    assert one.headline == f"Unknown: {one.wanting}."


def test_of_a_day_and_a_day_it_is_unknown_whether_they_are_alike(store: Store) -> None:
    keep(store, said(14, truncating, days=1))

    found = compared(store, metric=CONTENT)

    one = content(found)
    assert (one.verdict, one.discovery_rate, found.compared, found.unknown) == ("unknown", None, 0, 1)
    assert one.headline == f"Unknown: {one.wanting}."
    assert "from fewer than three on either side" in one.headline


def test_what_differs_by_more_than_days_may_differs(store: Store) -> None:
    keep(
        store,
        said(15, lambda at, text: REFUSALS[len(text) % 4] if at >= SECOND.timestamp() else text, days=2),
    )

    one = content(compared(store))

    assert (one.verdict, one.wanting) == ("differs", None)
    assert "from fewer than three on either side" in one.headline


def test_a_window_of_which_a_part_is_not_kept_is_compared_as_it_is_and_that_is_told(store: Store) -> None:
    kept = FIRST + timedelta(days=1)
    keep(store, {at: some for at, some in said(16).items() if at >= kept.timestamp()})

    found = compared(store, first_sketched=kept.date())

    one = content(found)
    told = f"sketches from before {kept:%Y-%m-%d} are not kept any more"
    assert (one.verdict, found.cut) == ("alike", told)
    assert one.headline == f"Alike: no difference beyond chance; {told}."
    assert compared(store, first_sketched=FIRST.date()).cut is None


def test_a_window_of_which_nothing_is_kept_is_not_said_to_be_silent(store: Store) -> None:
    keep(store, in_window(said(17), SECOND))

    one = content(compared(store, first_sketched=SECOND.date()))

    told = f"sketches from before {SECOND:%Y-%m-%d} are not kept any more"
    assert (one.verdict, one.wanting) == ("unknown", f"no text of the first window is left: {told}")


def test_a_night_is_not_compared_with_a_day(store: Store) -> None:
    keep(store, said(5))

    night, day = f"{BEFORE[:10]}T00:00Z..{BEFORE[:10]}T11:00Z", f"{AFTER[:10]}T13:00Z..{AFTER[:10]}T23:00Z"
    one = content(compared(store, night, day))

    assert one.verdict == "unknown"
    assert "0 texts in the first window" in str(one.wanting)


def test_a_speaker_of_one_window_is_unknown(store: Store) -> None:
    keep(store, in_window(said(6), FIRST))

    assert content(compared(store)).wanting == "no text in the second window"


@pytest.mark.parametrize("erased", ["the second window", "some hours"])
def test_sketches_that_are_gone_are_no_difference(store: Store, erased: str) -> None:
    keep(store, said(7))
    gone = "toHour(hour) % 3 = 0" if erased == "some hours" else "1"
    where = f"project = 'default' AND hour >= toDateTime({int(SECOND.timestamp())}) AND {gone}"
    for table in ("drift_sketches", "drift_words"):
        store.command(f"ALTER TABLE {table} DELETE WHERE {where} SETTINGS mutations_sync = 2")

    one = content(compared(store))

    assert one.verdict == ("alike" if erased == "some hours" else "unknown")


def test_what_has_another_basis_is_not_compared(store: Store) -> None:
    texts = said(8)
    keep(store, in_window(texts, FIRST))
    keep(store, in_window(texts, SECOND), basis=99)

    assert "on different bases" in str(content(compared(store)).wanting)


def test_of_a_window_with_two_bases_the_newest_that_both_have_is_compared(store: Store) -> None:
    texts = said(9)
    thursday = SECOND + timedelta(days=3)
    keep(store, in_window(texts, FIRST))
    keep(store, in_window(texts, SECOND, days=3))
    keep(store, in_window(texts, thursday, days=2), basis=99)

    one = content(compared(store))

    assert one.verdict == "alike"
    assert one.calls_after == sum(map(len, in_window(texts, SECOND, days=3).values()))


def test_versions_are_unknown_for_sketches_have_none(store: Store) -> None:
    keep(store, said(10, days=2))

    one = content(compared(store, f"version:1,{BEFORE}", f"version:2,{BEFORE}"))

    assert (one.verdict, one.wanting) == ("unknown", "what texts say is not kept by version")
    assert (one.calls_before, one.calls_after) == (0, 0)


def test_projects_are_compared_and_kept_apart(store: Store) -> None:
    texts = said(11, refusing)
    keep(store, in_window(texts, FIRST), key=SAYS._replace(project="shop"))
    keep(store, in_window(texts, SECOND))

    one = content(compared(store, f"project:shop,{BEFORE}", f"project:default,{AFTER}"))

    assert one.verdict == "differs"
    assert content(compared(store)).wanting == "no text in the first window"


def test_speakers_are_chosen_by_agent_environment_and_metric(store: Store) -> None:
    texts = said(12, days=1)
    keep(store, texts)
    keep(store, texts, key=SAYS._replace(agent="planner"))

    assert content(compared(store, agent="planner", metric=CONTENT)).agent == "planner"
    assert {one.metric for one in compared(store, metric="duration").items} == {"duration"}
    assert compared(store, environment="nowhere").items == []
    assert compared(store, agent="'; DROP TABLE drift_sketches").items == []


def test_content_takes_part_in_the_list(store: Store) -> None:
    keep(store, said(13, refusing))

    found = compared(store)

    assert found.compared == sum(one.verdict != "unknown" for one in found.items)
    assert found.items[0].metric == CONTENT
    assert found.differing == 1
