"""Drift: what changed in what agents put out, since when, by how much. The statistics are pure."""
