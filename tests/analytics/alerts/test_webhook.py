import base64
from datetime import UTC, datetime

import pytest
import standardwebhooks

from analytics.alerts.webhook import Webhook, WebhookError, new_secret
from tests.analytics.alerts.receiver import SECRET

URL = "https://example.com/hook"


def encoded(n: int) -> str:
    return "whsec_" + base64.b64encode(bytes(range(n))).decode()


def test_the_library_verifies_what_a_new_secret_signs() -> None:
    secret, now = new_secret(), datetime.now(UTC)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook("ops", URL, secret).sign("msg_1", now, '{"a":1}'),
    }

    assert standardwebhooks.Webhook(secret).verify('{"a":1}', headers) == {"a": 1}
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(secret).verify('{"a":2}', headers)


def test_no_two_new_secrets_are_alike() -> None:
    assert new_secret() != new_secret()


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(encoded(24), id="24 bytes"),
        pytest.param(encoded(64), id="64 bytes"),
        pytest.param(encoded(25).rstrip("="), id="without padding"),
    ],
)
def test_a_secret_of_24_to_64_bytes_is_taken(secret: str) -> None:
    assert Webhook("ops", URL, secret).secret == secret


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("", id="none"),
        pytest.param("hunter2-hunter2-hunter2-hunter2-hunter2", id="a password"),
        pytest.param(SECRET.removeprefix("whsec_"), id="without the prefix"),
        pytest.param(encoded(23), id="23 bytes"),
        pytest.param(encoded(65), id="65 bytes"),
        pytest.param("whsec_" + "ä" * 40, id="no ASCII"),
        pytest.param("whsec_!" + SECRET.removeprefix("whsec_"), id="no base64"),
        pytest.param(SECRET + "\n", id="a line's end"),
    ],
)
def test_a_wrong_secret_is_refused_in_words_that_do_not_show_it(secret: str) -> None:
    with pytest.raises(WebhookError) as caught:
        Webhook("ops", URL, secret)

    assert str(caught.value) == (
        "the secret of webhook ops must be whsec_ followed by the base64 of 24 to 64 random bytes, "
        'as `echo "whsec_$(openssl rand -base64 32)"` makes one'
    )
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/hook",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://",
        "https:///hook",
        "http://[::1",
        "https://exa\nmple.com",
        "https://example.com:99999/",
    ],
)
def test_a_wrong_url_is_refused_in_words_that_do_not_show_it(url: str) -> None:
    with pytest.raises(WebhookError) as caught:
        Webhook("ops", url, SECRET)

    assert str(caught.value) == "the URL of webhook ops must read https://host/path (or http://)"


@pytest.mark.parametrize("name", ["", "a b", "a/b", "ä", "x" * 65, "a\n"])
def test_a_name_that_fits_no_path_is_refused(name: str) -> None:
    with pytest.raises(WebhookError, match="webhook name"):
        Webhook(name, URL, SECRET)


def test_neither_url_nor_secret_is_in_its_repr() -> None:
    assert repr(Webhook("ops", URL, SECRET)) == "Webhook(name='ops')"
