from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from collector.loader import segment_reader
from collector.receiver import limits
from doldrums.settings import Settings
from doldrums.settings_page import settings_page

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_page_is_what_the_settings_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_page(), "run `make docs`"


def test_every_setting_has_its_meaning() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("bounds", [limits.Limits, segment_reader.Cuts], ids=["receiver", "loader"])
def test_every_bound_is_a_setting_with_the_same_default(bounds: Any) -> None:
    settings = Settings.model_fields

    assert {bound.name: bound.default for bound in fields(bounds)} == {
        bound.name: settings[bound.name].default for bound in fields(bounds)
    }
