"""Into which table the segments of each signal go."""

from collections.abc import Mapping

from collector.otlp.signal import Signal

TABLES: Mapping[str, str] = {Signal.TRACES: "spans", Signal.LOGS: "span_logs"}
