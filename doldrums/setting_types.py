"""What the value of a setting may be, and the words that say so when it is not."""

import base64
import binascii
import os
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    ValidationError,
)
from pydantic_settings import NoDecode

from doldrums.address import Address


def _address(value: object) -> Address:
    return value if isinstance(value, Address) else Address.parse(value)


# The engine reads a segment's path as a pattern, and knows no way to say that it is none; a database
# address reads % as the beginning of a code.
_SIGNS_REFUSED = "*?{}[]%"


def _absolute(path: Path) -> Path:
    try:
        # a link stays a link: the path that the user wrote is the one that messages show
        whole = Path(os.path.abspath(path.expanduser()))  # noqa: PTH100
    except RuntimeError:
        raise ValueError("the home folder of this user is not known, write the whole path") from None
    if any(sign in str(whole) for sign in _SIGNS_REFUSED):
        raise ValueError(f"{whole} has one of {' '.join(_SIGNS_REFUSED)} in it, name a folder without")
    return whole


def _web_url(url: str) -> str:
    try:
        TypeAdapter(HttpUrl).validate_python(url)
    except ValidationError:
        raise ValueError("it should be an http:// or https:// address") from None
    return url


def _signing_secret(secret: str) -> str:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not key:
        raise ValueError("it should be whsec_ followed by base64, as Standard Webhooks writes it")
    return secret


def one_of(*schemes: str) -> AfterValidator:
    """Accept text that starts with one of `schemes`."""

    def check(dsn: str) -> str:
        if not dsn.startswith(schemes):
            raise ValueError(f"it should start with {' or '.join(schemes)}")
        return dsn

    return AfterValidator(check)


Listen = Annotated[Address, NoDecode, PlainValidator(_address), PlainSerializer(str, return_type=str)]
Folder = Annotated[Path, AfterValidator(_absolute)]


class WebhookSetting(BaseModel):
    """Where findings are posted to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")]
    url: Annotated[str, AfterValidator(_web_url)]
    secret: Annotated[str, AfterValidator(_signing_secret), Field(repr=False)]
