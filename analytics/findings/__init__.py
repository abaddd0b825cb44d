"""Findings: what detectors say, and the ledger that remembers it."""
