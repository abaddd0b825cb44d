import base64
import time

import pytest

from collector.errors import Forbidden, Unauthenticated
from collector.keys.key import KEY_FORM, anonymous, new_key, shown_key
from collector.keys.keyring import Keyring
from tests.collector.keys.made import made


def test_a_key_opens_what_it_is_for_and_nothing_else() -> None:
    key, text = made("shop", "ingest")
    keys = Keyring([key], None)

    assert keys.authorise(text, "ingest").project == "shop"
    with pytest.raises(Forbidden, match=f"pk_{key.id} is not for this: it lacks the scope query"):
        keys.authorise(text, "query")


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text[:0], id="nothing"),
        pytest.param(lambda text: text[:-1] + "0123456789abcdef"[int(text[-1], 16) - 1], id="last digit"),
        pytest.param(lambda text: text[:-1], id="cut off"),
        pytest.param(lambda text: f"{text}0", id="too long"),
        pytest.param(lambda text: text.upper(), id="capitals"),
        pytest.param(lambda text: f"{text}\n", id="a line more"),
        pytest.param(lambda text: text.replace("pk_", "pk_é"), id="not ASCII"),
        pytest.param(lambda _: new_key()[1], id="another"),
        pytest.param(lambda text: f"{text[:11]}_{'0' * 64}", id="its id alone"),
    ],
)
def test_what_is_not_the_key_opens_nothing(spoil: "object") -> None:
    key, text = made()

    with pytest.raises(Unauthenticated) as refused:
        Keyring([key], None).authorise(spoil(text), "ingest")  # type: ignore[operator]
    assert text not in str(refused.value)


def test_a_key_is_worth_nothing_from_when_it_expires() -> None:
    old, old_text = made(expires_unix_s=time.time() - 1)
    good, good_text = made(expires_unix_s=time.time() + 3_600)
    keys = Keyring([old, good], None)

    assert keys.authorise(good_text, "ingest") == good
    with pytest.raises(Unauthenticated, match=f"pk_{old.id} has expired"):
        keys.authorise(old_text, "ingest")


def test_where_no_key_is_needed_what_others_call_a_key_is_none_and_a_wrong_one_is_wrong() -> None:
    keys = Keyring((), anonymous())

    assert keys.authorise("pylf_v1_some-token", "ingest").project == "default"
    with pytest.raises(Unauthenticated):
        keys.authorise(new_key()[1], "ingest")


def test_keys_are_long_and_never_the_same() -> None:
    texts = {new_key()[1] for _ in range(100)}

    assert len(texts) == 100
    assert all(KEY_FORM.fullmatch(text) and len(text) == 76 for text in texts)


@pytest.mark.parametrize(
    ("authorization", "api_key", "shown"),
    [
        ("Bearer pk_1", "", "pk_1"),
        ("bearer   pk_1 ", "", "pk_1"),
        ("pk_1", "", "pk_1"),
        ("", " pk_2 ", "pk_2"),
        ("Bearer pk_1", "pk_2", "pk_2"),
        (f"Basic {base64.b64encode(b'public:pk_3').decode()}", "", "pk_3"),
        ("Basic %%%", "", ""),
        (f"Basic {base64.b64encode(bytes([255, 254])).decode()}", "", ""),
        ("Basic é", "", ""),
        ("", "", ""),
    ],
)
def test_a_key_is_found_in_the_headers(authorization: str, api_key: str, shown: str) -> None:
    assert shown_key(authorization, api_key) == shown
