"""GET /readyz of a real receiver is 503 while its journal cannot be written, and 200 again by itself."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import span
from tests.collector.otlp.builders import body
from tests.collector.receiver.process import ReceiverProcess, receiver_in
from tests.prometheus import samples
from tests.waiting import eventually

NOBODY = 65534
ACCEPTED = 'doldrums_receiver_spans_accepted_total{encoding="protobuf",transport="http"}'


@pytest.fixture(scope="module")
def ordinary() -> Iterator[ReceiverProcess]:
    """A receiver that is not root: root may write what nobody may."""
    user = NOBODY if os.getuid() == 0 else None
    # not below tmp_path, which only its owner may enter
    with tempfile.TemporaryDirectory(prefix="doldrums-receiver-") as folder:
        os.chown(folder, os.getuid() if user is None else user, -1)
        with receiver_in(Path(folder) / "data", user=user, segment_age_ms_max=10) as receiver:
            yield receiver


@pytest.mark.parametrize("folder", ["open", "sealed"])
def test_a_read_only_journal_is_told_and_left_by_itself(ordinary: ReceiverProcess, folder: str) -> None:
    path: Path = getattr(ordinary.folders, folder)
    settle(ordinary)

    path.chmod(0o500)
    answer = eventually(lambda: unready(ordinary))
    assert answer == {
        "status": "unavailable",
        "problem": f"the journal cannot be written: {path} is read-only",
    }
    assert ordinary.post(body(span())).status_code == 503
    assert "doldrums_receiver_ready 0.0" in ordinary.http.get("/metrics").text
    eventually(lambda: ordinary.snapshot.problem == answer["problem"])

    path.chmod(0o700)
    eventually(lambda: ordinary.http.get("/readyz").status_code == 200)
    assert ordinary.post(body(span())).status_code == 200


def test_a_journal_that_is_away_is_told_and_left_by_itself(ordinary: ReceiverProcess) -> None:
    settle(ordinary)
    path, elsewhere = ordinary.folders.open, ordinary.folders.open.with_name("elsewhere")

    path.rename(elsewhere)
    assert "cannot be read" in eventually(lambda: unready(ordinary))["problem"]

    elsewhere.rename(path)
    eventually(lambda: ordinary.http.get("/readyz").status_code == 200)
    assert ordinary.post(body(span())).status_code == 200


def settle(receiver: ReceiverProcess) -> None:
    """Wait until nothing is being written."""
    assert receiver.post(body(span())).status_code == 200
    accepted = samples(receiver.http.get("/metrics").text)[ACCEPTED]
    eventually(lambda: receiver.snapshot.sealed_spans == accepted)


def unready(receiver: ReceiverProcess) -> dict[str, str]:
    answer = receiver.http.get("/readyz")
    said: dict[str, str] = answer.json() if answer.status_code == 503 else {}
    return said
