"""`python -m bench.detectors`: agents of real frameworks with faults, and what the service says of them.

Starts the service as users do, and the agents' processes, one capture after the other: each framework in
an environment of its own, with a scripted model on loopback and its stock instrumentation. What goes wrong
stands in a manifest that is written before. Prints the score in Markdown; what happens meanwhile goes to
standard error.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Collection, Mapping
from pathlib import Path

from bench.detectors import chain_report, collecting, manifest, observed, past, report
from bench.detectors.capture import CAPTURES
from bench.detectors.chain_scoring import ChainScore
from bench.detectors.fault import FILES, faults
from bench.detectors.fleet import FRAMEWORKS, play
from bench.detectors.manifest import Plan
from bench.detectors.scoring import score
from tests.service import Service

# Before the first fault of `full` each kind of work has run a hundred times. `small` is to see that
# everything works: too few ordinary runs for any limit to be learned.
PLANS = {
    "waits": {
        "small": Plan(repeats=1, training_s=0, faults_s=15, after_s=125, every_s=3),
        "full": Plan(repeats=1, training_s=105, faults_s=45, after_s=125, every_s=3),
    },
    # a finding names five traces of the same at most
    "errors": {
        "small": Plan(repeats=1, training_s=20, faults_s=60, after_s=10, every_s=4, group="errors"),
        "full": Plan(repeats=5, training_s=20, faults_s=300, after_s=10, every_s=4, group="errors"),
    },
}
# An exporter keeps spans for 5 s; changed traces are looked at every 15 s, and a finding takes two looks.
SETTLE_S = 45.0


def main() -> None:
    arguments = _arguments()
    folder = Path(arguments.folder or tempfile.mkdtemp(prefix="detectors-bench-"))
    if not arguments.score:
        _run(folder, arguments)
    if arguments.page:
        arguments.page.write_text(_scored(folder, arguments.group) + "\n")
    else:
        print(_scored(folder, arguments.group))


def _run(folder: Path, arguments: argparse.Namespace) -> None:
    of_group = faults(arguments.group)
    chosen = {name: of_group[name] for name in of_group if name in (arguments.faults or of_group)}
    plan = PLANS[arguments.group][arguments.size]
    cases = manifest.cases(arguments.captures, arguments.frameworks, chosen, plan, arguments.seed)
    manifest.write(folder, cases)
    _say(f"{len(cases)} cases in {folder}")
    (folder / "service").mkdir()
    found, seen = {}, {}
    with Service(folder / "service") as service:
        keys = collecting.make_keys(service, arguments.captures)
        _play_past(service, folder / "past", keys, arguments, chosen)
        # one at a time: two cores carry the agents of one, and times to detect are to mean something
        for capture in arguments.captures:
            _say(f"playing {capture}")
            began_at = time.time()
            mine = [case for case in cases if case.capture == capture]
            play(folder, mine, service.url("otlp_http"), keys)
            time.sleep(SETTLE_S)
            if arguments.group == "errors":
                observed.wait_until_settled(service, keys[capture])
            found[capture] = collecting.findings(service, keys[capture])
            stored = collecting.spans_stored(service, keys[capture])
            _say(f"{capture}: {len(found[capture])} findings, {stored:,} spans stored")
            collecting.write_findings(folder, found)
            if arguments.group == "errors":
                joined = collecting.joined(folder)
                trace_ids = [each for case in mine if case.id in joined for each in joined[case.id].trace_ids]
                seen[capture] = observed.observe(service, keys[capture], trace_ids, began_at)
                observed.write(folder, seen)


def _play_past(
    service: Service,
    folder: Path,
    keys: Mapping[str, str],
    arguments: argparse.Namespace,
    chosen: Collection[str],
) -> None:
    """Let each project have a past, in a folder of its own: it is not scored."""
    cases = past.cases(arguments.captures, arguments.frameworks, chosen, arguments.seed)
    if not cases:
        return
    manifest.write(folder, cases)
    for capture in arguments.captures:
        _say(f"playing the past of {capture}")
        mine = [case for case in cases if case.capture == capture]
        play(folder, mine, service.url("otlp_http"), keys, past.AGO_S)
    failed = sum(bool(each.error) for each in collecting.joined(folder).values())
    _say(f"past: {len(cases):,} runs, {failed} of which failed")
    time.sleep(SETTLE_S)
    # hours that are over are counted once, and again those of a day after a stop
    service.stop()
    service.start()


def _scored(folder: Path, group: str) -> str:
    cases, joined = manifest.read(folder), collecting.joined(folder)
    found = collecting.read_findings(folder)
    scores = {
        capture: score([case for case in cases if case.capture == capture], faults(), joined, findings)
        for capture, findings in found.items()
    }
    played = sum(len(each.cases) for each in scores.values())
    if group == "waits":
        return report.page(len(cases), played, scores)
    seen = observed.read(folder)
    chains = {capture: ChainScore(each, seen[capture]) for capture, each in scores.items()}
    return chain_report.page(len(cases), played, chains)


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.detectors", description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    parser.add_argument("--group", choices=FILES, default="waits", help="of faults: each has its page")
    parser.add_argument("--captures", nargs="+", choices=CAPTURES, default=list(CAPTURES))
    parser.add_argument("--frameworks", nargs="+", choices=FRAMEWORKS, default=list(FRAMEWORKS))
    parser.add_argument("--faults", nargs="+", choices=faults(), help="and look-alikes; all without it")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--folder", help="where the run is kept; a new one without it")
    parser.add_argument("--page", type=Path, help="file that the score is written to instead")
    parser.add_argument("--score", action="store_true", help="score the run in --folder again")
    return parser.parse_args()


if __name__ == "__main__":
    main()
