"""GET /root-causes: what failing traces have in common, against passing ones of the same root."""

from collections.abc import Callable, Sequence

from fastapi import APIRouter

from analytics.api import models
from analytics.api.access import Caller
from analytics.api.failed_in import FailedIn
from analytics.period import Period
from analytics.rootcause.reader import Comparison
from analytics.rootcause.spectrum import FAILING_MIN, PASSING_MIN, Cause, in_words


def router(compare_roots: Callable[[str, Period], Sequence[Comparison]]) -> APIRouter:
    """Return the route.

    Parameters
    ----------
    compare_roots
        Compares the traces of a project in a period.
    """
    routes = APIRouter(tags=["chains"])

    @routes.get("/root-causes")
    def root_causes(caller: Caller, asked: FailedIn) -> models.RootComparisons:
        """Agents, tools, models, versions, calls and failing calls that go with failing, by root.

        It says what goes together, not what causes what.
        """
        found = compare_roots(caller.project, asked)
        return models.RootComparisons(
            items=[_comparison(one) for one in found], failing_min=FAILING_MIN, passing_min=PASSING_MIN
        )

    return routes


def _comparison(one: Comparison) -> models.RootComparison:
    return models.RootComparison(
        root=one.root,
        failing=one.failing,
        passing=one.passing,
        causes=[_cause(cause, one) for cause in one.causes],
    )


def _cause(cause: Cause, one: Comparison) -> models.RootCause:
    feature = cause.feature
    return models.RootCause(
        sort=feature.sort,
        name=feature.name,
        is_missing=feature.is_missing,
        failing_with=feature.failing_with,
        passing_with=feature.passing_with,
        ochiai=cause.ochiai,
        discovery_rate=cause.discovery_rate,
        in_words=in_words(cause, one.failing, one.passing),
        alike=[f"{other.sort} {other.name}" for other in cause.alike],
        failing_example=feature.failing_example or None,
        passing_example=feature.passing_example or None,
    )
