"""doldrums-client: reports what an agent is doing now, not only what it has done."""

from doldrums_client.counters import Counters
from doldrums_client.processor import OpenSpanProcessor
from doldrums_client.rhythm import Rhythm

__all__ = ["Counters", "OpenSpanProcessor", "Rhythm"]
