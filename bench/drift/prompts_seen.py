"""What it costs to tell which prompts and sets of tools are new, of a fleet that kept all that is kept.

python -m bench.drift.prompts_seen [--agents 50 500]
"""

import argparse
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analytics.deployments.seen_prompts import prompt_rows
from analytics.period import Period
from collector.store.migrate import migrate
from collector.store.statement import statement
from collector.store.store import Store, open_store

_HOURS = 45 * 24
_PERIOD = timedelta(days=14)


def main() -> None:
    """Print a line for each number of agents."""
    parser = argparse.ArgumentParser(prog="python -m bench.drift.prompts_seen", description=__doc__)
    parser.add_argument("--agents", nargs="+", type=int, default=[50, 500])
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    print(f"{'agents':>7} {'rows':>10} {'told':>5} {'cpu s':>7}")
    for agents in parser.parse_args().agents:
        with tempfile.TemporaryDirectory() as folder:
            store = open_store(f"chdb://{Path(folder) / 'store'}")
            migrate(store)
            _measure(store, now, agents)
            store.close()


def _measure(store: Store, now: datetime, agents: int) -> None:
    filled = {"until_s": int(now.timestamp()), "agents": agents, "hours": _HOURS}
    store.command(statement(__package__, "fill_prompts.sql"), filled)
    (row,) = store.query("SELECT count() AS n FROM prompt_fingerprints")
    began_s = time.process_time()
    told = prompt_rows(store, "fleet", Period(now - _PERIOD, now, ""))
    spent_s = time.process_time() - began_s
    print(f"{agents:>7} {row['n']:>10,} {len(told):>5} {spent_s:>7.2f}", flush=True)


if __name__ == "__main__":
    main()
