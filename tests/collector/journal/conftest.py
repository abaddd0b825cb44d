from pathlib import Path

import pytest

from collector.journal.segment import Folders


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Folders of a journal, made."""
    made = Folders(tmp_path / "data")
    made.create()
    return made
