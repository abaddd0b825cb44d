"""What is kept of each series between looks: a few hundred numbers, stored and resumed. Pure."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_DTYPE = np.dtype("<f4")


def pack(state: Floats) -> bytes:
    """Return the state of one series as bytes: 4 for each bet, about 400 for a numeric metric.

    Parameters
    ----------
    state : shape (scores, 2, sizes)
    """
    return state.astype(_DTYPE).tobytes()


def unpack(packed: bytes, shape: tuple[int, int, int]) -> Floats | None:
    """Return a packed state, None where it belongs to a reference with other scores or is broken."""
    if len(packed) != _DTYPE.itemsize * int(np.prod(shape)):
        return None
    state = np.frombuffer(packed, _DTYPE).astype(np.float64).reshape(shape)
    return None if np.isnan(state).any() or np.isposinf(state).any() else state
