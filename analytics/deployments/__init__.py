"""Deployments: known changes, by which drift is blamed."""
