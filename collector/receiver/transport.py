"""How clients may connect."""

from dataclasses import dataclass
from pathlib import Path

from collector.receiver.tls import Tls


@dataclass(frozen=True)
class Transport:
    """Connections, their encryption and their time, and where over HTTP OTLP is taken.

    Attributes
    ----------
    tls_cert_file, tls_key_file
        The server's certificate with its chain, and its private key, both PEM; without them nothing
        is encrypted.
    tls_client_ca_file
        Certificates (PEM) of who signs clients' certificates; with it a client has to show one.
    path_prefixes
        Paths under which /v1/traces and the like are served too, as `/collector`.
    cors_allowed_origins
        Origins of web pages that may send over HTTP; `*` stands for any text. None: no page may.
    connections_max
        HTTP connections; one more closes the one whose request has been incomplete for longest, or
        else the one idle for longest.
    request_s_max
        Seconds in which a request has to come: its head, and its body after that.
    idle_s_max
        Seconds for which a connection without requests stays open. Exporters send every few seconds
        over one connection; a server that closes it in between makes them fail and retry.
    """

    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    tls_client_ca_file: Path | None = None
    path_prefixes: tuple[str, ...] = ()
    cors_allowed_origins: tuple[str, ...] = ()
    connections_max: int = 1_000
    request_s_max: int = 10
    idle_s_max: int = 75

    def tls(self) -> Tls | None:
        """Read the certificates; None where there are none.

        Raises
        ------
        TlsUnusable
            See `Tls.read`.
        """
        if self.tls_cert_file is None or self.tls_key_file is None:
            return None
        return Tls.read(self.tls_cert_file, self.tls_key_file, self.tls_client_ca_file)
