"""What commands ask of the API of the service that runs here, or that the settings name."""

from typing import Any

import httpx

from doldrums.doctor.service import running
from doldrums.errors import UserError
from doldrums.local_keys import read_local_keys
from doldrums.settings import Settings

_ANSWER_S_MAX = 10


def ask(
    settings: Settings,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    *,
    answer_s_max: float = _ANSWER_S_MAX,
) -> bytes:
    """Call the API and return the answer's body.

    Raises
    ------
    UserError
        It is not there, or refuses; in its own words.
    """
    url, key = _service(settings)
    try:
        answer = httpx.request(
            method,
            f"{url}/api/v1{path}",
            json=body,
            headers={"x-api-key": key},
            timeout=answer_s_max,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        raise UserError(
            f"The service at {url} does not answer ({error}): `doldrums doctor` looks why."
        ) from None
    if not answer.is_success:
        raise UserError(_refusal(answer))
    return answer.content


def _service(settings: Settings) -> tuple[str, str]:
    """Return where the API is, and a key for it: the service that runs here knows its own."""
    here = running(settings).get("api")
    if settings.api_key:
        return f"http://{here}" if here else settings.api_address.url, settings.api_key
    if not here:
        raise UserError(
            f"No service runs on {settings.data_dir}: start it with `doldrums serve`, or name the "
            "folder of the one that runs with DOLDRUMS_DATA_DIR."
        )
    return f"http://{here}", read_local_keys(settings.data_dir).operator


def _refusal(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The service answers {answer.status_code}."
