"""Drift: what changed in what the agents put out, since when, by how much. The statistics are pure."""
