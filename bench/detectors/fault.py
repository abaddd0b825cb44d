"""Fault: what is done to a run, and which detectors should say so; read from faults.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FILE = Path(__file__).with_name("faults.toml")


@dataclass(frozen=True)
class Fault:
    """One entry of faults.toml, named as its function in `scenarios`.

    Parameters
    ----------
    about
        What happens, in a few words.
    sort
        A fault should be found; a look-alike should not.
    expects
        Detectors of which one finding about the case is a hit.
    allows
        Detectors that may speak of it too: true, but not what is asked for.
    lasts_s
        Seconds for which it holds on, where it holds at all.
    alone
        It takes its whole process with it, and so has one of its own.
    """

    name: str
    about: str
    sort: Literal["fault", "look-alike"]
    expects: Sequence[str] = ()
    allows: Sequence[str] = ()
    lasts_s: float = 0.0
    alone: bool = False


def faults() -> Mapping[str, Fault]:
    """Return all faults and look-alikes by name, in the file's order."""
    entries = tomllib.loads(FILE.read_text())
    return {name: Fault(name=name, **entry) for name, entry in entries.items()}
