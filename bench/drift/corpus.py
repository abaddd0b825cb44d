"""Texts of documentation, as they are and as changes make them, with what is measured of them."""

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.drift import text
from analytics.series.refusal import refuses
from bench.drift.peers.run import run

_REFUSALS = (
    "I'm sorry, but I can't help with that request.",
    "I cannot assist with this. Please ask something else.",
    "Unfortunately, I am unable to provide this information.",
    "As an AI language model, I can't do that.",
    "I apologize, but this is something I'm not able to answer.",
)

Floats = NDArray[np.float64]


class Measured(NamedTuple):
    """What is measured of texts: form, chat phrases and refusal as categories, descriptors, sketches."""

    named: NDArray[np.int64]
    described: Floats
    sketched: Floats

    def taken(self, order: NDArray[np.int64]) -> "Measured":
        """Return those of some texts, as a copy."""
        return Measured(self.named[order], self.described[order], self.sketched[order])


# Categories by their numbers, as they come.
CATEGORIES: dict[str, int] = {}


class Corpus:
    """Texts with what is counted of them, as they are and as each change makes them."""

    def __init__(self, texts: Sequence[tuple[str, str]]) -> None:
        self.service = np.array([service for service, _ in texts])
        self.texts = [one for _, one in texts]
        self._basis = text.shipped_basis()
        self.plain = self._counted(self.texts)
        self._changed: dict[str, Measured] = {}

    def changed(self, name: str) -> Measured:
        """Return what is measured of all texts after a change."""
        if name not in self._changed:
            self._changed[name] = self._counted(
                [CHANGES[name](one, place) for place, one in enumerate(self.texts)]
            )
        return self._changed[name]

    def _counted(self, texts: Sequence[str]) -> Measured:
        named = [
            [_number(text.form(one)), _number(text.chat_phrases(one)), _number(str(refuses(one)))]
            for one in texts
        ]
        described = np.stack([text.descriptors(one) for one in texts])
        sketched = np.stack([text.sketch(text.hashes(one), self._basis) for one in texts])
        return Measured(np.array(named), described, sketched.astype(np.float32))


def _number(category: str) -> int:
    return CATEGORIES.setdefault(category, len(CATEGORIES))


def _bullets(one: str, _: int) -> str:
    return "\n".join(f"- {sentence}" for sentence in one.split(". "))


CHANGES: dict[str, Callable[[str, int], str]] = {
    "truncated": lambda one, _: one[: len(one) // 2],
    "refusals": lambda _, place: _REFUSALS[place % len(_REFUSALS)],
    "bullets": _bullets,
    "sure": lambda one, _: f"Sure! Here is the information you asked for: {one}",
}


def botocore() -> list[tuple[str, str]]:
    """Return service and text of all that botocore installs with."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.jsonl"
        run("botocore_texts", path).check_returncode()
        return [(service, one) for service, one in map(json.loads, path.read_text().splitlines())]
