"""WorkSpan: what error chains know of a span. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSpan:
    """A span of one trace, as far as an error is concerned. Unknown strings are ''.

    Parameters
    ----------
    failed
        Its status is error, or its answer says that it failed. Who waits for a person has not failed,
        whatever its status says.
    cancelled
        It failed because somebody gave it up.
    error_text
        The message without what differs from time to time: numbers, ids, quoted values.
    message
        The message itself, or how it begins.
    start_ns, end_ns
        Unix nanoseconds; `end_ns` is 0 while it is open.
    """

    span_id: str
    parent_span_id: str
    kind: str
    name: str
    agent: str
    tool: str
    model: str
    failed: bool
    cancelled: bool
    error_type: str
    error_text: str
    message: str
    start_ns: int
    end_ns: int

    @property
    def label(self) -> str:
        """What it does, as a person would name it."""
        return self.tool or (self.model if self.kind == "llm" else "") or self.name or self.kind

    @property
    def error(self) -> tuple[str, str]:
        """Equal for the same error: its type, and its text."""
        return self.error_type, self.error_text
