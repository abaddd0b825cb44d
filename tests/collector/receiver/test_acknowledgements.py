"""Who waits for a write hears of it, and of nobody else's giving up."""

import asyncio
from concurrent.futures import Future

import pytest

from collector.receiver.acknowledgements import Acknowledgements


def running() -> Future[None]:
    future: Future[None] = Future()
    future.set_running_or_notify_cancel()
    return future


async def waiting(stored: Future[None], number: int) -> list[asyncio.Task[None]]:
    acknowledgements = Acknowledgements()
    tasks = [asyncio.create_task(acknowledgements.wait(stored)) for _ in range(number)]
    await asyncio.sleep(0)
    return tasks


def test_all_who_wait_for_a_write_are_told() -> None:
    async def scene() -> None:
        stored = running()
        tasks = await waiting(stored, 3)

        await asyncio.to_thread(stored.set_result, None)

        assert await asyncio.gather(*tasks) == [None] * 3

    asyncio.run(scene())


def test_all_who_wait_hear_why_it_failed() -> None:
    async def scene() -> None:
        stored = running()
        tasks = await waiting(stored, 2)

        await asyncio.to_thread(stored.set_exception, OSError("no room"))

        for task in tasks:
            with pytest.raises(OSError, match="no room"):
                await task

    asyncio.run(scene())


def test_who_gives_up_takes_nothing_from_the_others() -> None:
    async def scene() -> None:
        stored = running()
        one, other = await waiting(stored, 2)

        one.cancel()
        await asyncio.to_thread(stored.set_result, None)

        await other
        assert one.cancelled() or one.cancelling()

    asyncio.run(scene())


def test_what_is_written_already_is_not_waited_for() -> None:
    async def scene() -> None:
        stored = running()
        stored.set_result(None)

        await Acknowledgements().wait(stored)

    asyncio.run(scene())
