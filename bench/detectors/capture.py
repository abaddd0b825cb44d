"""How much of a run the service gets to see: the columns of the score."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Capture:
    """What agents send.

    Parameters
    ----------
    name
        Also the project that it is sent to, so that no capture learns from another.
    content
        Whether spans carry the texts of prompts, calls and answers.
    open_spans
        Whether `OpenSpanProcessor` reports spans while they are open.
    waits
        Whether the agents say what they wait for and hold, by `waiting_for` and `acquire`.
    lost
        Share of spans, and of reports of open ones, that never arrive.
    """

    name: str
    content: bool = True
    open_spans: bool = True
    waits: bool = True
    lost: float = 0.0


CAPTURES = {
    capture.name: capture
    for capture in (
        Capture("plain", open_spans=False, waits=False),
        Capture("plain-no-content", content=False, open_spans=False, waits=False),
        Capture("open"),
        Capture("open-no-content", content=False),
        Capture("open-no-waits", waits=False),
        Capture("open-lost-1", lost=0.01),
        Capture("open-lost-5", lost=0.05),
        Capture("open-lost-20", lost=0.20),
    )
}
