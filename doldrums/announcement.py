"""What the service prints when it is ready."""

from importlib.metadata import version
from pathlib import Path

from collector.keys.key_file import FILE_NAME as KEYS_FILE_NAME
from collector.keys.key_file import read_keys
from doldrums.settings import Settings

READY = """
doldrums {version} is ready; Ctrl-C stops it.

{places}

Point an agent at it:

  export OTEL_EXPORTER_OTLP_ENDPOINT={otlp_http}
  export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
"""
WITH_KEY = """  export OTEL_EXPORTER_OTLP_HEADERS=x-api-key=KEY

with a KEY that `doldrums keys create` makes: there are keys, so everybody needs one.
"""
DEMO = """
This is demo data, in a folder of its own: `doldrums demo --remove` deletes it.
The first finding is on the Overview within a minute.
"""


def announcement(settings: Settings, *, with_dashboard: bool) -> str:
    """Return where everything is and how to send traces there, once the keys are published."""
    places = {
        "OTLP": f"{settings.otlp_http_url} (HTTP), {settings.otlp_grpc_url} (gRPC)",
        "API": f"{settings.api_address.url}/docs",
        "Data": f"{settings.data_dir}, kept {_kept(settings.retention_d)}",
    }
    if with_dashboard:
        places = {"Dashboard": settings.dashboard_address.url, **places}
    text = READY.format(
        version=version("doldrums"),
        places="\n".join(f"  {name:<11}{place}" for name, place in places.items()),
        otlp_http=settings.otlp_http_url,
    )
    if needs_key(settings.data_dir):
        text += WITH_KEY
    return text + DEMO if settings.demo else text


def needs_key(data_dir: Path) -> bool:
    """Return whether callers are served only who show a key."""
    known = read_keys(data_dir / KEYS_FILE_NAME)
    return known is not None and known.anonymous is None


def _kept(days: int) -> str:
    return f"{days} days" if days else "for ever"
