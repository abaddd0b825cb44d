"""Suspects: who of one failed trace is to be looked at first, and by what evidence. No model is asked."""
