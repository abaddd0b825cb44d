"""Nothing is deleted while something is loaded, and the other way round."""

import threading

from collector.loader.gate import Gate
from tests.service import until


def test_it_closes_when_the_last_has_loaded_and_opens_again() -> None:
    gate, order = Gate(), list[str]()

    def delete() -> None:
        with gate.closed():
            order.append("deleted")

    with gate.loading(), gate.loading():
        deleting = threading.Thread(target=delete)
        deleting.start()
        until(lambda: gate._closed, 10)
        order.append("loaded")
    deleting.join(10)
    with gate.loading():
        order.append("loaded again")

    assert order == ["loaded", "deleted", "loaded again"]


def test_nothing_is_loaded_while_something_is_deleted() -> None:
    gate, order = Gate(), list[str]()

    def load() -> None:
        with gate.loading():
            order.append("loaded")

    loading = threading.Thread(target=load)
    with gate.closed():
        loading.start()
        loading.join(0.2)
        order.append("deleted")
    loading.join(10)

    assert order == ["deleted", "loaded"]
