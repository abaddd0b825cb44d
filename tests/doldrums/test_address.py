import pytest

from doldrums.address import Address

NO_ADDRESSES = (
    *("", "4318", ":4318", "localhost", "localhost:", "localhost:x", "localhost:65536", "localhost:-1"),
    *("::1:80", "http://localhost:80", "me@localhost:80", "localhost:٣", "[localhost]:80", "[127.0.0.1]:80"),
)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [("127.0.0.1:4318", "127.0.0.1", 4318), ("localhost:0", "localhost", 0), ("[::1]:65535", "::1", 65535)],
)
def test_reads_what_it_writes(text: str, host: str, port: int) -> None:
    assert Address.parse(text) == Address(host, port)
    assert str(Address(host, port)) == text


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_refuses_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        Address.parse(text)


@pytest.mark.parametrize(
    ("listened_on", "called"),
    [("0.0.0.0:80", "http://127.0.0.1:80"), ("[::]:80", "http://[::1]:80"), ("ship:80", "http://ship:80")],
)
def test_every_interface_is_called_by_loopback(listened_on: str, called: str) -> None:
    assert Address.parse(listened_on).url == called


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("ship", False),
        ("localhost.example.com", False),
    ],
)
def test_what_is_not_known_to_be_this_machine_alone_is_taken_to_be_reachable(
    host: str, *, expected: bool
) -> None:
    assert Address(host, 1).is_loopback is expected
