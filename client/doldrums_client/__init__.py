"""doldrums-client: reports what an agent is doing now, not only what it has done."""

from doldrums_client.counters import Counters
from doldrums_client.locks import acquire
from doldrums_client.processor import OpenSpanProcessor
from doldrums_client.rhythm import Rhythm
from doldrums_client.waits import waiting_for

__all__ = ["Counters", "OpenSpanProcessor", "Rhythm", "acquire", "waiting_for"]
