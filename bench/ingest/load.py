"""The load generator: a process of its own, so that its time is not the service's.

`python -m bench.ingest.load TRANSPORT HOST:PORT BATCH SECONDS` prepares its requests, says `ready`,
waits for a line, sends over eight connections for that long, and prints one JSON line. Each connection
sends as soon as it was answered, or, with `--requests-per-s`, when a request of it is due: then an
acknowledgement's time counts from when its request was due, late or not.
"""

import argparse
import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence

import grpc

from bench.ingest.spans import requests

CONNECTIONS = 8
# Prepared before the clock runs; a run that outlasts them ends early and says how long it took.
SPANS_PREPARED_MAX = 600_000
REQUESTS_PREPARED_MAX = 60_000
EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"

Send = Callable[[bytes], None]


def main() -> None:
    arguments = _arguments()
    address, batch, requests_per_s = arguments.address, arguments.batch, arguments.requests_per_s
    count = min(SPANS_PREPARED_MAX // batch, REQUESTS_PREPARED_MAX)
    prepared = [list(requests(count // CONNECTIONS, batch, seed)) for seed in range(CONNECTIONS)]
    connect = {"http": http, "grpc": grpc_channel}[arguments.transport]
    print("ready", flush=True)
    sys.stdin.readline()
    started = time.monotonic()
    every_s = CONNECTIONS / requests_per_s if requests_per_s else 0.0
    latencies_s = _send_all(connect, address, prepared, every_s, deadline=started + arguments.seconds)
    elapsed_s = time.monotonic() - started
    sent = sum(len(own) for own in latencies_s)
    sizes = [
        len(body) for own, bodies in zip(latencies_s, prepared, strict=True) for body in bodies[: len(own)]
    ]
    ordered = sorted(latency for own in latencies_s for latency in own)
    print(
        json.dumps(
            {
                "requests": sent,
                "spans": sent * batch,
                "bytes": sum(sizes),
                "elapsed_s": elapsed_s,
                "p50_ms": ordered[len(ordered) // 2] * 1e3,
                "p99_ms": ordered[int(len(ordered) * 0.99)] * 1e3,
                "cpu_s": time.process_time(),
            }
        ),
        flush=True,
    )


def _send_all(
    connect: Callable[[str], Send],
    address: str,
    prepared: Sequence[Sequence[bytes]],
    every_s: float,
    deadline: float,
) -> list[list[float]]:
    latencies: list[list[float]] = [[] for _ in prepared]
    began = time.monotonic()

    def work(number: int, bodies: Sequence[bytes], own: list[float]) -> None:
        send = connect(address)
        for turn, body in enumerate(bodies):
            # the connections take turns, so that requests do not come eight at a time
            due = began + (turn + number / CONNECTIONS) * every_s if every_s else time.monotonic()
            if due > deadline:
                return
            time.sleep(max(0.0, due - time.monotonic()))
            send(body)
            own.append(time.monotonic() - due)

    threads = [
        threading.Thread(target=work, args=(number, bodies, latencies[number]))
        for number, bodies in enumerate(prepared)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return latencies


def http(address: str) -> Send:
    """Keep one connection alive and read no more of an answer than it takes to know it."""
    host, port = address.rsplit(":", 1)
    connection = socket.create_connection((host, int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    head = (
        f"POST /v1/traces HTTP/1.1\r\nHost: {address}\r\n"
        "Content-Type: application/x-protobuf\r\nContent-Length: "
    )

    def send(body: bytes) -> None:
        connection.sendall(f"{head}{len(body)}\r\n\r\n".encode() + body)
        answer = connection.recv(65536)
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(65536)
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer[:200])

    return send


def grpc_channel(address: str) -> Send:
    channel = grpc.insecure_channel(address, [("grpc.use_local_subchannel_pool", 1)])
    export = channel.unary_unary(EXPORT, request_serializer=None, response_deserializer=None)
    return lambda body: export(body, wait_for_ready=True) and None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.ingest.load", description=__doc__)
    parser.add_argument("transport", choices=["http", "grpc"])
    parser.add_argument("address")
    parser.add_argument("batch", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--requests-per-s", type=float, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
