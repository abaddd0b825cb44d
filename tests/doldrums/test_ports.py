import os
import socket
from collections.abc import Iterator

import pytest

from doldrums.address import Address
from doldrums.errors import UserError
from doldrums.ports import claimed


@pytest.fixture
def taken() -> Iterator[Address]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Address("127.0.0.1", server.getsockname()[1])


def test_port_0_becomes_a_free_port_and_none_is_given_twice() -> None:
    addresses = claimed({name: Address("127.0.0.1", 0) for name in "abcdefgh"})

    assert len({address.port for address in addresses.values()} - {0}) == 8


def test_a_port_that_is_named_stays(taken: Address) -> None:
    free = claimed({"api_address": Address("127.0.0.1", 0)})["api_address"]

    assert claimed({"api_address": free}) == {"api_address": free}


def test_a_port_in_use_names_the_setting_the_address_and_the_process(taken: Address) -> None:
    with pytest.raises(UserError) as caught:
        claimed({"api_address": taken})

    assert str(caught.value).startswith(f"DOLDRUMS_API_ADDRESS is {taken}: that port is in use by process ")
    assert str(os.getpid()) in str(caught.value)


@pytest.mark.parametrize(
    ("host", "reason"), [("192.0.2.1", "no such address"), ("no-such-host.invalid", "not known")]
)
def test_a_host_that_is_not_this_machine_is_refused(host: str, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        claimed({"api_address": Address(host, 0)})
