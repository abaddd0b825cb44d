"""What a speaker said: a bounded sample of answers that are still stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.contracts.texts import read_texts
from analytics.series.answer import answer
from analytics.series.key import SeriesKey
from collector.store.statement import statement
from collector.store.store import Store

# Of each side of a drift: so many, or of so many characters; and steps that they are drawn from.
ANSWERS_MAX = 1_000
CHARACTERS_MAX = 1_500_000
STEPS_MAX = 100_000
TEXT_CHARACTERS_MAX = 20_000
# Texts of as many calls are in memory at once.
_BATCH = 100
_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: which call it is of, and its words, None where they are not stored any more."""

    trace: str
    span: str
    text: str | None


def said(store: Store, key: SeriesKey, hours: tuple[int, int]) -> Sequence[Said]:
    """Return answers of [first, end), in seconds since the epoch, drawn by chance."""
    parameters = {
        **key._asdict(),
        "from_ns": hours[0] * _S,
        "until_ns": hours[1] * _S,
        "steps_max": STEPS_MAX,
        "answers_max": ANSWERS_MAX,
    }
    rows = store.query(statement(__package__, "answers_of.sql"), parameters)
    calls = [(row["trace"], row["span"]) for row in rows]
    found: list[Said] = []
    for start in range(0, len(calls), _BATCH):
        some = calls[start : start + _BATCH]
        texts = spoken(store, key.project, some)
        found += [Said(*call, texts.get(call)) for call in some]
        if sum(len(one.text or "") for one in found) > CHARACTERS_MAX:
            break
    return found


def spoken(store: Store, project: str, calls: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str | None]:
    """Return the words of calls, given by trace and span; of those that are not stored there are none."""
    texts = read_texts(store, [trace + span + project for trace, span in calls], inputs=False)
    return {
        (trace, span): _cut(answer(texts[trace + span + project].output or ""))
        for trace, span in calls
        if trace + span + project in texts
    }


def _cut(text: str | None) -> str | None:
    # of a longer one no more is hashed either
    return text and text[:TEXT_CHARACTERS_MAX]
