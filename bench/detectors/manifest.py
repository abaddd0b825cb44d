"""The manifest: every case of a run, written before the run; ids are only joined afterwards."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

from bench.detectors.fault import Fault
from bench.detectors.truth import Truth, truth_of
from bench.detectors.truth import read as read_truth

FILE_NAME = "manifest.jsonl"
# What runs clean all the time, in turns. Work is known after 99 times: a clean run of `hang_in_tool` calls
# its model and one of its tools six times; the waits of `ring_of_four` are the same in all frameworks.
ORDINARY = {
    "waits": ("hang_in_tool", "ring_of_four"),
    # its probe finds nothing in most runs
    "errors": ("expected_404",),
}


@dataclass(frozen=True)
class Case:
    """One run of a scenario.

    Parameters
    ----------
    id
        Says nothing but which it is; it never reaches the service.
    capture, framework
        What sends it.
    process
        Of that framework; 0, or another for a case that is alone in its process.
    scenario
        Name of a fault or look-alike.
    faulty
        False in a clean run of the same scenario.
    seed
        The same for a faulty case and its clean pair.
    starts_s
        Seconds after the processes of its capture begin.
    truth
        What will be so; empty for what faults.toml says all of.
    """

    id: str
    capture: str
    framework: str
    process: int
    scenario: str
    faulty: bool
    seed: int
    starts_s: float
    truth: Truth = field(default_factory=Truth)


@dataclass(frozen=True)
class Plan:
    """How much is run: of each capture and framework.

    Parameters
    ----------
    repeats
        Cases of each fault, and as many clean pairs.
    training_s
        Seconds of ordinary work before the first fault.
    faults_s
        Seconds in which the faults begin.
    after_s
        Seconds of ordinary work beyond that: a source that falls silent is another fault.
    every_s
        Seconds from one ordinary run to the next.
    group
        Of the faults: what runs ordinarily beside them.
    """

    repeats: int
    training_s: float
    faults_s: float
    after_s: float
    every_s: float
    group: str = "waits"

    @property
    def ordinary(self) -> int:
        """Ordinary runs, all of them clean."""
        return int((self.training_s + self.faults_s + self.after_s) / self.every_s)


def cases(
    captures: Sequence[str], frameworks: Sequence[str], faults: Mapping[str, Fault], plan: Plan, seed: int
) -> list[Case]:
    """Return the cases of a run: all that happens is decided here, by the seed."""
    found: list[Case] = []
    for capture in captures:
        for framework in frameworks:
            # the same in every capture: a column differs from the next by what is seen alone
            random = Random(f"{seed} {framework}")
            played = {name: fault for name, fault in faults.items() if framework not in fault.without}
            for number, (process, scenario, faulty, own_seed, starts_s) in enumerate(
                _of_one(played, plan, random)
            ):
                truth = (
                    truth_of(played[scenario].truth, framework, faulty=faulty)
                    if scenario in played
                    else Truth()
                )
                found.append(
                    Case(
                        f"{capture}/{framework}/{number}",
                        *(capture, framework, process, scenario, faulty, own_seed, round(starts_s, 2)),
                        truth,
                    )
                )
    return found


def _of_one(
    faults: Mapping[str, Fault], plan: Plan, random: Random
) -> Iterator[tuple[int, str, bool, int, float]]:
    ordinary = ORDINARY[plan.group]
    for number in range(plan.ordinary):
        yield 0, ordinary[number % len(ordinary)], False, random.getrandbits(32), number * plan.every_s
    process = 0
    for _ in range(plan.repeats):
        for fault in faults.values():
            own_seed = random.getrandbits(32)
            process += fault.alone
            for faulty in (True, False):
                starts_s = plan.training_s + random.uniform(0, plan.faults_s)
                yield (process if fault.alone and faulty else 0), fault.name, faulty, own_seed, starts_s


def write(folder: Path, found: Sequence[Case]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text("\n".join(json.dumps(asdict(case)) for case in found))


def read(folder: Path) -> list[Case]:
    lines = map(json.loads, (folder / FILE_NAME).read_text().splitlines())
    return [Case(**line | {"truth": read_truth(line.get("truth", {}))}) for line in lines]
