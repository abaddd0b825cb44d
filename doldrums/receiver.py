"""Composes the receiver: OTLP in, journal out. No database is in this process."""

from collector.errors import AddressUnavailable, JournalInUse
from collector.journal.segment import Folders
from collector.receiver.limits import Limits
from collector.receiver.server import Receiver
from doldrums.errors import UserError
from doldrums.settings import Settings
from doldrums.stopping import when_told_to_stop


def run(settings: Settings) -> None:
    """Receive until SIGTERM or SIGINT."""
    receiver = Receiver(
        http_address=str(settings.otlp_http_address),
        grpc_address=str(settings.otlp_grpc_address),
        folders=Folders(settings.data_dir),
        limits=Limits(
            body_bytes_max=settings.body_bytes_max,
            spans_per_request_max=settings.spans_per_request_max,
            segment_bytes_max=settings.segment_bytes_max,
            segment_age_ms_max=settings.segment_age_ms_max,
            journal_bytes_max=settings.journal_bytes_max,
            free_bytes_min=settings.free_bytes_min,
            free_ratio_min=settings.free_ratio_min,
        ),
    )
    when_told_to_stop(receiver.stop)
    try:
        receiver.run()
    except (AddressUnavailable, JournalInUse) as error:
        raise UserError(str(error)) from error
