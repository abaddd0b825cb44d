"""Waits and locks as spans."""

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from doldrums_client import Rhythm, acquire, waiting_for
from doldrums_client.waits import seconds_until
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode, Tracer

from client.tests.otlp_receiver import OtlpReceiver, until
from client.tests.spans import ONCE, Traced, posting_json


@pytest.fixture
def kept() -> Iterator[tuple[Tracer, InMemorySpanExporter]]:
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield provider.get_tracer("crew"), exporter
    provider.shutdown()


def said(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


def holders(exporter: InMemorySpanExporter) -> list[str]:
    """Return whose holds have ended, in the order of their ends."""
    spans = exporter.get_finished_spans()
    names = {span.context.span_id: span.name for span in spans}
    return [names[span.parent.span_id] for span in spans if span.name.startswith("hold")]


Kept = tuple[Tracer, InMemorySpanExporter]


class TestWaitingFor:
    def test_a_wait_says_for_whom_for_what_and_until_when(self, kept: Kept) -> None:
        tracer, exporter = kept
        with waiting_for("coder", resource="code", deadline=timedelta(minutes=1), tracer=tracer):
            assert exporter.get_finished_spans() == ()

        (span,) = exporter.get_finished_spans()
        assert span.name == "wait for coder"
        assert said(span) == {
            "doldrums.wait.on": "coder",
            "doldrums.wait.kind": "agent",
            "doldrums.wait.resource": "code",
            "doldrums.wait.timeout_s": 60.0,
        }

    def test_a_race_names_all_and_how_many_it_needs(self, kept: Kept) -> None:
        tracer, exporter = kept
        with waiting_for(["ann", "bob"], kind="human", needed=1, tracer=tracer):
            pass

        (span,) = exporter.get_finished_spans()
        assert said(span) == {
            "doldrums.wait.on": ("ann", "bob"),
            "doldrums.wait.kind": "human",
            "doldrums.wait.needed": 1,
        }

    def test_what_goes_wrong_in_the_block_is_the_wait_s_error_and_goes_on(self, kept: Kept) -> None:
        tracer, exporter = kept
        with pytest.raises(TimeoutError), waiting_for("coder", tracer=tracer):
            raise TimeoutError

        (span,) = exporter.get_finished_spans()
        assert span.status.status_code is StatusCode.ERROR

    def test_a_deadline_is_a_number_a_duration_or_a_time(self) -> None:
        assert seconds_until(5) == 5.0
        assert seconds_until(timedelta(seconds=5)) == 5.0
        assert 4 < seconds_until(datetime.now(UTC) + timedelta(seconds=5)) <= 5
        assert seconds_until(datetime.now(UTC) - timedelta(seconds=5)) == 0


class TestAcquire:
    def test_a_free_lock_is_held_and_not_waited_for(self, kept: Kept) -> None:
        tracer, exporter = kept
        lock = threading.Lock()
        with acquire(lock, "index", tracer=tracer) as held:
            assert held is lock
            assert lock.locked()

        assert not lock.locked()
        (hold,) = exporter.get_finished_spans()
        assert said(hold) == {"doldrums.holds": "index", "doldrums.holds.capacity": 1}

    def test_a_lock_that_is_taken_is_waited_for(self, kept: Kept) -> None:
        tracer, exporter = kept
        lock = threading.Lock()
        lock.acquire()
        threading.Timer(0.05, lock.release).start()
        with acquire(lock, "index", deadline=60, tracer=tracer):
            (wait,) = exporter.get_finished_spans()

        assert said(wait)["doldrums.wait.kind"] == "lock"
        assert said(wait)["doldrums.wait.on"] == "index"

    def test_a_lock_that_is_not_given_back_in_time_is_an_error(self, kept: Kept) -> None:
        tracer, exporter = kept
        lock = threading.Lock()
        lock.acquire()
        with pytest.raises(TimeoutError, match=r"'index' was not given back within 0\.01 s"):
            acquire(lock, "index", deadline=0.01, tracer=tracer).__enter__()

        (wait,) = exporter.get_finished_spans()
        assert wait.status.status_code is StatusCode.ERROR

    def test_a_deadline_counts_from_when_the_lock_is_asked_for(self, kept: Kept) -> None:
        tracer, exporter = kept
        lock = threading.Lock()
        soon = acquire(lock, "index", deadline=datetime.now(UTC) + timedelta(seconds=0.2), tracer=tracer)
        lock.acquire()
        time.sleep(0.2)
        with pytest.raises(TimeoutError):
            soon.__enter__()

        (wait,) = exporter.get_finished_spans()
        assert said(wait)["doldrums.wait.timeout_s"] == 0

    def test_a_task_s_deadline_counts_from_when_the_lock_is_asked_for(self, kept: Kept) -> None:
        tracer, exporter = kept

        async def be_late() -> None:
            lock = asyncio.Lock()
            soon = acquire(lock, "index", deadline=datetime.now(UTC) + timedelta(seconds=0.2), tracer=tracer)
            await lock.acquire()
            await asyncio.sleep(0.2)
            with pytest.raises(TimeoutError):
                await soon.__aenter__()

        asyncio.run(be_late())

        (wait,) = exporter.get_finished_spans()
        assert said(wait)["doldrums.wait.timeout_s"] == 0

    def test_a_semaphore_says_how_many_may_hold_it(self, kept: Kept) -> None:
        tracer, exporter = kept
        slots = threading.Semaphore(2)
        with (
            acquire(slots, "gpu", capacity=2, tracer=tracer),
            acquire(slots, "gpu", capacity=2, tracer=tracer),
        ):
            pass

        assert [said(hold)["doldrums.holds.capacity"] for hold in exporter.get_finished_spans()] == [2, 2]

    def test_tasks_wait_for_a_lock_of_asyncio(self, kept: Kept) -> None:
        tracer, exporter = kept

        async def contend() -> None:
            lock = asyncio.Lock()
            await lock.acquire()
            asyncio.get_running_loop().call_later(0.05, lock.release)
            async with acquire(lock, "index", tracer=tracer):
                assert lock.locked()
            assert not lock.locked()
            await lock.acquire()
            with pytest.raises(TimeoutError, match="index"):
                await acquire(lock, "index", deadline=0.01, tracer=tracer).__aenter__()

        asyncio.run(contend())

        assert [span.name for span in exporter.get_finished_spans()] == [
            "wait for index",
            "hold index",
            "wait for index",
        ]

    def test_a_lock_on_its_way_to_another_task_is_waited_for_no_longer_than_the_deadline(
        self, kept: Kept
    ) -> None:
        tracer, exporter = kept

        async def contend() -> None:
            lock, is_over = asyncio.Lock(), asyncio.Event()
            await lock.acquire()
            queued = asyncio.create_task(hold(lock, is_over))
            await asyncio.sleep(0)
            lock.release()
            assert not lock.locked()  # though the task that queues has it as good as taken
            with pytest.raises(TimeoutError, match="index"):
                await acquire(lock, "index", deadline=0.01, tracer=tracer).__aenter__()
            is_over.set()
            await queued

        async def hold(lock: asyncio.Lock, is_over: asyncio.Event) -> None:
            async with lock:
                await is_over.wait()

        asyncio.run(asyncio.wait_for(contend(), timeout=30))

        (wait,) = exporter.get_finished_spans()
        assert wait.name == "wait for index"

    @pytest.mark.parametrize("make", [asyncio.Lock, asyncio.Semaphore])
    @pytest.mark.parametrize("deadline", [None, 0, 60])
    def test_a_task_that_gives_up_leaves_the_lock_to_others(
        self, kept: Kept, make: type[asyncio.Lock | asyncio.Semaphore], deadline: float | None
    ) -> None:
        async def give_up() -> None:
            lock = make()
            async with acquire(lock, "index", deadline=deadline, tracer=kept[0]):
                late = asyncio.create_task(
                    acquire(lock, "index", deadline=deadline, tracer=kept[0]).__aenter__()
                )
                await asyncio.sleep(0)
                late.cancel()
                with pytest.raises((asyncio.CancelledError, TimeoutError)):
                    await late
            async with acquire(lock, "index", deadline=0, tracer=kept[0]):
                assert lock.locked()
            assert not lock.locked()

        asyncio.run(asyncio.wait_for(give_up(), timeout=30))

    def test_one_object_keeps_the_holds_of_several_threads_apart(self, kept: Kept) -> None:
        tracer, exporter = kept
        slots = acquire(threading.Semaphore(2), "gpu", capacity=2, tracer=tracer)
        both = threading.Barrier(3, timeout=30)
        leave = {"first": threading.Event(), "second": threading.Event()}

        def work(name: str) -> None:
            with tracer.start_as_current_span(name), slots:
                both.wait()
                leave[name].wait(30)

        threads = {name: threading.Thread(target=work, args=[name]) for name in leave}
        for thread in threads.values():
            thread.start()
        both.wait()
        for name, thread in threads.items():
            leave[name].set()
            thread.join()

        assert holders(exporter) == ["first", "second"]

    def test_one_object_keeps_the_holds_of_several_tasks_apart(self, kept: Kept) -> None:
        tracer, exporter = kept

        async def share() -> None:
            slots, both = acquire(asyncio.Semaphore(2), "gpu", tracer=tracer), asyncio.Event()

            async def work(name: str, until: asyncio.Event) -> None:
                with tracer.start_as_current_span(name):
                    async with slots:
                        await until.wait()

            second = asyncio.create_task(work("second", both))
            first = asyncio.create_task(work("first", asyncio.Event()))
            await asyncio.sleep(0)
            first.cancel()
            await asyncio.wait([first])
            both.set()
            await second

        asyncio.run(asyncio.wait_for(share(), timeout=30))

        assert holders(exporter) == ["first", "second"]

    def test_a_lock_may_be_given_back_by_another_thread(self, kept: Kept) -> None:
        tracer, exporter = kept
        lock = threading.Lock()
        taken = acquire(lock, "index", tracer=tracer)
        taken.__enter__()

        thread = threading.Thread(target=taken.__exit__, args=[None, None, None])
        thread.start()
        thread.join()

        assert not lock.locked()
        assert [span.name for span in exporter.get_finished_spans()] == ["hold index"]

    def test_what_the_block_does_stays_below_whoever_holds_the_lock(self, kept: Kept) -> None:
        tracer, exporter = kept
        with (
            tracer.start_as_current_span("agent") as agent,
            acquire(threading.Lock(), "index", tracer=tracer),
            tracer.start_as_current_span("work"),
        ):
            pass

        parents = {span.name: span.parent and span.parent.span_id for span in exporter.get_finished_spans()}
        assert parents["work"] == parents["hold index"] == agent.get_span_context().span_id


def test_a_hold_is_reported_at_its_start_and_beats_like_a_wait(
    receiver: OtlpReceiver, traced: Traced
) -> None:
    tracer = traced(posting_json(receiver, ONCE))
    with acquire(threading.Lock(), "index", tracer=tracer):
        until(lambda: receiver.open("hold index"))
        (hold,) = receiver.open("hold index")
        assert hold

    span = tracer.start_span("it", attributes={"doldrums.holds": "index"})
    assert Rhythm().next_s(span) == Rhythm().wait_beat_s
    span.end()
