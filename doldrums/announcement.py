"""What the service prints when it is ready."""

from importlib.metadata import version

from doldrums.settings import Settings

READY = """
doldrums {version} is ready; Ctrl-C stops it.

{places}

Point an agent at it:

  export OTEL_EXPORTER_OTLP_ENDPOINT={otlp_http}
  export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
"""
DEMO = """
This is demo data, in a folder of its own: `doldrums demo --remove` deletes it.
The first finding is on the Overview within a minute.
"""


def announcement(settings: Settings, *, with_dashboard: bool) -> str:
    """Return where everything is and how to send traces there."""
    places = {
        "OTLP": f"{settings.otlp_http_url} (HTTP), {settings.otlp_grpc_url} (gRPC)",
        "API": f"{settings.api_address.url}/docs",
        "Data": str(settings.data_dir),
    }
    if with_dashboard:
        places = {"Dashboard": settings.dashboard_address.url, **places}
    text = READY.format(
        version=version("doldrums"),
        places="\n".join(f"  {name:<11}{place}" for name, place in places.items()),
        otlp_http=settings.otlp_http_url,
    )
    return text + DEMO if settings.demo else text
