"""The alerting rules ask for metrics that there are."""

import re
from pathlib import Path

from tests.documented import documented_metrics

RULES = Path(__file__).parents[2] / "docs" / "prometheus-rules.yml"


def test_every_rule_asks_for_metrics_that_the_documentation_lists() -> None:
    asked = {
        re.sub("_(bucket|count|sum)$", "", name)
        for name in re.findall(r"\bdoldrums_[a-z_]+", RULES.read_text(encoding="utf-8"))
    }

    assert asked
    assert asked <= documented_metrics()
