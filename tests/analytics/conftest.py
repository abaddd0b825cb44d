"""Spans into a store, as the loader puts them there."""

from pathlib import Path
from typing import Any

import pytest

from collector.store.store import Store
from tests.analytics.loading import loading_into


@pytest.fixture
def load(store: Store, tmp_path: Path) -> Any:
    """Load spans as one segment."""
    return loading_into(store, tmp_path)
