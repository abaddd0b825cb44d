"""The search on structures: requests that hypothesis builds, and makes small where one fails."""

from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from collector.otlp.response import Encoding
from collector.otlp.signal import Signal
from tests.fuzz.asked import COMPRESSORS, Asked
from tests.fuzz.json_strategies import json_request
from tests.fuzz.wire_strategies import wire_request

_SIGNALS = [Signal.TRACES, Signal.TRACES, Signal.TRACES, Signal.LOGS, Signal.LOGS, Signal.METRICS]
_UNCOMPRESSED = [""] * 6


def requests() -> SearchStrategy[Asked]:
    """Of every signal, encoding and transport."""
    return st.one_of(
        [bodies(signal) for signal in _SIGNALS for bodies in (_over_http, _over_http, _over_grpc, _json)]
    )


@cache
def _wire(signal: Signal) -> SearchStrategy[bytes]:
    return wire_request(signal, reported=json_request(Signal.TRACES))


def _over_grpc(signal: Signal) -> SearchStrategy[Asked]:
    return _wire(signal).map(lambda body: Asked("grpc", body, signal))


def _over_http(signal: Signal) -> SearchStrategy[Asked]:
    return _compressed(_wire(signal), signal, "protobuf")


def _json(signal: Signal) -> SearchStrategy[Asked]:
    return _compressed(json_request(signal), signal, "json")


def _compressed(bodies: SearchStrategy[bytes], signal: Signal, encoding: Encoding) -> SearchStrategy[Asked]:
    def request(drawn: tuple[bytes, str]) -> Asked:
        body, name = drawn
        return Asked("http", COMPRESSORS[name](body) if name else body, signal, encoding, name)

    return st.tuples(bodies, st.sampled_from([*_UNCOMPRESSED, *COMPRESSORS])).map(request)
