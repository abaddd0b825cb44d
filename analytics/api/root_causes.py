"""GET /root-causes: what failing traces have in common, against passing ones of the same root."""

from collections.abc import Callable, Sequence
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from analytics.api import models
from analytics.api.access import Caller
from analytics.api.failed_in import FailedIn, between
from analytics.assembly.lineage import Flags
from analytics.period import Period
from analytics.rootcause.bootstrap import RankInterval
from analytics.rootcause.charge import Charge
from analytics.rootcause.mark import Mark
from analytics.rootcause.question import Failing, Question
from analytics.rootcause.reader import Comparison
from analytics.rootcause.spectrum import FAILING_MIN, PASSING_MIN, Cause, in_words

# Causes that are named of each agent or service, and agents and services.
CHARGES_MAX = 5


def router(compare_roots: Callable[[str, Question], Sequence[Comparison]]) -> APIRouter:
    """Return the route.

    Parameters
    ----------
    compare_roots
        Compares the traces of a project as asked.
    """
    routes = APIRouter(tags=["chains"])

    @routes.get("/root-causes")
    def root_causes(
        caller: Caller,
        asked: FailedIn,
        failing: Failing = "error",
        earlier_from: Annotated[AwareDatetime | None, Query()] = None,
        earlier_to: Annotated[AwareDatetime | None, Query()] = None,
    ) -> models.RootComparisons:
        """Slow, missing and failing calls, agents, tools, models and versions that go with failing, by root.

        Failing are traces in `error`; those that took longer than 19 of 20 did earlier (`slow`); or all of
        the time asked for (`later`), against earlier ones, as since a deployment. Earlier is as long a time
        before `from`, or `earlier_from` to `earlier_to`. It says what goes together, not what causes what.
        """
        until = earlier_to or asked.start
        earlier = between(earlier_from or until - (asked.end - asked.start), until, asked.end - asked.start)
        question = Question(asked, Period(*earlier, asked.environment), failing)
        return models.RootComparisons(
            items=[_comparison(one) for one in compare_roots(caller.project, question)],
            failing_min=FAILING_MIN,
            passing_min=PASSING_MIN,
        )

    return routes


def _comparison(one: Comparison) -> models.RootComparison:
    return models.RootComparison(
        root=one.root,
        failing=one.failing,
        passing=one.passing,
        causes=[_cause(cause, rank, one) for cause, rank in one.causes],
        charges=[_charge(charge) for charge in one.charges[:CHARGES_MAX]],
        confounders=list(one.confounders),
    )


def _cause(cause: Cause, rank: RankInterval, one: Comparison) -> models.RootCause:
    mark, failed = cause.mark, one.failed
    return models.RootCause(
        sort=mark.sort,
        name=mark.name,
        is_missing=mark.is_missing,
        charged=mark.charged or None,
        failing=cause.failing,
        passing=cause.passing,
        failing_with=cause.failing_with,
        passing_with=cause.passing_with,
        ochiai=cause.ochiai,
        discovery_rate=cause.discovery_rate,
        in_words=in_words(cause),
        alike=[_name(other) for other in cause.alike],
        downstream_of=_name(cause.downstream_of) if cause.downstream_of else None,
        rank_best=rank.best,
        rank_worst=rank.worst,
        failing_example=_example(one, mark.shown & failed),
        passing_example=_example(one, mark.shown & ~failed),
    )


def _charge(charge: Charge) -> models.RootCharge:
    names = [_name(cause.mark) for cause in charge.causes[:CHARGES_MAX]]
    return models.RootCharge(who=charge.who, weight=charge.weight, causes=names)


def _name(mark: Mark) -> str:
    return f"{mark.sort} {mark.name}"


def _example(one: Comparison, traces: Flags) -> str | None:
    """Return the latest of these traces."""
    return one.trace_ids[int(np.argmax(traces))] if traces.any() else None
