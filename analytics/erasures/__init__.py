"""Erasing what a user or a session left."""
