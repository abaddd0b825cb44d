"""Detectors: the registry, in the order in which they look.

What the first ones find, others are told of: a ring explains its waits, a silent source its silence.
"""

from analytics.detectors.call_cycle import CallCycle
from analytics.detectors.contract_break import ContractBreak
from analytics.detectors.deadlock import Deadlock
from analytics.detectors.detector import Detector
from analytics.detectors.drift import Drift
from analytics.detectors.duplicate_effect import DuplicateEffect
from analytics.detectors.error_chain import ErrorChain
from analytics.detectors.loop import Loop
from analytics.detectors.missed_deadline import MissedDeadline
from analytics.detectors.missing_timeout import MissingTimeout
from analytics.detectors.orphan import Orphan
from analytics.detectors.retry_amplification import RetryAmplification
from analytics.detectors.retry_storm import RetryStorm
from analytics.detectors.runaway import Runaway
from analytics.detectors.silent_source import SilentSource
from analytics.detectors.silent_trace import SilentTrace
from analytics.detectors.single_point_of_failure import SinglePointOfFailure
from analytics.detectors.stuck_span import StuckSpan
from analytics.detectors.swallowed_error import SwallowedError
from analytics.detectors.untaken_message import UntakenMessage

DETECTORS: tuple[Detector, ...] = (
    Deadlock(),
    SilentSource(),
    StuckSpan(),
    SilentTrace(),
    UntakenMessage(),
    Orphan(),
    MissedDeadline(),
    Loop(),
    Runaway(),
    RetryStorm(),
    RetryAmplification(),
    ErrorChain(),
    SwallowedError(),
    DuplicateEffect(),
    ContractBreak(),
    Drift(),
    CallCycle(),
    MissingTimeout(),
    SinglePointOfFailure(),
)
