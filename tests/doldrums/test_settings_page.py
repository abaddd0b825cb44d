from pathlib import Path

from doldrums.settings import Settings
from doldrums.settings_page import settings_page

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_page_is_what_the_settings_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_page(), "run `make docs`"


def test_every_setting_has_its_meaning() -> None:
    assert all(field.description for field in Settings.model_fields.values())
