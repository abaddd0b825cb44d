"""Where each signal is taken: paths of HTTP, services of gRPC."""

from collector.otlp.signal import Signal

HTTP_PATHS = {
    "/v1/traces": Signal.TRACES,
    "/v1/logs": Signal.LOGS,
    "/v1/metrics": Signal.METRICS,
    # where Langfuse's SDK sends to
    "/api/public/otel/v1/traces": Signal.TRACES,
}

GRPC_SERVICES = {
    "opentelemetry.proto.collector.trace.v1.TraceService": Signal.TRACES,
    "opentelemetry.proto.collector.logs.v1.LogsService": Signal.LOGS,
    "opentelemetry.proto.collector.metrics.v1.MetricsService": Signal.METRICS,
}
