"""Failing traces against passing ones, as the API answers."""

from typing import Any

from analytics.api.models import RootCause, RootComparison, RootComparisons
from tests.dashboard import fleet
from tests.dashboard.failing import Errors


def compared(errors: Errors) -> RootComparisons:
    """Return a root with causes, one that nothing sets apart, and two of too few traces."""
    items = [] if errors in ("none", "outlived", "stayed") else [shipping(), indexing(), *few()]
    return RootComparisons(items=items, failing_min=10, passing_min=30)


def shipping() -> RootComparison:
    causes = [
        cause(
            "failing call",
            "pay: TimeoutError",
            12,
            3,
            alike=["tool pay_v2", "calls lead → buyer"],
            ochiai=0.83,
        ),
        cause("version", "buyer v15", 13, 41, ochiai=0.47),
        cause("agent", "reviewer", 11, 5, is_missing=True, failing_example=None, ochiai=0.74),
    ]
    return RootComparison(root="ship order", failing=14, passing=1_204, causes=causes)


def indexing() -> RootComparison:
    return RootComparison(root="nightly index", failing=11, passing=48, causes=[])


def few() -> list[RootComparison]:
    return [
        RootComparison(root="answer ticket", failing=4, passing=61, causes=[]),
        RootComparison(root="", failing=12, passing=2, causes=[]),
    ]


def cause(sort: str, name: str, failing: int, passing: int, **known: Any) -> RootCause:
    return RootCause.model_validate(
        {
            "sort": sort,
            "name": name,
            "is_missing": False,
            "failing_with": failing,
            "passing_with": passing,
            "ochiai": 0.5,
            "discovery_rate": 0.001,
            "in_words": f"in {failing} of 14 failing, {passing} of 1,204 passing",
            "alike": [],
            "failing_example": fleet.FAILED_TRACE,
            "passing_example": fleet.STUCK_TRACE,
        }
        | known
    )
