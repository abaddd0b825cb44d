"""What a receiver takes, and where it stops."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of requests, of the journal and of the disk.

    Attributes
    ----------
    body_bytes_max
        Of one request, before and after decompression: 64 MiB, as OTLP recommends.
    spans_per_request_max
        Exporters send 512, the OpenTelemetry Collector 8,192.
    elements_per_request_max
        Attributes, events, links and array items of one request together: 20 for every span of
        the largest.
    segment_bytes_max, segment_age_ms_max, journal_bytes_max, free_bytes_min, free_ratio_min
        See `collector.journal.journal.Journal`.
    """

    body_bytes_max: int = 64 << 20
    spans_per_request_max: int = 50_000
    elements_per_request_max: int = 1_000_000
    segment_bytes_max: int = 32 << 20
    segment_age_ms_max: int = 250
    journal_bytes_max: int = 20 << 30
    free_bytes_min: int = 2 << 30
    free_ratio_min: float = 0.1

    @property
    def in_flight_bytes_max(self) -> int:
        """Bytes of all requests that are not answered yet: four of the largest.

        gRPC's count once they are there; as many of the largest may be on their way.
        """
        return 4 * self.body_bytes_max
