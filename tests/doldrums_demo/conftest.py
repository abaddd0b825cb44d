from collections.abc import Iterator

import pytest

from client.tests.otlp_receiver import OtlpReceiver, serving


@pytest.fixture
def receiver() -> Iterator[OtlpReceiver]:
    with serving() as one:
        yield one
