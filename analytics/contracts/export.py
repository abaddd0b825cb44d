"""Export: learned contracts as JSON Schemas that a person reviews and commits. Pure."""

from collections.abc import Mapping
from typing import Any

from analytics.contracts.boundary import Boundary
from analytics.contracts.learned_schema import DIALECT
from analytics.contracts.user import BOUNDARY, boundary_of

LEARNED = "x-learned"


def exported(of: Boundary, schema: Mapping[str, Any], calls: int) -> dict[str, Any]:
    """Return a learned contract as a file of `contracts_dir` holds it.

    Examples
    --------
    >>> of = Boundary("default", "tool", "buyer", "look_up", "output", "1.2")
    >>> exported(of, {"type": "object"}, 640)["x-boundary"]
    {'tool': 'look_up', 'agent': 'buyer', 'side': 'output'}
    """
    learned = {"calls": calls, **({"version": of.version} if of.version else {})}
    return {"$schema": DIALECT, BOUNDARY: boundary_of(of), LEARNED: learned, **schema}
