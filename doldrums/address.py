"""Addresses that something listens on."""

import ipaddress
from dataclasses import dataclass
from typing import Self

PORT_MAX = 65535
FORM = "write it as host:port, for example 127.0.0.1:4318 (port 0 picks a free one)"


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port; port 0 means any free one."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read ``host:port``; an IPv6 host stands in brackets.

        Examples
        --------
        >>> Address.parse("[::1]:4318")
        Address(host='::1', port=4318)
        """
        host, colon, port = str(text).strip().rpartition(":")
        bracketed = host.startswith("[") and host.endswith("]")
        host = host[1:-1] if bracketed else host
        if not colon or not host or any(mark in host for mark in " /@") or ((":" in host) != bracketed):
            raise ValueError(FORM)
        if not (port.isascii() and port.isdigit() and int(port) <= PORT_MAX):
            raise ValueError(FORM)
        return cls(host, int(port))

    @property
    def reachable(self) -> "Address":
        """The address for a client on this machine: 0.0.0.0 is listened on, not called."""
        try:
            host = ipaddress.ip_address(self.host)
        except ValueError:
            return self
        loopback = "127.0.0.1" if host.version == 4 else "::1"
        return Address(loopback, self.port) if host.is_unspecified else self

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it; of a name other than localhost nobody knows."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def url(self) -> str:
        """Where a client on this machine calls it."""
        return self.url_of("http")

    def url_of(self, scheme: str) -> str:
        """Where a client on this machine calls it by that scheme."""
        return f"{scheme}://{self.reachable}"

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
