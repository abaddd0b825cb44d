"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option(help="Settings file. Without it ./doldrums.toml, if there is one; the environment wins."),
]
