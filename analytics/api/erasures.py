"""POST and GET /erasures, GET /erasures/{id}: deleting what a user or a session left."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response

from analytics.api import models
from analytics.api.access import Caller, administrators, project_of
from analytics.erasures.ledger import ErasureLedger, dry_run
from analytics.state.cursor import CursorError
from analytics.state.text import storable
from collector.deletion.subject import Subject, SubjectKind

_ADMINISTRATORS = administrators(
    "Run `doldrums erase` on the machine of the service, or show a key for `admin`."
)


def router(ledger: ErasureLedger, preview: Callable[[Subject], Mapping[str, int]]) -> APIRouter:
    """Return the routes; `preview` counts what would be erased."""
    routes = APIRouter(tags=["erasures"], dependencies=_ADMINISTRATORS, responses=_PROBLEMS)

    @routes.post("/erasures", status_code=202, responses=_COUNTED)
    def erase(caller: Caller, wanted: models.ErasureWanted, response: Response) -> models.Erasure:
        """Erase every trace in which a span names the user or session; `dry_run` counts and changes nothing.

        It is done about ten minutes after everything received so far is loaded: replaced files stay on disk
        for eight.
        """
        subject = _subject(caller, wanted)
        counts = preview(subject)
        if wanted.dry_run:
            response.status_code = 200
            return dry_run(subject, caller.id, datetime.now(UTC), counts)
        return ledger.request(subject, caller.id, datetime.now(UTC), counts)

    @routes.get("/erasures")
    def list_erasures(
        caller: Caller, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
    ) -> models.Page[models.Erasure]:
        """The project's erasures, the newest first."""
        try:
            return ledger.list(project_of(caller), cursor, limit)
        except CursorError as error:
            raise HTTPException(400, str(error)) from error

    @routes.get("/erasures/{erasure_id}")
    def get_erasure(caller: Caller, erasure_id: str) -> models.Erasure:
        """How far one is, and the proof."""
        found = ledger.get(project_of(caller), erasure_id)
        if found is None:
            raise HTTPException(404, "There is no erasure of this id.")
        return found

    return routes


def _subject(caller: Caller, wanted: models.ErasureWanted) -> Subject:
    project = wanted.project or caller.project
    if project != caller.project and project_of(caller) is not None:
        raise HTTPException(403, f"A key of project {caller.project} erases in that project alone.")
    kind: SubjectKind = "session" if wanted.user is None else "user"
    value = wanted.user or wanted.session or ""
    if storable(value, len(value)) != value:
        raise HTTPException(422, f"This {kind} has signs in it that no span can have.")
    return Subject(project, kind, value)


_COUNTED: dict[int | str, dict[str, object]] = {
    200: {"model": models.Erasure, "description": "A dry run: what would be erased."}
}
_PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": models.Problem} for status in (400, 401, 403, 404)
}
