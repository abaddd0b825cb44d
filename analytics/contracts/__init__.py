"""Contracts at boundaries: what a call is given and gives back, by schemas and by what it always was."""
