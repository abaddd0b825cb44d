# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "river==0.26.*"]
# ///
"""Prints two of River's series whose changes people annotated, as JSON: values, hours, what is learned.

The annotators of its other series (passengers, Bitcoin, oil, coal, occupancy) do not agree on a first change.
"""

import json

from river.drift import datasets

# Annotators of the Turing Change Point Dataset saw every third day; all five put the change at 319.
apple = [float(row["Volume"]) for _, row in datasets.Apple()][::3]
# Four of five put the first change of a run's pace at 60.
pace = [float(row["Pace"]) for _, row in datasets.RunLog()]
named = {"Apple's volume of trade": (apple, 250, 319), "pace of a run": (pace[:114], 45, 60)}
print(
    json.dumps(
        {
            name: {
                "seen": seen,
                "hours": list(range(len(seen))),
                "learned_h": learned,
                "kind": "number",
                "change_h": change,
            }
            for name, (seen, learned, change) in named.items()
        }
    )
)
