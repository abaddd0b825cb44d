"""The waterfall: a trace as a tree beside a time line."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.components.registry import component

HTML = """
<div class="frame">
  <div class="bar-top">
    <div class="pills" role="group" aria-label="Show only"></div>
    <div class="steps" hidden>
      <button class="back" aria-label="Previous match">↑</button>
      <button class="forth" aria-label="Next match">↓</button>
    </div>
    <button class="reset" hidden>Whole trace</button>
    <span class="note" role="status"></span>
  </div>
  <div class="overview">
    <canvas class="map" aria-hidden="true"></canvas><div class="brush" hidden></div>
  </div>
  <div class="head" aria-hidden="true"><span class="head-name">Span</span><div class="ticks"></div></div>
  <div class="scroller" tabindex="0" role="treegrid" aria-label="Spans of this trace">
    <div class="sheet"><div class="grid"></div><div class="rows"></div></div>
  </div>
  <div class="foot" aria-hidden="true">
    <span><kbd>↑</kbd> <kbd>↓</kbd> move</span><span><kbd>←</kbd> <kbd>→</kbd> fold</span>
    <span><kbd>Enter</kbd> details</span><span><kbd>e</kbd> next error</span>
    <span><kbd>o</kbd> next open</span><span><kbd>z</kbd> zoom</span><span><kbd>0</kbd> whole trace</span>
  </div>
</div>
"""


@dataclass(frozen=True, slots=True)
class Pushed:
    """A span that a link or the Back button points at, and the how-manieth such push of the session it is."""

    span_id: str
    serial: int


def waterfall(columns: dict[str, Any], *, pushed: Pushed, key: str, on_pick: Callable[[], None]) -> None:
    """Draw a trace.

    Parameters
    ----------
    columns
        From `presentation.waterfall.columns`. Equal columns are not sent to the browser again.
    pushed
        The span to select. What was picked here must not come back through it: that would change what is
        sent, and send all of it.
    on_pick
        Called before the page runs again; the picked span is `st.session_state[key].pick`.
    """
    data = {**columns, "selected": pushed.span_id, "push": pushed.serial}
    component("waterfall", HTML)(data=data, key=key, on_pick_change=on_pick)
