"""What to set so that an exporter sends here."""

from analytics.api.models import Stats


def exporter_lines(stats: Stats) -> str:
    """Return lines for a shell, with this service's own addresses."""
    scheme = "https" if stats.otlp_tls else "http"
    return "\n".join(
        (
            f"export OTEL_EXPORTER_OTLP_ENDPOINT={scheme}://{reachable(stats.otlp_http)}",
            "export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            f"# or gRPC: {scheme}://{reachable(stats.otlp_grpc)} with OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
        )
    )


def reachable(address: str) -> str:
    """Return an address that a client can use: one that listens everywhere is named by this machine."""
    host, _, port = address.rpartition(":")
    return f"localhost:{port}" if host in ("0.0.0.0", "[::]", "127.0.0.1", "") else address  # noqa: S104
