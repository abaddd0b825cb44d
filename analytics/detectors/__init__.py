"""Detectors: the registry."""

from analytics.detectors.detector import Detector
from analytics.detectors.loop import Loop
from analytics.detectors.retry_amplification import RetryAmplification
from analytics.detectors.retry_storm import RetryStorm
from analytics.detectors.runaway import Runaway
from analytics.detectors.stuck_span import StuckSpan

DETECTORS: tuple[Detector, ...] = (StuckSpan(), Loop(), Runaway(), RetryStorm(), RetryAmplification())
