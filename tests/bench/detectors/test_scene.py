"""What scenarios are made of."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from bench.detectors.scene import Gathering


def test_who_waits_for_a_gathering_goes_on_when_all_have_come() -> None:
    complete = Event()
    gathering = Gathering(2, complete.set)
    with ThreadPoolExecutor(1) as pool:
        gathering.join()
        waiting = pool.submit(lambda: (gathering.wait(60), complete.is_set())[1])
        assert not waiting.done()
        gathering.join()

    assert waiting.result()


def test_who_waits_for_one_that_never_comes_goes_on_too() -> None:
    complete = Event()
    gathering = Gathering(2, complete.set)
    gathering.join()

    gathering.wait(0)

    assert not complete.is_set()
