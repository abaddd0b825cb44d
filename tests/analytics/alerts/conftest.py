from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.analytics.alerts.post_office import PostOffice
from tests.analytics.alerts.receiver import Receiver, receiving
from tests.analytics.state.databases import engine, postgresql_address, state_dsn

__all__ = ["engine", "postgresql_address", "state_dsn"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def post(engine: Engine, receiver: Receiver) -> Iterator[PostOffice]:
    with PostOffice(engine, receiver.url) as office:
        yield office
