"""Garbage: when it is not looked for."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def left() -> Iterator[None]:
    """Look for none meanwhile: judging makes a million objects and no garbage, and is over in seconds.

    Two threads may do so: who is done first lets it be looked for, which costs the other one time alone.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
