"""What may still be sent with a key: a token bucket for requests, spans and bytes each."""

import math

from collector.errors import RateLimited
from collector.keys.key import Rates

# An exporter sends what has gathered over 5 s (OTEL_BSP_SCHEDULE_DELAY).
_BURST_S = 5.0


class _Bucket:
    """Grows by `per_s`, up to a burst.

    It may be overdrawn: what a request holds is known too late to refuse it, and one that is larger
    than any burst is to come through now and then.
    """

    def __init__(self, per_s: float, now_s: float) -> None:
        self._per_s = per_s
        self._level_max = max(1.0, per_s * _BURST_S)
        self._level = self._level_max
        self._filled_s = now_s

    def wait_s(self, now_s: float) -> float:
        """Return how long it stays overdrawn."""
        self._level = min(self._level_max, self._level + (now_s - self._filled_s) * self._per_s)
        self._filled_s = now_s
        return max(0.0, -self._level / self._per_s)

    def take(self, amount: float) -> None:
        self._level -= amount


class Allowance:
    """The buckets of one key. For one event loop, not for threads.

    Examples
    --------
    >>> allowance = Allowance(Rates(spans_per_s=100), now_s=0.0)
    >>> allowance.take(now_s=0.0, spans=700)
    >>> allowance.admit(now_s=1.0)
    Traceback (most recent call last):
    collector.errors.RateLimited: more spans than 100 a second were sent with this API key
    >>> allowance.admit(now_s=2.0)
    """

    def __init__(self, rates: Rates, now_s: float) -> None:
        self.rates = rates
        self._buckets = {
            name.removesuffix("_per_s"): (_Bucket(per_s, now_s), per_s)
            for name, per_s in vars(rates).items()
            if per_s
        }

    def admit(self, now_s: float) -> None:
        """Let one more request in.

        Raises
        ------
        RateLimited
            Something is overdrawn; it says for how long.
        """
        for what, (bucket, per_s) in self._buckets.items():
            if wait_s := bucket.wait_s(now_s):
                raise RateLimited(
                    f"more {what} than {per_s:g} a second were sent with this API key",
                    max(1, math.ceil(wait_s)),
                )
        self.take(now_s, requests=1)

    def take(self, now_s: float, **amounts: float) -> None:
        """Charge what a request turned out to hold: `requests`, `spans`, `bytes`."""
        for what, amount in amounts.items():
            if what in self._buckets:
                bucket, _ = self._buckets[what]
                bucket.wait_s(now_s)
                bucket.take(amount)
