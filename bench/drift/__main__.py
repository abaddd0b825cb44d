"""Prints the acceptance table of drift detection.

python -m bench.drift [--quick] [--seed 2028] [--only nulls delays ...]
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace

from bench.drift import (
    compared,
    comparison,
    contents_compared,
    cost,
    datasets,
    delays,
    effects,
    math_runs,
    mixes,
    nulls,
    office,
    pool,
    texts,
    texts_compared,
    year,
)
from bench.drift.report import HEAD, Row
from bench.drift.size import FULL, QUICK, Size

PARTS: dict[str, Callable[[Size], Iterator[Row]]] = {
    "nulls": nulls.rows,
    "fast": nulls.fast_rows,
    "delays": delays.rows,
    "office": office.rows,
    "pool": pool.rows,
    "mixes": mixes.rows,
    "effects": effects.rows,
    "texts": texts.rows,
    "math": math_runs.rows,
    "data": datasets.rows,
    "year": year.rows,
    "compared": compared.rows,
    "contents": contents_compared.rows,
    "contents_changed": contents_compared.changed_rows,
    "cost": cost.rows,
    "peers": comparison.rows,
    "peer_texts": texts_compared.rows,
}


def main() -> None:
    """Print the table, each row as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.drift", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions: minutes instead of hours")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--seed", type=int, default=FULL.seed, help="of what is invented")
    chosen = parser.parse_args()
    size = replace(QUICK if chosen.quick else FULL, seed=chosen.seed)
    print(HEAD)
    for part in chosen.only:
        for row in PARTS[part](size):
            print(row, flush=True)


if __name__ == "__main__":
    main()
