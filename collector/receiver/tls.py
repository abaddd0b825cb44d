"""TLS, and mutual TLS: certificates from files to what either transport wants of them."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import grpc

from collector.errors import TlsUnusable


@dataclass(frozen=True)
class Tls:
    """Certificates that were read, and seen to belong together.

    Attributes
    ----------
    context
        For HTTP. TLS 1.2 or newer, as gRPC has it.
    grpc_credentials
        For gRPC.
    """

    context: ssl.SSLContext
    grpc_credentials: Any

    @classmethod
    def read(cls, cert_file: Path, key_file: Path, client_ca_file: Path | None) -> Self:
        """Read PEM files; with `client_ca_file` clients have to show a certificate signed by it.

        Raises
        ------
        TlsUnusable
            A file cannot be read, is not what it should be, or certificate and key do not belong
            together. The message names the file.
        """
        cert, key = _content(cert_file, "certificate"), _content(key_file, "private key")
        client_ca = _content(client_ca_file, "client CA") if client_ca_file else None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        _load_pair(context, cert_file, key_file)
        if client_ca_file:
            _load_client_ca(context, client_ca_file)
        credentials = grpc.ssl_server_credentials(
            [(key, cert)], client_ca, require_client_auth=client_ca is not None
        )
        return cls(context, credentials)


def _content(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise TlsUnusable(f"the TLS {what} {path} cannot be read: {error.strerror}") from error


def _load_pair(context: ssl.SSLContext, cert_file: Path, key_file: Path) -> None:
    def no_password() -> str:
        raise TlsUnusable(f"the TLS private key {key_file} has a password: store it without one")

    try:
        context.load_cert_chain(cert_file, key_file, no_password)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            fault = f"the TLS certificate {cert_file} is not that of the private key {key_file}"
        else:
            fault = f"{cert_file} and {key_file} are not a certificate and a private key in PEM"
        raise TlsUnusable(fault) from error


def _load_client_ca(context: ssl.SSLContext, client_ca_file: Path) -> None:
    try:
        context.load_verify_locations(client_ca_file)
    except ssl.SSLError as error:
        raise TlsUnusable(f"the TLS client CA {client_ca_file} holds no certificate in PEM") from error
    context.verify_mode = ssl.CERT_REQUIRED
