"""How long a child that died waits before it is started again."""

FIRST_S = 1.0
LONGEST_S = 30.0
HEALTHY_S = 60.0


class RestartDelay:
    """Nothing after the first death, then 1 s, doubling to 30 s; forgotten after 60 s of health.

    Examples
    --------
    >>> delay = RestartDelay()
    >>> [delay.after(lived_s) for lived_s in (5, 5, 5, 60, 5)]
    [0.0, 1.0, 2.0, 0.0, 1.0]
    """

    def __init__(self) -> None:
        self._next_s = 0.0

    def after(self, lived_s: float) -> float:
        """Return the seconds to wait after a life of `lived_s` seconds."""
        delay_s = 0.0 if lived_s >= HEALTHY_S else self._next_s
        self._next_s = min(2 * delay_s, LONGEST_S) or FIRST_S
        return delay_s
