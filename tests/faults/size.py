"""How large a scenario is run: small in CI, as in the reference by `make faults`; and what it found."""

import json
import os
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_SIZES = {"small": "0", "full": "1"}
# 1 as in the reference, less where there is time for a share of that, 0 as in CI
SHARE = float(_SIZES.get(size := os.environ.get("FAULTS_SIZE", "small"), size))
SEED = int(os.environ.get("FAULTS_SEED", "1"))


def sized(small: T, full: T) -> T:
    if isinstance(small, int) and isinstance(full, int):
        return max(small, int(full * SHARE))
    return full if SHARE else small


def limit_s(small: int, full: int) -> int:
    """The longest that a scenario may take: any share of full size on a slow machine."""
    return full if SHARE else small


def note(scenario: str, size: str, **figures: float | str) -> None:
    """Keep a line of the table that `make faults` prints."""
    test = os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0]
    line = {"test": test, "scenario": scenario, "size": size, "figures": figures}
    print(line)
    if path := os.environ.get("FAULTS_FIGURES"):
        with Path(path).open("a") as file:
            file.write(json.dumps(line) + "\n")


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0
