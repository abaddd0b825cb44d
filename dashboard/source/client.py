"""HTTP to the API: what is asked and sent, its answer, and its errors in our words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from dashboard.source.errors import Failing, NotFound, Refused, Unreachable

CONNECT_S_MAX = 1.0
ANSWER_S_MAX = 8.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer, and the time at which the API gave it, by the API's own clock."""

    body: bytes
    at: datetime


class Client:
    """Asks the API at `api_url`, for example `http://127.0.0.1:8080`, and shows its key. Thread-safe."""

    def __init__(self, api_url: str, api_key: str = "") -> None:
        self._http = httpx.Client(
            base_url=f"{api_url.rstrip('/')}/api/v1",
            timeout=httpx.Timeout(ANSWER_S_MAX, connect=CONNECT_S_MAX),
            trust_env=False,
            headers={"x-api-key": api_key} if api_key else None,
        )

    def get(self, path: str, parameters: Mapping[str, str]) -> Answer:
        """Return the answer to one GET.

        Raises
        ------
        SourceError
            Whatever else happened.
        """
        return self._answer(self._http.build_request("GET", path, params=dict(parameters)))

    def post(self, path: str, body: str, key: str) -> Answer:
        """Return the answer to one POST of JSON, sent with the sender's key: the dashboard's may only read.

        Raises
        ------
        SourceError
            Whatever else happened.
        """
        headers = {"content-type": "application/json"}
        request = self._http.build_request("POST", path, content=body.encode(), headers=headers)
        request.headers.pop("x-api-key", None)
        if key:
            request.headers["x-api-key"] = key
        return self._answer(request)

    def _answer(self, request: httpx.Request) -> Answer:
        try:
            response = self._http.send(request)
        except httpx.TimeoutException as error:
            raise Unreachable(f"The API does not answer (waited {ANSWER_S_MAX:.0f} s).") from error
        except httpx.HTTPError as error:
            raise Unreachable("The API does not answer.") from error
        _raise_for(response)
        return Answer(response.content, _given_at(response))


def _raise_for(response: httpx.Response) -> None:
    if response.is_success:
        return
    status = response.status_code
    if status >= 500:
        raise Failing(f"The API answers with an error ({status}).")
    if status == 404:
        raise NotFound("The API does not know it.")
    raise Refused(f"The API refused the question ({status}): {_detail(response)}")


def _detail(response: httpx.Response) -> str:
    try:
        problem: Any = response.json()
        return str(problem.get("detail") or problem.get("title"))
    except (ValueError, AttributeError):
        return response.reason_phrase


def _given_at(response: httpx.Response) -> datetime:
    try:
        return parsedate_to_datetime(response.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return datetime.now(UTC)
