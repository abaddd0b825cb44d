"""Recorder: turns wordings into spans, by the clock it is given."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry.context import Context
from opentelemetry.trace import Span, Status, StatusCode, Tracer, set_span_in_context

from doldrums.demo.dialect import Dialect, Wording
from doldrums.demo.script import Fault

LEFT = Fault("CancelledError", "the demo was stopped")


class SetbackError(Exception):
    """A step failed and what follows it cannot go on."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Recorder:
    """Records the spans of one service.

    Parameters
    ----------
    clock_ns
        Returns Unix time in nanoseconds: the real one, or the past that is being played.
    """

    tracer: Tracer
    dialect: Dialect
    clock_ns: Callable[[], int]

    @contextmanager
    def span(self, wording: Wording, parent: Context, fault: Fault | None = None) -> Iterator[Context]:
        """Record what happens in the block as one span; give the context for its children.

        Parameters
        ----------
        fault
            What goes wrong by the end of the block, if anything does.
        """
        span = self.tracer.start_span(
            wording.name, parent, wording.kind, wording.start, start_time=self.clock_ns()
        )
        try:
            yield set_span_in_context(span, parent)
            if fault:
                self._fail(span, fault)
            else:
                span.set_attributes(wording.end)
        except SetbackError as setback:
            self._fail(span, setback.fault)
            raise
        except GeneratorExit:
            self._fail(span, LEFT)
            raise
        finally:
            span.end(self.clock_ns())

    def _fail(self, span: Span, fault: Fault) -> None:
        said = {"exception.type": fault.type, "exception.message": fault.message}
        span.add_event("exception", said, self.clock_ns())
        span.set_status(Status(StatusCode.ERROR, fault.message))
        if self.dialect.error_type_key:
            span.set_attribute(self.dialect.error_type_key, fault.type)
