"""The acceptance table of drift detection: false alarms, delays, effects and cost, beside existing tools."""
