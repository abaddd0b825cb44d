"""docs/settings.md, written from the settings themselves: `make docs`."""

import sys

from pydantic.fields import FieldInfo

from doldrums.settings import Settings

PAGE = """# Settings

<!-- Written by `make docs` from doldrums/settings.py; a test compares. -->

A setting is an environment variable, `DOLDRUMS_DATA_DIR`, or a key in `doldrums.toml`, `data_dir`.
The environment wins over the file. The file is `./doldrums.toml`, or the one that `--config` names.
A name that is not in this list is an error. `doldrums doctor` says whether the values work here.

```toml
# doldrums.toml
data_dir = "/var/lib/doldrums"
api_address = "127.0.0.1:8090"

[[webhooks]]
name = "on-call"
url = "https://hooks.example.com/doldrums"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
```

Variable: `DOLDRUMS_` and the name in capitals.

| setting | default | meaning |
|---|---|---|
{rows}
"""
# Defaults that are made from another setting or from the environment.
MADE = {
    "data_dir": "~/.local/share/doldrums",
    "clickhouse_dsn": "chdb://DATA_DIR/store",
    "state_dsn": "sqlite:///DATA_DIR/state.db",
}


def settings_page() -> str:
    """Return the page as Markdown."""
    return PAGE.format(rows="\n".join(_row(name, field) for name, field in Settings.model_fields.items()))


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{name}` | {_default(name, field)} | {field.description} |"


def _default(name: str, field: FieldInfo) -> str:
    if name in MADE:
        return f"`{MADE[name]}`"
    if field.default in ((), {}, "", None):
        return "none"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"`{field.default:_}`" if isinstance(field.default, int) else f"`{field.default}`"


if __name__ == "__main__":
    sys.stdout.write(settings_page())
