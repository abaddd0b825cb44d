"""What the collector raises, and what a client is told.

* CollectorError
  x PermanentError             the same input fails again: never retried
    + DecodeError              HTTP 400, INVALID_ARGUMENT
    + TooLarge                 HTTP 413, RESOURCE_EXHAUSTED without RetryInfo
    + UnsupportedMediaType     HTTP 415
    + Unauthenticated          HTTP 401, UNAUTHENTICATED
    + Forbidden                HTTP 403, PERMISSION_DENIED
  x TransientError             try again: HTTP 503 with Retry-After, UNAVAILABLE with RetryInfo
    + RateLimited              HTTP 429, RESOURCE_EXHAUSTED with RetryInfo: one key's limit
    + Overloaded               a bound is reached: disk, journal or memory
    + JournalFailed            a write or fsync failed: the process has to be restarted
  x DamagedRecord              bytes of a journal file that are no record
    + TornTail                 the file ends inside it
    + CorruptRecord            whole, and not what was written
  x JournalInUse               another process writes this journal
  x AddressUnavailable         a listening address cannot be had
  x TlsUnusable                certificates that cannot be served
  x StoreUnavailable           the store cannot be opened
  x UpgradeFailed              the engine refused a change of the store's tables: it is tried again
  x RefusedData                the store cannot read what a segment holds, now or ever
  x DamagedStore               the store holds part of a segment: stop, the next start repairs it
"""

# ruff: noqa: N818  an error is named by what went wrong: TornTail, Overloaded


class CollectorError(Exception):
    pass


class PermanentError(CollectorError):
    pass


class DecodeError(PermanentError):
    pass


class TooLarge(PermanentError):
    pass


class UnsupportedMediaType(PermanentError):
    pass


class Unauthenticated(PermanentError):
    pass


class Forbidden(PermanentError):
    pass


class TransientError(CollectorError):
    """Carries how long a client should wait before it tries again.

    Parameters
    ----------
    retry_after_s
        Whole seconds, as HTTP's Retry-After has them. One second is what a group commit or a
        restart takes; a full disk needs longer.
    """

    def __init__(self, message: str, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RateLimited(TransientError):
    pass


class Overloaded(TransientError):
    pass


class JournalFailed(TransientError):
    pass


class DamagedRecord(CollectorError):
    """Says where in the file the damage begins, in bytes."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"{type(self).__name__} at byte {offset}")
        self.offset = offset


class TornTail(DamagedRecord):
    pass


class CorruptRecord(DamagedRecord):
    """`end` is where the next record begins, or the file's end where that cannot be known."""

    def __init__(self, offset: int, end: int) -> None:
        super().__init__(offset)
        self.end = end


class JournalInUse(CollectorError):
    pass


class AddressUnavailable(CollectorError):
    pass


class TlsUnusable(CollectorError):
    pass


class StoreUnavailable(CollectorError):
    pass


class UpgradeFailed(CollectorError):
    pass


class RefusedData(CollectorError):
    pass


class DamagedStore(CollectorError):
    pass
