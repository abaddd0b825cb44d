"""Hours of the day, of weekdays and of weekends: those that are compared with each other. Pure."""

import numpy as np
from numpy.typing import NDArray

_DAY_H = 24
HOUR_CLASSES = 2 * _DAY_H
_MONDAY_H = 4 * _DAY_H  # the epoch began on a Thursday


def hour_class(hours: NDArray[np.number]) -> NDArray[np.int64]:
    """Return which hour of the day each hour is, and of which kind of day: those of a weekend from 24 on.

    Parameters
    ----------
    hours : shape (n,)
        Since the epoch, UTC.

    Examples
    --------
    >>> hour_class(np.array([0, 23, 48, 71.5])).tolist()
    [0, 23, 24, 47]
    """
    return np.asarray(hours % _DAY_H, np.int64) + _DAY_H * is_weekend(hours)


def is_weekend(hours: NDArray[np.number]) -> NDArray[np.bool_]:
    """Return whether each hour is of a Saturday or a Sunday."""
    return np.asarray(((hours - _MONDAY_H) // _DAY_H) % 7 >= 5)
