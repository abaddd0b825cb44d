from pathlib import Path

import pytest

from collector.keys.key import KEY_FORM
from collector.keys.keyring import Keyring
from doldrums.local_keys import LocalKeys, make_local_keys, read_local_keys


def test_every_start_makes_keys_of_its_own_for_its_user_alone(tmp_path: Path) -> None:
    make_local_keys(tmp_path)
    first = read_local_keys(tmp_path)
    make_local_keys(tmp_path)
    second = read_local_keys(tmp_path)

    texts = [*vars(first).values(), *vars(second).values()]
    assert len(set(texts)) == 6
    assert all(KEY_FORM.fullmatch(text) for text in texts)
    assert [path.name for path in tmp_path.iterdir()] == ["local-keys.json"]
    assert (tmp_path / "local-keys.json").stat().st_mode & 0o777 == 0o600


def test_each_part_may_do_its_own(tmp_path: Path) -> None:
    make_local_keys(tmp_path)
    texts = read_local_keys(tmp_path)
    ring = Keyring(texts.keys("shop"), None)

    may = {name: ring.keys[text[3:11]] for name, text in vars(texts).items()}

    assert {name: (key.project, set(key.scopes)) for name, key in may.items()} == {
        "operator": ("default", {"ingest", "query", "admin", "operator"}),
        "dashboard": ("shop", {"query"}),
        "feed": ("default", {"ingest"}),
    }


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{", b'{"other": "x"}', b'{"operator": "pk_1"}'])
def test_a_file_that_says_nothing_makes_nobody_known(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "local-keys.json").write_bytes(content)

    assert read_local_keys(tmp_path).keys("shop") == []


def test_without_a_start_there_are_none(tmp_path: Path) -> None:
    assert read_local_keys(tmp_path) == LocalKeys()
