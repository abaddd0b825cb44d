"""Boxes and arrows: who waits for whom, and whom an error went through."""

from dataclasses import asdict
from datetime import datetime

from dashboard.components.registry import component
from dashboard.presentation.picture import Picture

HTML = """
<div class="frame" role="group">
  <svg aria-hidden="true"></svg>
  <div class="marks"></div>
</div>
"""


def picture(drawn: Picture, now: datetime, *, key: str) -> str:
    """Draw a picture with its times as of `now`; return the `pick` of what was clicked on just now."""
    data = {"picture": asdict(drawn), "now_ms": now.timestamp() * 1000}
    clicked = component("picture", HTML)(data=data, key=key, on_pick_change=lambda: None)
    return clicked.pick or ""
