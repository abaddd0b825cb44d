"""The daily list: which series drifted, with the share of wrong ones bounded over the whole fleet. Pure."""

import numpy as np
from numpy.typing import NDArray


def listed(
    log_m: NDArray[np.float64], bucket_h: NDArray[np.float64], wrong_per_h: float
) -> NDArray[np.int64]:
    """Return the series that drifted, by the e-detector Benjamini-Hochberg procedure [1]_.

    The k strongest are listed where each has at least N / k times less than what one of N would need
    alone. Error over patience, the rate of wrong entries beside all entries, is then at most
    `wrong_per_h`: a list may be longer where more has drifted.

    Parameters
    ----------
    log_m : shape (series,)
        Evidence, as logarithms.
    bucket_h : shape (series,)
        Lengths of the series' buckets.
    wrong_per_h
        Wrong entries an hour that are allowed, as a share of the entries.

    Returns
    -------
    Places of the listed series, strongest first.

    Examples
    --------
    Two strong series of four are listed; alone, the second would miss log(4 / .01) = 6.

    >>> listed(np.array([7.0, 0.0, 5.5, 1.0]), np.ones(4), 0.01).tolist()
    [0, 2]

    References
    ----------
    .. [1] S. Dandapanthula, A. Ramdas. Multiple testing in multi-stream sequential change
       detection. arXiv 2501.04130.
    """
    level = log_m + np.log(bucket_h)
    order = np.argsort(-level, kind="stable")
    rank = np.arange(1, len(level) + 1)
    enough = np.flatnonzero(level[order] >= np.log(len(level) / (rank * wrong_per_h)))
    return order[: enough[-1] + 1] if len(enough) else order[:0]
