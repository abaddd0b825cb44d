"""What is measured of one output: its length, language, form and numbers. Pure; the text is anybody's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.contracts.payload import CHARACTERS_MAX, Payload, payload
from analytics.drift.text import DESCRIPTORS, chat_phrases, descriptors, form, hashes
from analytics.series.answer import answer
from analytics.series.fields import Structure, structure
from analytics.series.language import language
from analytics.series.refusal import refuses

# Shapes of what is no document; what begins as one is broken.
_SHAPES = {"text": "text", "broken": "not JSON", "empty": "empty"}
FORMS = tuple(_SHAPES.values())
# Of a document, or of one that is a string in JSON.
_BEGINNINGS = ("{", "[", '"', "null")


class Measure(NamedTuple):
    """One metric of one call: a number, or the name of a category."""

    metric: str
    value: float | str


@dataclass(frozen=True, slots=True)
class Measured:
    """What is kept of one output; nothing of it are its words.

    Parameters
    ----------
    measures
        Length, refusal, language, shape, form, chat phrases and the descriptors of `analytics.drift.text`.
    hashes
        Of its words and pairs of words.
    structure
        Where it is a document.
    """

    measures: tuple[Measure, ...]
    hashes: NDArray[np.int64]
    structure: Structure | None


def measured(text: str | None) -> Measured | None:
    """Return what is measured of an output; None where there is none, or it asks for tools alone.

    Parameters
    ----------
    text
        As it was captured, `CHARACTERS_MAX` + 1 characters at most.
    """
    said = answer(text or "")
    if said is None:
        return None
    # to look for words of an error in every text takes a third of the time of all
    found = payload(said) if said.lstrip().startswith(_BEGINNINGS) else Payload("text")
    document = structure(found.value) if found.form == "json" else None
    return Measured(tuple(_measures(said, found.form, document)), np.array(hashes(said), np.int64), document)


def _measures(said: str, read_as: str, document: Structure | None) -> Iterator[Measure]:
    # of a longer text no more is read
    yield Measure("output length", float(min(len(said), CHARACTERS_MAX)))
    yield Measure("refusal", "yes" if refuses(said) else "no")
    yield Measure("language", language(said) if document is None else "JSON")
    if shape := _shape(read_as, document):
        yield Measure("output shape", shape)
    yield Measure("text form", form(said) if document is None else "JSON")
    yield Measure("text chat phrases", chat_phrases(said))
    for name, value in zip(DESCRIPTORS, descriptors(said).tolist(), strict=True):
        yield Measure(f"text {name}", value)


def _shape(read_as: str, document: Structure | None) -> str:
    if document is not None:
        return document.shape
    return _SHAPES.get(read_as, "")
