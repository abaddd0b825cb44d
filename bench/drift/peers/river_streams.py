# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "river==0.26.*"]
# ///
"""Prints columns of River's generated streams as JSON: 100 rows an hour, 28 days learned, 250 h healthy.

Another generator goes on where the first is cut off. River's own ConceptDriftStream blends the two over 500
rows or more at this place: its logistic curve overflows below that.
"""

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from river.datasets import synth

ROWS_PER_H = 100
LEARNED_H, CHANGE_H, LOOKED_H = 28 * 24, 28 * 24 + 250, 28 * 24 + 500
LABEL = "label"


def turned(before: Any, after: Any) -> Iterator[Any]:
    """Yield the rows of one stream, and from the change on another's."""
    return chain(islice(before, CHANGE_H * ROWS_PER_H), after)


# Rows, the columns that change, and columns that do not. A label says of which rows a rule is true.
STREAMS = {
    "SEA": (turned(synth.SEA(0, seed=1), synth.SEA(1, seed=2)), [LABEL], [0, 2]),
    "Agrawal": (
        turned(synth.Agrawal(0, seed=1), synth.Agrawal(1, seed=2)),
        [LABEL],
        ["salary", "commission", "elevel"],
    ),
    "STAGGER": (turned(synth.STAGGER(0, seed=1), synth.STAGGER(1, seed=2)), [LABEL], ["color"]),
    "LEDDrift": (
        turned(
            synth.LEDDrift(1, noise_percentage=0.1, irrelevant_features=True),
            synth.LEDDrift(2, noise_percentage=0.1, irrelevant_features=True, n_drift_features=7),
        ),
        [4, 9],
        [20, LABEL],
    ),
    "RandomRBF": (
        turned(synth.RandomRBF(1, 1, n_features=4), synth.RandomRBF(2, 2, n_features=4)),
        [0, 3, LABEL],
        [],
    ),
    "RandomTree": (
        turned(synth.RandomTree(1, 1), synth.RandomTree(2, 2)),
        [LABEL],
        ["x_num_0", "x_cat_0"],
    ),
    "FriedmanDrift": (
        synth.FriedmanDrift("lea", (CHANGE_H * ROWS_PER_H, 10**6, 10**6 + 1), seed=1),
        [LABEL],
        [0],
    ),
}


def column(rows: list[tuple[dict[Any, Any], Any]], name: object, change_h: int | None) -> dict[str, Any]:
    """Return a column as the bench reads it."""
    seen = [label if name == LABEL else row[name] for row, label in rows]
    kinds = {value: number for number, value in enumerate(sorted(set(seen), key=str))}
    is_number = len(kinds) > 20
    return {
        "seen": [round(float(value), 4) if is_number else kinds[value] for value in seen],
        "hours": [row // ROWS_PER_H for row in range(len(seen))],
        "learned_h": LEARNED_H,
        "kind": "number" if is_number else "error" if len(kinds) == 2 else "category",
        "change_h": change_h,
    }


found = {}
for stream, (generator, changing, same) in STREAMS.items():
    rows = list(islice(generator, LOOKED_H * ROWS_PER_H))
    for name in (*changing, *same):
        found[f"{stream}, {name}"] = column(rows, name, CHANGE_H if name in changing else None)
print(json.dumps(found))
