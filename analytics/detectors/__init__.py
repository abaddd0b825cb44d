"""Detectors: the registry."""

from analytics.detectors.call_cycle import CallCycle
from analytics.detectors.detector import Detector
from analytics.detectors.missing_timeout import MissingTimeout
from analytics.detectors.single_point_of_failure import SinglePointOfFailure
from analytics.detectors.stuck_span import StuckSpan

DETECTORS: tuple[Detector, ...] = (StuckSpan(), CallCycle(), MissingTimeout(), SinglePointOfFailure())
