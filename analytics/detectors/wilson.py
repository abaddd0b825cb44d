"""Wilson's interval of a share. Pure."""

import math
from typing import NamedTuple

# 95 %, two-sided.
Z = 1.959964


class Share(NamedTuple):
    """A share, and the ends of its 95 % interval."""

    share: float
    lower: float
    upper: float


def wilson(hits: int, n: int) -> Share:
    """Return the share of hits among n with its interval [1]_; all of it is possible when n is 0.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(0, 16)]
    [0.0, 0.0, 0.194]

    References
    ----------
    .. [1] E. B. Wilson. Probable inference, the law of succession, and statistical inference.
       J. Am. Stat. Assoc. 22 (1927), 209-212.
    """
    if not n:
        return Share(0.0, 0.0, 1.0)
    share = hits / n
    middle = share + Z * Z / (2 * n)
    spread = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    whole = 1 + Z * Z / n
    return Share(share, max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole))
