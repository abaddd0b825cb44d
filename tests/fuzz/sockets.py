"""A receiver in a process of its own, asked over HTTP and gRPC as clients ask."""

import re
import socket
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPConnection

import grpc
import psutil

from collector.receiver.grpc_services import GRPC_SERVICES
from tests.fuzz.answer import Answer
from tests.fuzz.asked import Asked

_STATUS_LINE = re.compile(rb"^HTTP/1\.1 (\d{3})", re.MULTILINE)
_S_MAX = 60


class Sockets:
    """Asks one request after the other.

    Parameters
    ----------
    pid
        The receiver's, to measure what an answer cost it.
    """

    def __init__(self, pid: int, http_place: tuple[str, int], grpc_address: str) -> None:
        self._process = psutil.Process(pid)
        self._http_place = http_place
        self._http = HTTPConnection(*http_place, timeout=_S_MAX)
        self._channel = grpc.insecure_channel(grpc_address)
        self._exports = {
            signal: self._channel.unary_unary(f"/{name}/Export") for name, signal in GRPC_SERVICES.items()
        }

    def ask(self, request: Asked) -> Answer:
        """Return what is answered, and what it cost all of the receiver."""
        ask = {"http": self._post, "grpc": self._call, "raw": self._connect}[request.transport]
        began_s = self._cpu_s()
        statuses, body = ask(request)
        return Answer(statuses, body, self._cpu_s() - began_s)

    def close(self) -> None:
        self._http.close()
        self._channel.close()

    def _cpu_s(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)

    def _post(self, request: Asked) -> tuple[Sequence[str], bytes]:
        try:
            return self._post_once(request)
        except ConnectionError:  # it was idle for too long, or the last answer closed it
            self._http.close()
            return self._post_once(request)

    def _post_once(self, request: Asked) -> tuple[Sequence[str], bytes]:
        self._http.request("POST", f"/v1/{request.signal}", request.body, request.headers)
        answer = self._http.getresponse()
        return [str(answer.status)], answer.read()

    def _call(self, request: Asked) -> tuple[Sequence[str], bytes]:
        try:
            return ["OK"], self._exports[request.signal](request.body, timeout=_S_MAX)
        except grpc.RpcError as error:
            return [error.code().name], b""

    def _connect(self, request: Asked) -> tuple[Sequence[str], bytes]:
        with socket.create_connection(self._http_place, timeout=_S_MAX) as connection:
            # it may close the connection before it has read all
            with suppress(ConnectionError):
                connection.sendall(request.body)
                connection.shutdown(socket.SHUT_WR)
            read = bytearray()
            with suppress(ConnectionError):
                while part := connection.recv(65536):
                    read += part
        return [status.decode() for status in _STATUS_LINE.findall(read)] or ["no answer"], b""
