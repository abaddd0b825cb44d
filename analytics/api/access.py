"""Who calls: every call under /api/v1 shows a key, and what it sees is its project's."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request, params
from fastapi.security import APIKeyHeader, HTTPBearer

from collector.errors import Forbidden, Unauthenticated
from collector.keys.key import Key, Scope, shown_key
from collector.keys.keyring import Authority

# They are read from the request; these say in the OpenAPI how a key is shown.
_SHOWN = (Depends(HTTPBearer(auto_error=False)), Depends(APIKeyHeader(name="x-api-key", auto_error=False)))


def gate(keys: Authority) -> list[params.Depends]:
    """Return what every route depends on: to read takes the scope `query`, everything else `admin`."""

    def admit(request: Request) -> None:
        shown = shown_key(request.headers.get("authorization", ""), request.headers.get("x-api-key", ""))
        scope: Scope = "query" if request.method in {"GET", "HEAD"} else "admin"
        try:
            request.state.caller = keys.authorise(shown, scope)
        except Unauthenticated as error:
            raise HTTPException(401, f"{error}.", {"WWW-Authenticate": "Bearer"}) from None
        except Forbidden as error:
            raise HTTPException(403, f"{error}.") from None

    return [*_SHOWN, Depends(admit)]


def _caller(request: Request) -> Key:
    caller: Key = request.state.caller
    return caller


Caller = Annotated[Key, Depends(_caller)]


def administrators(advice: str) -> list[params.Depends]:
    """Return what routes depend on that take a key for `admin`, on the service's own machine too.

    Parameters
    ----------
    advice
        What callers are told who show none.
    """

    def admit(caller: Caller) -> None:
        if caller.is_anonymous:
            # a web page that the user's browser shows could ask for it too
            raise HTTPException(401, advice)
        if "admin" not in caller.scopes:
            raise HTTPException(403, f"The API key pk_{caller.id} is not for this: it lacks the scope admin.")

    return [Depends(admit)]


def project_of(caller: Key) -> str | None:
    """Return in which project the caller may change something; None for everybody's."""
    return None if "operator" in caller.scopes else caller.project
