"""What the value of a setting may be, and the words that say so when it is not."""

import os
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, PlainValidator
from pydantic_settings import NoDecode

from analytics.api.models import PROJECT_FORM
from analytics.drift.budget import alarms_per_hour
from collector.redaction.rule import rules
from doldrums.address import Address


def _address(value: object) -> Address:
    return value if isinstance(value, Address) else Address.parse(value)


# The engine reads a segment's path as a pattern, and knows no way to say that it is none; a database
# address reads % as the beginning of a code.
_SIGNS_REFUSED = "*?{}[]%"


def _whole_path(path: Path) -> Path:
    try:
        # a link stays a link: the path that the user wrote is the one that messages show
        return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100
    except RuntimeError:
        raise ValueError("the home folder of this user is not known, write the whole path") from None


def _absolute(path: Path) -> Path:
    whole = _whole_path(path)
    if any(sign in str(whole) for sign in _SIGNS_REFUSED):
        raise ValueError(f"{whole} has one of {' '.join(_SIGNS_REFUSED)} in it, name a folder without")
    return whole


def one_of(*schemes: str) -> AfterValidator:
    """Accept text that starts with one of `schemes`."""

    def check(dsn: str) -> str:
        if not dsn.startswith(schemes):
            raise ValueError(f"it should start with {' or '.join(schemes)}")
        return dsn

    return AfterValidator(check)


def _alarm_budget(words: str) -> str:
    alarms_per_hour(words)
    return words


AlarmBudget = Annotated[str, AfterValidator(_alarm_budget)]


def _drift_reference(text: str) -> str:
    if text not in ("learned", "sliding"):
        first, _, end = text.partition("..")
        try:
            days = [date.fromisoformat(day) for day in (first, end)]
        except ValueError:
            raise ValueError("say `learned`, `sliding`, or days such as `2026-11-01..2026-11-29`") from None
        if not days[0] < days[1]:
            raise ValueError("the second day has to come after the first")
    return text


DriftReference = Annotated[str, AfterValidator(_drift_reference)]


_TOKEN_CHARACTERS_MIN = 16


def _token(text: str) -> str:
    if len(text) < _TOKEN_CHARACTERS_MIN or not (text.isascii() and text.isprintable()) or " " in text:
        raise ValueError(f"it should be {_TOKEN_CHARACTERS_MIN} or more ASCII characters without spaces")
    return text


def _endpoint(text: str) -> str:
    try:
        url = urlsplit(text)
        host, port = url.hostname, url.port
    except ValueError:
        host = port = None
    if (
        not host
        or url.scheme not in {"http", "https"}
        or port == 0
        or url.username
        or url.query
        or url.fragment
    ):
        raise ValueError("write it as http://host:port or https://host:port, without a password in it")
    return text


def _texts(value: object) -> object:
    """Read what the environment says: `a, b`."""
    return [text.strip() for text in value.split(",")] if isinstance(value, str) else value


def _days_of(value: object) -> object:
    """Read what the environment says: `a=7, b=90`."""
    if not isinstance(value, str):
        return value
    pairs = [pair.partition("=") for pair in value.split(",") if pair.strip()]
    if any(not (sign and days.strip().isdecimal()) for _, sign, days in pairs):
        raise ValueError("write it as NAME=DAYS, separated by commas")
    return {name.strip(): int(days) for name, _, days in pairs}


def _path_prefix(prefix: str) -> str:
    if not prefix.startswith("/") or prefix.endswith("/"):
        raise ValueError("it should begin with / and not end with it, as /collector")
    return prefix


def _origin(origin: str) -> str:
    scheme, _, host = origin.partition("://")
    if origin != "*" and (not scheme or not host or "/" in host):
        raise ValueError("write it as https://app.example.com or https://*.example.com")
    return origin


def _rule_name(name: str) -> str:
    known = [rule.name for rule in rules()]
    if name not in known:
        nearest = get_close_matches(name, known, n=1, cutoff=0.5)
        advice = f", did you mean {nearest[0]}" if nearest else ""
        raise ValueError(f"there is no rule of redaction {name!r}{advice}: docs/redaction.md lists them")
    return name


Listen = Annotated[Address, NoDecode, PlainValidator(_address), PlainSerializer(str, return_type=str)]
Token = Annotated[str, AfterValidator(_token)]
Endpoint = Annotated[str, AfterValidator(_endpoint)]
Folder = Annotated[Path, AfterValidator(_absolute)]
File = Annotated[Path, AfterValidator(_whole_path)]
PathPrefixes = Annotated[
    tuple[Annotated[str, AfterValidator(_path_prefix)], ...], NoDecode, BeforeValidator(_texts)
]
# 0: for ever. A hundred years: more is a mistake of writing
RetentionDays = Annotated[int, Field(ge=0, le=36_500)]
DaysOfProjects = Annotated[
    dict[Annotated[str, Field(pattern=PROJECT_FORM)], RetentionDays], NoDecode, BeforeValidator(_days_of)
]
Origins = Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_texts)]
RuleNames = Annotated[
    tuple[Annotated[str, AfterValidator(_rule_name)], ...], NoDecode, BeforeValidator(_texts)
]
