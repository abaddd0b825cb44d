from prometheus_client import REGISTRY

from doldrums.periodic import Periodic
from tests.waiting import eventually


def test_work_that_fails_is_done_again() -> None:
    done: list[int] = []

    def work() -> None:
        done.append(len(done))
        raise OSError("no room")

    periodic = Periodic("tidy", work, every_s=0.001)
    periodic.start()
    eventually(lambda: len(done) > 2)
    periodic.stop(10)

    after = len(done)
    assert REGISTRY.get_sample_value("doldrums_core_work_failed_total", {"work": "tidy"}) == after
    assert not periodic._thread.is_alive()
    assert len(done) == after
