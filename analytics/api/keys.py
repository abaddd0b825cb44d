"""GET and POST /keys, DELETE /keys/{id}."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException

from analytics.api import models
from analytics.api.access import Caller, administrators, project_of
from analytics.keys.ledger import KeyLedger

_ADMINISTRATORS = administrators(
    "Keys are made by `doldrums keys` on the machine of the service, or with a key for `admin`."
)


def router(ledger: KeyLedger, publish: Callable[[], None]) -> APIRouter:
    """Return the routes.

    Parameters
    ----------
    publish
        Lets what was changed hold; raises OSError when it cannot be written.
    """
    routes = APIRouter(tags=["keys"], dependencies=_ADMINISTRATORS, responses=_PROBLEMS)

    @routes.get("/keys")
    def list_keys(caller: Caller) -> models.Page[models.ApiKey]:
        """The project's keys, newest first, revoked ones too."""
        return models.Page(items=ledger.list(project_of(caller)))

    @routes.post("/keys", status_code=201)
    def create_key(caller: Caller, wanted: models.KeyWanted) -> models.NewApiKey:
        """Make a key. Its text is in this answer and cannot be had again."""
        project = wanted.project or caller.project
        if project != caller.project and project_of(caller) is not None:
            raise HTTPException(403, f"A key of project {caller.project} makes keys of that project alone.")
        made = ledger.create(project, wanted, datetime.now(UTC))
        _let_hold(publish)
        return made

    @routes.delete("/keys/{key_id}")
    def revoke_key(caller: Caller, key_id: Annotated[str, "eight hexadecimal digits"]) -> models.ApiKey:
        """Make a key worthless within two seconds, for ever."""
        revoked = ledger.revoke(project_of(caller), key_id, datetime.now(UTC))
        if revoked is None:
            raise HTTPException(404, "There is no key of this id.")
        _let_hold(publish)
        return revoked

    return routes


def _let_hold(publish: Callable[[], None]) -> None:
    try:
        publish()
    except OSError as error:
        raise HTTPException(
            503, f"It is written down but does not hold yet: keys.json cannot be written ({error.strerror})."
        ) from error


_PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": models.Problem} for status in (401, 403, 404, 503)
}
