"""Detectors: the registry."""

from analytics.detectors.deadlock import Deadlock
from analytics.detectors.detector import Detector
from analytics.detectors.stuck_span import StuckSpan

DETECTORS: tuple[Detector, ...] = (Deadlock(), StuckSpan())
