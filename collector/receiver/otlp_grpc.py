"""OTLP/gRPC: the Export of each signal on raw bytes, so that a request is decoded once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import NoReturn, TypeAlias

import grpc
import grpc.aio
import structlog

from collector.errors import (
    AddressUnavailable,
    CollectorError,
    DecodeError,
    Forbidden,
    RateLimited,
    TooLarge,
    TransientError,
    Unauthenticated,
)
from collector.keys.key import shown_key
from collector.otlp.response import export_response, retry_status
from collector.otlp.signal import Signal
from collector.receiver.admission import Admission
from collector.receiver.counters import GRPC, Counters
from collector.receiver.export import Export
from collector.receiver.grpc_options import grpc_options
from collector.receiver.grpc_services import GRPC_SERVICES
from collector.receiver.in_flight import Hold, InFlight
from collector.receiver.tls import Tls
from collector.receiver.transport import Transport
from collector.receiver.turns import Turns

log = structlog.get_logger()

_Context: TypeAlias = "grpc.aio.ServicerContext[bytes, bytes]"

# The first that an error is counts. With RetryInfo, every exporter tries RESOURCE_EXHAUSTED again;
# UNAVAILABLE would make Python's open a new connection each time.
_CODES: Mapping[type[CollectorError], grpc.StatusCode] = {
    RateLimited: grpc.StatusCode.RESOURCE_EXHAUSTED,
    TransientError: grpc.StatusCode.UNAVAILABLE,
    TooLarge: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Unauthenticated: grpc.StatusCode.UNAUTHENTICATED,
    Forbidden: grpc.StatusCode.PERMISSION_DENIED,
}
_CODE_DEFAULT = grpc.StatusCode.INVALID_ARGUMENT


class OtlpGrpc:
    """The gRPC server. gRPC itself decompresses, and bounds the message before and after that.

    Export is served as a stream of one message, which is the same on the wire: a unary handler
    would be called when the message is in memory, however many others are.
    """

    def __init__(
        self,
        export: Export,
        admission: Admission,
        counters: Counters,
        in_flight: InFlight,
        body_bytes_max: int,
        transport: Transport,
        tls: Tls | None,
    ) -> None:
        self._export = export
        self._admission = admission
        self._counters = counters
        self._in_flight = in_flight
        self._tls = tls
        # gRPC tells a message's size when the whole of it is in memory: how many come in is bounded
        self._reads = Turns(in_flight.bytes_max // body_bytes_max)
        self._server = grpc.aio.server(options=grpc_options(transport, body_bytes_max))
        self._server.add_generic_rpc_handlers(
            [self._service(name, signal) for name, signal in GRPC_SERVICES.items()]
        )

    async def start(self, address: str) -> int:
        """Listen, and return the port.

        Raises
        ------
        AddressUnavailable
            It is in use, or not one of this machine's.
        """
        try:
            port = self._listen(address)
        except RuntimeError as error:
            raise AddressUnavailable(f"cannot listen on {address} for OTLP/gRPC: {error}") from error
        await self._server.start()
        return port

    def _listen(self, address: str) -> int:
        if self._tls is None:
            return int(self._server.add_insecure_port(address))
        return int(self._server.add_secure_port(address, self._tls.grpc_credentials))

    async def stop(self, grace_s: float) -> None:
        """Take no more, and let what is under way finish within `grace_s` seconds."""
        await self._server.stop(grace_s)

    def _service(self, name: str, signal: Signal) -> grpc.GenericRpcHandler:
        async def export(_: AsyncIterator[bytes], context: _Context) -> bytes:
            return await self._handle(context, signal)

        method = grpc.stream_unary_rpc_method_handler(export)
        return grpc.method_handlers_generic_handler(name, {"Export": method})

    async def _handle(self, context: _Context, signal: Signal) -> bytes:
        try:
            grant = self._admission.admit(_shown_key(context))
            with Hold(self._in_flight) as hold:
                body = await self._read(context, hold)
                return export_response(await self._export.receive(body, GRPC, grant, signal), "protobuf")
        except CollectorError as error:
            refusal: CollectorError = error
        except Exception:
            # gRPC would say UNKNOWN, and the client drop its spans for a fault of ours
            log.exception("request_failed", origin=str(GRPC))
            refusal = TransientError("the request could not be handled")
        self._counters.refuse(str(GRPC), refusal)
        return await _abort(context, refusal)

    async def _read(self, context: _Context, hold: Hold) -> bytes:
        async with self._reads.turn():
            # grpc.aio never frees what a cancelled read still brings: the end of the call ends this one
            body = await asyncio.shield(asyncio.create_task(_message(context)))
            if body is None:
                raise DecodeError("there is no request in the call")
            hold.add(len(body))
            return body


async def _message(context: _Context) -> bytes | None:
    """Return the only message; None where there is none, or the call was ended before it came.

    What the iterator of messages yields is kept until the cyclic garbage is collected.
    """
    with suppress(grpc.aio.BaseError):
        message = await context.read()
        return None if message is grpc.aio.EOF else message
    return None


async def _abort(context: _Context, error: CollectorError) -> NoReturn:
    """Outside of `except`, as it raises: gRPC would log what is no fault."""
    code = next((code for kind, code in _CODES.items() if isinstance(error, kind)), _CODE_DEFAULT)
    if isinstance(error, TransientError):
        details = retry_status(code.value[0], str(error), error.retry_after_s)
        await context.abort(code, str(error), (("grpc-status-details-bin", details),))
    await context.abort(code, str(error))
    raise AssertionError("abort has raised")


def _shown_key(context: _Context) -> str:
    sent = dict(context.invocation_metadata() or ())
    authorization, api_key = (str(sent.get(name, "")) for name in ("authorization", "x-api-key"))
    return shown_key(authorization, api_key)
