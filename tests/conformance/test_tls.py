"""TLS and mutual TLS with real certificates, over either transport."""

import asyncio
import re
import socket
import ssl
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter

from collector.errors import TlsUnusable
from collector.receiver.tls import Tls
from doldrums.supervisor import is_ready
from tests.builders import span
from tests.collector.otlp.builders import body
from tests.collector.receiver.process import EXPORT, ReceiverProcess, receiver_in


@dataclass
class Files:
    """Certificates of a server and a client, by one authority."""

    folder: Path

    def __post_init__(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca)
        for cert, key, host in (
            (self.cert, self.key, "localhost"),
            (self.client_cert, self.client_key, "agent.example"),
        ):
            issued = authority.issue_cert(host)
            issued.private_key_pem.write_to_path(key)
            cert.write_bytes(b"".join(pem.bytes() for pem in issued.cert_chain_pems))

    def __getattr__(self, name: str) -> Path:
        return self.folder / f"{name}.pem"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def encrypted(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReceiverProcess]:
    data_dir = tmp_path_factory.mktemp("tls") / "data"
    with receiver_in(data_dir, tls_cert_file=str(files.cert), tls_key_file=str(files.key)) as started:
        yield started


@pytest.fixture(scope="module")
def mutual(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReceiverProcess]:
    tls = {"tls_cert_file": files.cert, "tls_key_file": files.key, "tls_client_ca_file": files.ca}
    texts = {name: str(file) for name, file in tls.items()}
    with receiver_in(tmp_path_factory.mktemp("mtls") / "data", **texts) as started:
        yield started


@pytest.fixture(autouse=True)
def _no_other_authorities(monkeypatch: pytest.MonkeyPatch) -> None:
    """To requests, these win over what the exporter was told."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)


def http_exporter(receiver: ReceiverProcess, files: Files, *, with_certificate: bool) -> SpanExporter:
    return HttpExporter(
        f"https://localhost:{receiver.http_place[1]}/v1/traces",
        certificate_file=str(files.ca),
        client_certificate_file=str(files.client_cert) if with_certificate else None,
        client_key_file=str(files.client_key) if with_certificate else None,
    )


def grpc_exporter(receiver: ReceiverProcess, files: Files, *, with_certificate: bool) -> SpanExporter:
    return GrpcExporter(
        grpc_place(receiver), credentials=grpc_credentials(files, with_certificate=with_certificate)
    )


def grpc_place(receiver: ReceiverProcess) -> str:
    return receiver.grpc_address.replace("127.0.0.1", "localhost")


def grpc_credentials(files: Files, *, with_certificate: bool) -> grpc.ChannelCredentials:
    key, cert = files.client_key.read_bytes(), files.client_cert.read_bytes()
    return grpc.ssl_channel_credentials(
        files.ca.read_bytes(), *((key, cert) if with_certificate else (None, None))
    )


def export(exporter: SpanExporter, name: str) -> None:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    provider.get_tracer("tests").start_span(name).end()
    provider.shutdown()


@pytest.mark.otlp(48)
@pytest.mark.parametrize("exporter", [http_exporter, grpc_exporter], ids=["http", "grpc"])
def test_spans_come_over_tls(encrypted: ReceiverProcess, files: Files, exporter: Any) -> None:
    export(exporter(encrypted, files, with_certificate=False), exporter.__name__)

    assert exporter.__name__ in encrypted.stored


@pytest.mark.otlp(48)
@pytest.mark.parametrize("exporter", [http_exporter, grpc_exporter], ids=["http", "grpc"])
def test_spans_of_a_client_with_a_certificate_come_over_mutual_tls(
    mutual: ReceiverProcess, files: Files, exporter: Any
) -> None:
    export(exporter(mutual, files, with_certificate=True), exporter.__name__)

    assert exporter.__name__ in mutual.stored


@pytest.mark.otlp(48)
def test_a_client_without_a_certificate_is_not_heard_over_mutual_tls(
    mutual: ReceiverProcess, files: Files
) -> None:
    verified = ssl.create_default_context(cafile=files.ca)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError, httpx.ConnectError)):
        httpx.get(f"https://localhost:{mutual.http_place[1]}/healthz", verify=verified)

    with (
        grpc.secure_channel(grpc_place(mutual), grpc_credentials(files, with_certificate=False)) as channel,
        pytest.raises(grpc.RpcError) as refused,
    ):
        channel.unary_unary(EXPORT)(body(span("unheard")), timeout=30)
    assert refused.value.code() == grpc.StatusCode.UNAVAILABLE
    assert "unheard" not in mutual.stored


@pytest.mark.otlp(48)
def test_what_is_not_encrypted_or_not_well_is_not_heard(encrypted: ReceiverProcess) -> None:
    with pytest.raises(httpx.TransportError):
        encrypted.post(body(span()))

    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    for _, port in (encrypted.http_place, encrypted.grpc_address.split(":")):
        with (
            socket.create_connection(("127.0.0.1", int(port)), timeout=30) as connection,
            pytest.raises((ssl.SSLError, ConnectionError)),
        ):
            old.wrap_socket(connection)


@pytest.mark.otlp(40)
def test_a_handshake_that_does_not_come_ends(files: Files, tmp_path_factory: pytest.TempPathFactory) -> None:
    tls = {"tls_cert_file": str(files.cert), "tls_key_file": str(files.key)}
    with (
        receiver_in(tmp_path_factory.mktemp("hasty") / "data", request_s_max=1, **tls) as hasty,
        socket.create_connection(hasty.http_place, timeout=30) as connection,
    ):
        assert connection.recv(1) == b""


@pytest.mark.parametrize("name", ["encrypted", "mutual"])
def test_the_supervisor_sees_that_it_is_ready(name: str, request: pytest.FixtureRequest) -> None:
    receiver: ReceiverProcess = request.getfixturevalue(name)

    async def ready(scheme: str) -> bool:
        async with httpx.AsyncClient(verify=False) as http:
            return await is_ready(http, f"{scheme}://127.0.0.1:{receiver.http_place[1]}/healthz")

    assert asyncio.run(ready("https"))
    assert not asyncio.run(ready("http"))


def test_what_cannot_be_served_is_said_with_the_files_name(files: Files, tmp_path: Path) -> None:
    nothing, text = tmp_path / "nothing.pem", tmp_path / "text.pem"
    text.write_text("certainly no certificate")
    locked = tmp_path / "locked.pem"
    key = load_pem_private_key(files.key.read_bytes(), None)
    locked.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    )

    for cert, key_file, ca, fault in (
        (nothing, files.key, None, f"the TLS certificate {nothing} cannot be read: No such file"),
        (files.cert, tmp_path, None, f"the TLS private key {tmp_path} cannot be read: Is a directory"),
        (files.cert, files.client_key, None, "is not that of the private key"),
        (text, files.key, None, f"{text} and {files.key} are not a certificate and a private key in PEM"),
        (files.cert, locked, None, "has a password: store it without one"),
        (files.cert, files.key, nothing, f"the TLS client CA {nothing} cannot be read"),
        (files.cert, files.key, text, f"the TLS client CA {text} holds no certificate in PEM"),
    ):
        with pytest.raises(TlsUnusable, match=re.escape(fault)):
            Tls.read(cert, key_file, ca)
