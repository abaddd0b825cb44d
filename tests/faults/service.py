"""The whole service under load, and what all scenarios on it end with."""

from tests.faults.clients import Clients
from tests.faults.parts import assert_all_stored_once
from tests.service import Service, until


def end(service: Service, clients: Clients) -> None:
    """Wait until it is well again without help, stop it, and compare acknowledged with stored.

    What a client was refused may be stored all the same: the answer was lost, not the spans.
    """
    # it is not ready while what it acknowledged waits: a backlog of minutes is loaded first
    until(lambda: _all_loaded(service), 900, lambda: service.log()[-3000:])
    until(service.is_ready, 120, lambda: service.log()[-3000:])
    assert service.stop() == 0
    assert clients.answers.keys() <= {0, 200, 503}
    assert clients.without_retry_after == 0
    assert_all_stored_once(service.folder, clients.acknowledged, clients.sent)


def _all_loaded(service: Service) -> bool:
    journal = service.folder / "journal"
    return not [*(journal / "open").iterdir(), *(journal / "sealed").iterdir()]
