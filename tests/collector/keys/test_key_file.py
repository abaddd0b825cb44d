"""The receiver's view of the keys follows the file that the core writes."""

from dataclasses import replace
from pathlib import Path

import pytest

from collector.errors import TransientError, Unauthenticated
from collector.keys.key import Rates, anonymous
from collector.keys.key_file import KeyFile, read_keys, write_keys
from collector.keys.keyring import Keyring
from tests.collector.keys.made import made


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def test_keys_read_back_as_they_were_written_by_their_user_alone(path: Path) -> None:
    key, _ = made("shop", "ingest", "query", expires_unix_s=5.5, rates=Rates(1, 2.5, 0))
    write_keys(path, Keyring([key], anonymous(Rates(spans_per_s=7))))

    found = read_keys(path)

    assert found is not None
    assert (found.keys, found.anonymous) == ({key.id: key}, anonymous(Rates(spans_per_s=7)))
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keys.json"]


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b"{}", b'{"keys": [{}], "anonymous": null}', b'{"keys": 5}', b"\xff"]
)
def test_without_a_file_that_can_be_read_nobody_is_let_in_and_told_to_come_again(
    path: Path, content: bytes | None
) -> None:
    if content is not None:
        path.write_bytes(content)
    keys = KeyFile(path)

    assert "cannot be read" in str(keys.problem)
    for shown in ("", made()[1]):
        with pytest.raises(TransientError):
            keys.authorise(shown, "ingest")


def test_the_first_file_counts_at_once(path: Path) -> None:
    key, text = made()
    keys = KeyFile(path, monotonic=Clock())
    with pytest.raises(TransientError):
        keys.authorise(text, "ingest")

    write_keys(path, Keyring([key], None))

    assert keys.authorise(text, "ingest") == key


def test_a_new_key_is_good_at_once_and_a_revoked_one_until_the_next_look(path: Path) -> None:
    clock = Clock()
    (old, old_text), (new, new_text) = made(), made()
    write_keys(path, Keyring([old], None))
    keys = KeyFile(path, monotonic=clock)
    keys.authorise(old_text, "ingest")

    write_keys(path, Keyring([new], None))

    assert keys.authorise(old_text, "ingest") == old
    assert keys.authorise(new_text, "ingest") == new
    clock.now_s += 0.3
    with pytest.raises(Unauthenticated):
        keys.authorise(old_text, "ingest")


def test_a_file_that_is_gone_lets_nobody_in(path: Path) -> None:
    clock = Clock()
    key, text = made()
    write_keys(path, Keyring([key], anonymous()))
    keys = KeyFile(path, monotonic=clock)
    keys.authorise(text, "ingest")

    path.unlink()
    clock.now_s += 0.3

    with pytest.raises(TransientError):
        keys.authorise(text, "ingest")


def test_what_a_service_on_loopback_left_there_opens_no_address_that_others_reach(path: Path) -> None:
    write_keys(path, Keyring((), replace(anonymous())))

    assert KeyFile(path).authorise("", "ingest").is_anonymous
    with pytest.raises(Unauthenticated):
        KeyFile(path, anonymous_too=False).authorise("", "ingest")
