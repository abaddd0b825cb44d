"""Signs that are easily taken for others."""

UNKNOWN = "\N{EN DASH}"
"""Stands where a value is not known, so that it is not taken for zero."""
TIMES = "\N{MULTIPLICATION SIGN}"
