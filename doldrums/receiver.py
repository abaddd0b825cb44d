"""Composes the receiver: OTLP in, journal out. No database is in this process."""

from dataclasses import fields

from collector.errors import AddressUnavailable, JournalInUse, TlsUnusable
from collector.journal.segment import Folders
from collector.keys.key_file import FILE_NAME, KeyFile
from collector.receiver.limits import Limits
from collector.receiver.server import Receiver
from collector.receiver.transport import Transport
from doldrums.errors import UserError
from doldrums.settings import Settings
from doldrums.stopping import when_told_to_stop


def run(settings: Settings) -> None:
    """Receive until SIGTERM or SIGINT."""
    transport = {each.name: getattr(settings, f"otlp_{each.name}") for each in fields(Transport)}
    receiver = Receiver(
        http_address=str(settings.otlp_http_address),
        grpc_address=str(settings.otlp_grpc_address),
        folders=Folders(settings.data_dir),
        # every bound is a setting of the same name
        limits=Limits(**{bound.name: getattr(settings, bound.name) for bound in fields(Limits)}),
        # what a service on loopback left there holds no longer where others reach it
        keys=KeyFile(
            settings.data_dir / FILE_NAME,
            anonymous_too=settings.allow_anonymous or not settings.reachable(),
        ),
        transport=Transport(**transport),
        dashboard_url=settings.dashboard_address.url,
        metrics_token=settings.metrics_token,
    )
    when_told_to_stop(receiver.stop)
    try:
        receiver.run()
    except (AddressUnavailable, TlsUnusable, JournalInUse) as error:
        raise UserError(str(error)) from error
