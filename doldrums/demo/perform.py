"""perform: plays one part, asking whoever drives it for time and for artifacts."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import Enum
from math import inf

from doldrums_client.attributes import WAIT_KIND, WAIT_ON, WAIT_RESOURCE
from opentelemetry.context import Context

from doldrums.demo.dialect import Scene, Wording
from doldrums.demo.recorder import Recorder, SetbackError
from doldrums.demo.script import (
    Await,
    Fault,
    HandOff,
    Move,
    Part,
    Publish,
    Rest,
    Run,
    Think,
    Use,
    turn_of,
)

_HAND_OFF_S = 0.03


class Outcome(Enum):
    """How a wish for an artifact ended."""

    READY = "ready"
    TIMED_OUT = "timed out"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Pause:
    """Please let this much time pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Wish:
    """Please wait for this artifact, at most so long, and tell how it ended."""

    artifact: str
    limit_s: float = inf


# A part asks for these; only a wish has an answer worth reading.
Request = Pause | Wish | Publish
Performance = Generator[Request, Outcome, None]


def perform(run: Run, part: Part, parent: Context, recorder: Recorder) -> Performance:
    """Play `part` of `run`; a failure that nothing in the script deals with is raised."""
    if part.on_call and (yield Wish(turn_of(part.agent.name))) is not Outcome.READY:
        return
    player = _Player(run, part, recorder)
    with recorder.span(recorder.dialect.agent(run, part), parent) as context:
        try:
            yield from player.play(part.moves, context)
        except SetbackError:
            if not part.rescue:
                raise
            yield from player.play(part.rescue, context)


@dataclass(slots=True)
class _Player:
    run: Run
    part: Part
    recorder: Recorder
    calls: int = 0

    def play(self, moves: Sequence[Move], context: Context) -> Performance:
        for move, following in zip(moves, (*moves[1:], None), strict=True):
            yield from self._play_one(move, following, context)

    def _play_one(self, move: Move, following: Move | None, context: Context) -> Performance:
        dialect = self.recorder.dialect
        match move:
            case Rest(seconds):
                yield Pause(seconds)
            case Publish():
                yield move
            case Think():
                scene = Scene(self.run, self.part, self._call_id(self.calls + 1), _tool_name(following))
                yield from self._take_time(dialect.think(move, scene), context, move.seconds, move.fault)
            case Use():
                yield from self._take_time(
                    dialect.use(move, self._next_call()), context, move.seconds, move.fault
                )
            case HandOff(to):
                yield from self._take_time(
                    dialect.hand_off(move, self._next_call()), context, _HAND_OFF_S, None
                )
                yield Publish(turn_of(to))
            case Await():
                yield from self._wait(move, context)

    def _take_time(
        self, wording: Wording, context: Context, seconds: float, fault: Fault | None
    ) -> Performance:
        with self.recorder.span(wording, context, fault):
            yield Pause(seconds)
        if fault and fault.fatal:
            raise SetbackError(fault)

    def _wait(self, move: Await, context: Context) -> Performance:
        with self.recorder.span(self._wait_wording(move), context):
            outcome = yield Wish(move.artifact, move.limit_s)
            if outcome is Outcome.TIMED_OUT:
                message = f"no {move.artifact} from {move.owner} after {move.limit_s:g} s"
                raise SetbackError(Fault("TimeoutError", message))
            if outcome is Outcome.CANCELLED:
                raise SetbackError(Fault("CancelledError", "the plan was changed while this waited"))

    def _wait_wording(self, move: Await) -> Wording:
        """Word the wait as the call of a tool that says whom it waits for."""
        call = Use(_tool_name(move) or "", {"from": move.owner}, f"{move.artifact} received", 0)
        wording = self.recorder.dialect.use(call, self._next_call())
        wait = {WAIT_ON: move.owner, WAIT_KIND: "agent", WAIT_RESOURCE: move.artifact}
        return Wording(wording.name, {**wording.start, **wait}, wording.end, wording.kind)

    def _next_call(self) -> Scene:
        self.calls += 1
        return Scene(self.run, self.part, self._call_id(self.calls))

    def _call_id(self, number: int) -> str:
        return f"call_{self.part.agent.name}_{number:03}"


def _tool_name(move: Move | None) -> str | None:
    match move:
        case Use(tool=tool):
            return tool
        case Await(artifact=artifact):
            return f"await_{artifact}"
        case HandOff(to=to):
            return f"transfer_to_{to}"
        case _:
            return None
