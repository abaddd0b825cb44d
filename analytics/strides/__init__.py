"""Strides: following what is assembled, some of it at a time."""
