"""`doldrums serve`: checks what can be checked beforehand, then supervises the parts."""

import asyncio
import contextlib

import structlog
import typer

from doldrums.announcement import announcement
from doldrums.child_process import ChildProcess
from doldrums.data_folder import bytes_short, held, is_demo, mark_as_demo
from doldrums.local_keys import make_local_keys
from doldrums.own_traces import refuse_own
from doldrums.ports import claimed
from doldrums.run_file import PUBLISHED, RunFile
from doldrums.settings import Settings
from doldrums.supervisor import Supervisor

log = structlog.get_logger(__name__)


def serve(settings: Settings, *, with_dashboard: bool, with_feed: bool = False) -> int:
    """Run the service until it is told to stop, and return the exit code.

    Raises
    ------
    UserError
        The folder, a port or a setting does not allow a start.
    """
    with held(settings.data_dir) as lock:
        if settings.demo:
            mark_as_demo(settings.data_dir)
        addresses = settings.addresses()
        if not with_dashboard:
            del addresses["dashboard_address"]
        addresses = claimed(addresses)
        if settings.own_traces_endpoint:
            refuse_own(settings.own_traces_endpoint, addresses)
        settings = settings.model_copy(update={**addresses, "demo": is_demo(settings.data_dir)})
        _warn_about_disk(settings)
        make_local_keys(settings.data_dir)
        run_file = RunFile(settings.data_dir)
        # what a service that was killed has left behind is true no more
        run_file.remove()
        supervisor = Supervisor(
            stages=_stages(settings, with_dashboard=with_dashboard, with_feed=with_feed),
            settings_json=settings.model_dump_json().encode(),
            lock=lock,
            run_file=run_file,
            addresses={PUBLISHED[name]: str(address) for name, address in addresses.items()},
            on_ready=lambda: _say(announcement(settings, with_dashboard=with_dashboard)),
            on_stop=lambda: _say("Stopping doldrums; what was received is on disk."),
        )
        _say(f"Starting doldrums with its data in {settings.data_dir}")
        return asyncio.run(supervisor.run())


def _stages(settings: Settings, *, with_dashboard: bool, with_feed: bool) -> list[list[ChildProcess]]:
    """Return the parts by the stages in which they stop: who sends or looks, the receiver, the store.

    Together they stop within 10 s; what is in the journal then is loaded at the next start.
    """
    around = []
    if with_feed:
        around.append(ChildProcess("feed", None, stop_s_max=1.7))
    if with_dashboard:
        around.append(ChildProcess("dashboard", f"{settings.dashboard_address.url}/healthz", stop_s_max=1.7))
    receiver = ChildProcess("receiver", f"{settings.otlp_http_url}/healthz", stop_s_max=3.0)
    core = ChildProcess("core", f"{settings.api_address.url}/healthz", stop_s_max=5.0)
    return [around, [receiver], [core]]


def _say(text: str) -> None:
    # whoever read it may be gone; the service stays
    with contextlib.suppress(BrokenPipeError):
        typer.echo(text)


def _warn_about_disk(settings: Settings) -> None:
    short = bytes_short(settings.data_dir, settings.free_bytes_min, settings.free_ratio_min)
    if short:
        log.warning(
            "disk_too_full",
            folder=str(settings.data_dir),
            missing_bytes=short,
            effect="requests are answered 503 until there is room; see free_bytes_min and free_ratio_min",
        )
