"""Where a trace began to go round in circles. Pure."""

from collections.abc import Hashable, Iterator

from analytics.detectors.loop_run import CALLS_MIN, CYCLES_MIN
from analytics.detectors.repetition import repetitions
from analytics.suspects.evidence import Evidence
from analytics.suspects.transcript import Transcript, quoted
from analytics.suspects.turn import Turn


def loop_starts(transcript: Transcript) -> Iterator[Evidence]:
    """Yield the first turn of each cycle that repeats word for word: a symptom, and so a weak reason."""
    found = repetitions(
        [_key(turn) for turn in transcript.turns],
        repeats_min=lambda period: CALLS_MIN if period == 1 else CYCLES_MIN,
    )
    for run in found:
        turn = transcript.turns[run.start]
        text = f"{run.period} turns repeat {run.repeats} times from here on: {quoted(turn.output)!r}"
        yield Evidence("loop start", "suspected", transcript.producer(run.start), run.start, text)


def _key(turn: Turn) -> Hashable:
    said = " ".join(turn.output.split())
    return (turn.agent, turn.kind, turn.tool, turn.input if turn.runs else "", said) if said else None
