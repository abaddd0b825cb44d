"""Tone: what a colour or a pattern means here, the same on every page."""

from typing import Literal

Tone = Literal["broken", "failed", "attention", "open", "quiet", "good"]
"""broken (filled red): wrong now. failed (red outline): went wrong. attention (orange): look here.
open (hatched): not ended. quiet (grey): as it should be. good (green): recovered."""
