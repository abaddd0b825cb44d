"""Hard errors: calls that failed, and who wrote what failed. Pure.

Definition: `reference/detectors.md` 2.3 and 3.15. To be blamed is who produced the input that failed, not
what executed it; unless what was called is out of order itself.
"""

from collections.abc import Iterator

from analytics.suspects.contract_break import is_empty
from analytics.suspects.error_marker import Marker, error_marker
from analytics.suspects.evidence import Evidence
from analytics.suspects.transcript import Transcript, quoted


def hard_errors(transcript: Transcript) -> Iterator[Evidence]:
    """Yield each call that failed; no more than suspected if the same went well later: it was handled."""
    parents = {turn.parent_span_id for turn in transcript.turns if turn.failed} - {""}
    markers = [_marker(transcript, place, parents) for place in range(len(transcript.turns))]
    last_success = {
        (turn.agent, turn.name): place
        for place, turn in enumerate(transcript.turns)
        if turn.runs and not turn.failed and not markers[place] and not is_empty(turn.output)
    }
    for place, marker in enumerate(markers):
        if marker:
            turn = transcript.turns[place]
            handled_at = last_success.get((turn.agent, turn.name), -1)
            yield _evidence(transcript, place, marker, handled_at if handled_at > place else None)


def _marker(transcript: Transcript, place: int, parents: set[str]) -> Marker | None:
    """Return what says that a turn failed; what failed because of a part of it says nothing of its own."""
    turn = transcript.turns[place]
    if turn.failed:
        said = error_marker(turn.error) or error_marker(turn.output)
        return None if turn.span_id in parents else said or Marker(turn.error or "its status is error")
    return error_marker(turn.output) if turn.runs else None


def _evidence(transcript: Transcript, place: int, marker: Marker, handled_at: int | None) -> Evidence:
    turn = transcript.turns[place]
    at = place if marker.is_theirs else transcript.producer(place)
    what = "what it wrote failed" if at != place else "it failed"
    where = f" when {turn.name} ran it" if at != place else ""
    text = f"{what}{where}: {quoted(marker.text)}"
    if handled_at is None:
        return Evidence("hard error", "confirmed", at, place, text)
    text += f"; {turn.name} went well later (turn {handled_at})"
    return Evidence("hard error", "suspected", at, place, text)
