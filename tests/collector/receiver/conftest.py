from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.collector.receiver.process import ReceiverProcess, receiver_in


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReceiverProcess]:
    """One receiver for the tests of a file; it seals no segment meanwhile."""
    data_dir: Path = tmp_path_factory.mktemp("receiver") / "data"
    with receiver_in(data_dir, segment_age_ms_max=600_000, segment_bytes_max=1 << 40) as started:
        yield started
