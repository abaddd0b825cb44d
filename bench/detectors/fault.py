"""Fault: what is done to a run, and which detectors should say so; read from faults.toml and errors.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

# Each group is a run and a page of its own.
FILES = {
    "waits": Path(__file__).with_name("faults.toml"),
    "errors": Path(__file__).with_name("errors.toml"),
}


@dataclass(frozen=True)
class Fault:
    """One entry of a file, named as its function in `scenarios`.

    Parameters
    ----------
    about
        What happens, in a few words.
    sort
        A fault should be found; a look-alike should not. What is unsaid no detector is asked to find: neither
        a status nor a shape says it.
    expects
        Detectors of which one finding about the case is a hit.
    allows
        Detectors that may speak of it too: true, but not what is asked for.
    lasts_s
        Seconds for which it holds on, where it holds at all.
    alone
        It takes its whole process with it, and so has one of its own.
    without
        Frameworks in which it cannot happen.
    truth
        What is so in a run of it, for the manifest: `truth.truth_of`.
    """

    name: str
    about: str
    sort: Literal["fault", "look-alike", "unsaid"]
    expects: Sequence[str] = ()
    allows: Sequence[str] = ()
    lasts_s: float = 0.0
    alone: bool = False
    without: Sequence[str] = ()
    truth: Mapping[str, Any] = field(default_factory=dict)


def faults(*groups: str) -> Mapping[str, Fault]:
    """Return the faults and look-alikes of these groups, or of all, by name, in the order of the files."""
    found: dict[str, Fault] = {}
    for group in groups or FILES:
        entries = tomllib.loads(FILES[group].read_text())
        found |= {name: Fault(name=name, **entry) for name, entry in entries.items()}
    return found
