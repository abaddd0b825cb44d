"""One receiver for the tests that do not stop or change it."""

from collections.abc import Iterator

import pytest

from tests.collector.receiver.process import ReceiverProcess, receiver_in


@pytest.fixture(scope="session")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReceiverProcess]:
    data_dir = tmp_path_factory.mktemp("conformance") / "data"
    with receiver_in(
        data_dir,
        segment_age_ms_max=600_000,
        segment_bytes_max=1 << 40,
        path_prefixes=["/collector"],
        cors_allowed_origins=["https://*.example.com", "http://localhost:3000"],
    ) as started:
        yield started


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReceiverProcess]:
    """A receiver on a disk that is too full, with every setting left as it is."""
    with receiver_in(tmp_path_factory.mktemp("full") / "data", free_bytes_min=1 << 60) as started:
        yield started
