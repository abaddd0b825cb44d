"""Prints, as Markdown, how well suspects match the labels of failed logs, and the false alarms.

    python -m bench.attribution [FOLDER of shared data]

Floors and published figures: `../shared/data/README.md`. The rules: `analytics/suspects`.
"""

import sys
from pathlib import Path

from bench.attribution import conversation
from bench.attribution.report import attribution, false_alarms


def main() -> None:
    """Print the tables."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else conversation.DATA
    logs = data / "who-and-when" / "algorithm-generated"
    if logs.is_dir():
        print("\n".join(attribution(*conversation.who_and_when(logs))))
    else:
        print(f"{logs} is not there: nothing is scored.")
    runs = data / "ag2-math" / "gpt-4.jsonl.gz"
    if runs.is_file():
        for correct in (True, False):
            print("\n".join(false_alarms(conversation.ag2_math(runs, correct=correct), correct=correct)))
    else:
        print(f"{runs} is not there: no false alarms are counted.")


if __name__ == "__main__":
    main()
