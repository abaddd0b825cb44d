"""Detectors: the registry."""

from analytics.detectors.deadlock import Deadlock
from analytics.detectors.detector import Detector
from analytics.detectors.missed_deadline import MissedDeadline
from analytics.detectors.orphan import Orphan
from analytics.detectors.silent_source import SilentSource
from analytics.detectors.silent_trace import SilentTrace
from analytics.detectors.stuck_span import StuckSpan

DETECTORS: tuple[Detector, ...] = (
    Deadlock(),
    SilentSource(),
    StuckSpan(),
    SilentTrace(),
    Orphan(),
    MissedDeadline(),
)
