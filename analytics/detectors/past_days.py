"""Past days: what the detectors that look once an hour read, and when they take back what they said. Pure."""

from collections.abc import Iterable, Mapping

from analytics.baselines.baseline import WINDOW
from analytics.detectors.detector import Window
from analytics.findings.finding import Resolution
from analytics.findings.judgement import Key
from analytics.rfc3339 import unix_ns

# Steps that one look reads; of more, those of one trace in two, three, ...: it then takes no longer.
STEPS_MAX = 4_000_000
# Rows of one project, and of all: of ten projects or fewer none takes the room of the others.
PROJECT_ROWS_MAX = 2_000
ROWS_MAX = 20_000


def past_days(window: Window) -> Mapping[str, object]:
    """Return the parameters by which a statement reads the steps of the last seven days."""
    return {
        "since_ns": unix_ns(window.now - WINDOW),
        "until_ns": unix_ns(window.now),
        "steps_max": STEPS_MAX,
        "project_rows_max": PROJECT_ROWS_MAX,
        "rows_max": ROWS_MAX,
    }


def no_longer(watched: Iterable[Key], sentence: str) -> Mapping[Key, Resolution]:
    """Return for each watched finding why it is over if it is not found; it may come back."""
    return dict.fromkeys(watched, Resolution("progressed", sentence))
