from pathlib import Path

import pytest

from collector.keys.key import Key, anonymous
from collector.keys.key_file import FILE_NAME, write_keys
from collector.keys.keyring import Keyring
from doldrums.announcement import announcement
from doldrums.settings import Settings


@pytest.mark.parametrize(("served", "said"), [(anonymous(), False), (None, True)])
def test_it_says_when_a_key_is_needed(tmp_path: Path, served: Key | None, *, said: bool) -> None:
    write_keys(tmp_path / FILE_NAME, Keyring((), served))

    assert ("x-api-key=KEY" in announcement(Settings(data_dir=tmp_path), with_dashboard=False)) == said
