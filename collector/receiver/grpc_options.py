"""What grpcio's server is told: how large, how many and for how long."""

from typing import Any

from collector.receiver.transport import Transport

# What a client may send before its turn: a batch of 512 ordinary spans goes in one round trip.
_LOOKAHEAD_BYTES = 512 * 1024
_METADATA_BYTES_MAX = 16 * 1024

# Streams of one connection. gRPC clients wait for a free one, so that nothing is lost by it.
_STREAMS_MAX = 100

# A connection is closed after this time, or 10 % more or less: behind a load balancer clients spread
# out again. What is under way has the grace to finish, and clients connect anew without an error.
_AGE_S_MAX = 3600
_AGE_GRACE_S = 30

# A peer that is gone without a word, as a machine without power, is found by a ping.
_PING_AFTER_S = 60
# Clients that ping more often are sent away; exporters do not.
_PING_EVERY_S_MIN = 10


def grpc_options(transport: Transport, body_bytes_max: int) -> list[tuple[str, Any]]:
    """Return the arguments of the server's channels.

    A connection on which nothing was said yet, not even TLS, ends after `transport.request_s_max`.
    """
    return [
        ("grpc.max_receive_message_length", body_bytes_max),
        ("grpc.max_metadata_size", _METADATA_BYTES_MAX),
        ("grpc.absolute_max_metadata_size", _METADATA_BYTES_MAX),
        ("grpc.max_concurrent_streams", _STREAMS_MAX),
        ("grpc.server_handshake_timeout_ms", transport.request_s_max * 1000),
        ("grpc.max_connection_idle_ms", transport.idle_s_max * 1000),
        ("grpc.max_connection_age_ms", _AGE_S_MAX * 1000),
        ("grpc.max_connection_age_grace_ms", _AGE_GRACE_S * 1000),
        ("grpc.keepalive_time_ms", _PING_AFTER_S * 1000),
        ("grpc.keepalive_timeout_ms", transport.request_s_max * 1000),
        ("grpc.http2.min_recv_ping_interval_without_data_ms", _PING_EVERY_S_MIN * 1000),
        # without it two servers share a port, and each gets half of the requests
        ("grpc.so_reuseport", 0),
        ("grpc.http2.lookahead_bytes", _LOOKAHEAD_BYTES),
        # it would raise the former for whoever sends fast
        ("grpc.http2.bdp_probe", 0),
    ]
