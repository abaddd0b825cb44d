from datetime import timedelta

import pytest

from dashboard.source.client import Client
from dashboard.source.errors import Failing, NotFound, Unreachable
from dashboard.source.library import HELD_BYTES_MAX, SHELVES_MAX, Library
from dashboard.source.source import TRACE, Source, TraceFilter
from tests.dashboard import fleet
from tests.dashboard.fake_api import FakeApi, serving


class Clock:
    """A monotonic clock that a test turns."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source(api: FakeApi, clock: Clock) -> Source:
    return Source(Library(Client(api.url), clock))


def test_what_is_fresh_is_not_asked_for_again(api: FakeApi, source: Source, clock: Clock) -> None:
    source.stats()
    clock.seconds += 1.9
    source.stats()
    assert api.asked == ["/stats"]

    clock.seconds += 0.2
    source.stats()
    assert api.asked == ["/stats", "/stats"]


def test_a_finished_trace_is_kept_longer_than_an_open_one(api: FakeApi, source: Source, clock: Clock) -> None:
    for _ in range(2):
        source.trace(fleet.STUCK_TRACE)
        source.trace(fleet.FAILED_TRACE)
        clock.seconds += 10

    assert [asked[-4:] for asked in api.asked] == ["4736", "2a3b", "4736"]


def test_now_is_the_api_s_own_time(source: Source, clock: Clock) -> None:
    source.stats()
    clock.seconds += 5

    assert source.now() == fleet.NOW + timedelta(seconds=5)


def test_a_moving_range_is_asked_anew_and_remembered_as_one(
    api: FakeApi, source: Source, clock: Clock
) -> None:
    chosen = TraceFilter(3_600, agent="coder")
    source.stats()
    source.traces(chosen, limit=5)
    clock.seconds += 60
    source.traces(chosen, limit=5)
    api.mood = "error"
    clock.seconds += 60

    kept = source.traces(chosen, limit=5)

    assert api.asked[1].startswith("/traces?from=2026-11-23T13%3A03%3A11")
    assert len(kept.value.items) == 5
    assert isinstance(kept.trouble, Failing)


def test_an_api_that_goes_away_leaves_what_was_last_loaded(clock: Clock) -> None:
    with serving() as api:
        source = Source(Library(Client(api.url), clock))
        source.stats()
    clock.seconds += 10

    kept = source.stats()

    assert kept.value.version == "0.1.0"
    assert isinstance(kept.trouble, Unreachable)
    assert kept.trouble.since == fleet.NOW + timedelta(seconds=10)
    assert source.age_s(kept) == 10


def test_the_time_since_when_stays_while_it_lasts(api: FakeApi, source: Source, clock: Clock) -> None:
    source.stats()
    api.mood = "error"
    clock.seconds += 10
    source.stats()
    clock.seconds += 30
    trouble = source.stats().trouble
    assert trouble
    assert trouble.since == fleet.NOW + timedelta(seconds=10)

    api.mood = "normal"
    clock.seconds += 10
    assert source.stats().trouble is None


def test_what_was_never_loaded_is_an_error(clock: Clock) -> None:
    source = Source(Library(Client("http://127.0.0.1:9"), clock))

    with pytest.raises(Unreachable, match="The API does not answer"):
        source.stats()


def test_an_api_that_is_away_is_asked_once_a_second(api: FakeApi, clock: Clock) -> None:
    library = Library(Client("http://127.0.0.1:9"), clock)
    source = Source(library)
    with pytest.raises(Unreachable):
        source.stats()
    library._client = Client(api.url)

    with pytest.raises(Unreachable):
        source.stats()
    clock.seconds += 1.1
    assert source.stats().trouble is None


def test_what_does_not_exist_is_not_kept_from_before(api: FakeApi, source: Source, clock: Clock) -> None:
    source.trace(fleet.FAILED_TRACE)
    api.mood = "empty"
    clock.seconds += 100

    with pytest.raises(NotFound):
        source.trace(fleet.FAILED_TRACE)


def test_an_answer_of_another_shape_is_a_failure(api: FakeApi, source: Source) -> None:
    library = source._library

    with pytest.raises(Failing, match="understands"):
        library.read(TRACE, "stats", dict, name="odd", age_s_max=lambda _: 0)


def test_only_so_much_is_held(source: Source) -> None:
    library = source._library
    for place in range(5):
        shelf = library._shelf(f"big {place}")
        library._keep(shelf, source.stats(), HELD_BYTES_MAX // 2)

    assert sum(shelf.length_bytes for shelf in library._shelves.values()) <= HELD_BYTES_MAX


def test_only_so_many_questions_are_remembered(source: Source) -> None:
    for place in range(2 * SHELVES_MAX):
        source._library._shelf(f"traces {place}")

    assert len(source._library._shelves) == SHELVES_MAX
