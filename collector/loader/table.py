"""The tables that segments are loaded into."""

from collections.abc import Mapping

from collector.otlp.signal import Signal

TABLES: Mapping[str, str] = {Signal.TRACES: "spans", Signal.LOGS: "span_logs"}
"""Where the segments of each signal go, each row counted."""

CONTENTS = "contents"
"""Where the pieces of long texts of spans go."""
