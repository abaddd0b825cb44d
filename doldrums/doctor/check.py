"""What one look of the doctor says."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Check:
    """A subject, what was found, and what to do about it."""

    subject: str
    verdict: Verdict
    found: str
    advice: str = ""
