"""Scoring of the faults of errors.toml: chains, swallowed errors, duplicates and contracts. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.detectors.manifest import Case
from bench.detectors.observed import Seen, SeenChain
from bench.detectors.scoring import Found, Score, Share


@dataclass(frozen=True)
class Edges:
    """Edges of error chains, found and planted."""

    precision: Share
    recall: Share

    @property
    def f1(self) -> float | None:
        """Their harmonic mean; None where there are none."""
        both = self.precision.n + self.recall.n
        return 2 * self.recall.of / both if both else None


@dataclass(frozen=True)
class ChainScore:
    """One capture's score, with what the service shows of its traces."""

    score: Score
    seen: Mapping[str, Seen]

    def only(self, framework: str) -> "ChainScore":
        """Return that of one framework's cases."""
        score = self.score
        cases = [case for case in score.cases if case.framework == framework]
        return ChainScore(Score(cases, score.faults, score.joined, score.judged), self.seen)

    @property
    def faulty(self) -> list[Case]:
        """Cases with something done to them, look-alikes too."""
        return self.score.of()

    def edges(self) -> Edges:
        """Return how many of the edges in error chains are planted ones, and the other way round."""
        found = {case.id: self.found_edges(case) for case in self.score.cases}
        planted = {case.id: case.truth.edges for case in self.score.cases}
        true = sum(len(found[case] & planted[case]) for case in found)
        return Edges(Share(true, sum(map(len, found.values()))), Share(true, sum(map(len, planted.values()))))

    def found_edges(self, case: Case) -> set[tuple[str, str]]:
        return {edge for chain in self.chains(case) for edge in pairwise(path_of(case, chain))}

    def origins(self) -> Share:
        """Return of how many explicit chains the origin is right, and no other is told of the trace."""
        explicit = [case for case in self.faulty if case.truth.origin and self.is_explicit(case)]
        return Share(sum(self.has_right_origin(case) for case in explicit), len(explicit))

    def outcomes(self) -> Share:
        """Return of how many explicit chains the outcome is right."""
        explicit = [case for case in self.faulty if case.truth.outcome and self.is_explicit(case)]
        right = sum(
            {chain.outcome for chain in self.chains(case)} == {case.truth.outcome} for case in explicit
        )
        return Share(right, len(explicit))

    def is_explicit(self, case: Case) -> bool:
        """Whether the status of any of its spans says that something failed."""
        return any(seen.failed for seen in self._seen(case))

    def has_right_origin(self, case: Case) -> bool:
        return {origin_of(case, chain) for chain in self.chains(case)} == {tuple(case.truth.origin)}

    def chains(self, case: Case) -> list[SeenChain]:
        return [chain for seen in self._seen(case) for chain in seen.chains]

    def recall(self, detector: str, *, sure: bool = False, wanted: Callable[[Case], bool] = bool) -> Share:
        """Return how many of the faults that this detector should find it has found."""
        asked = [
            case
            for case in self.score.of(sort="fault")
            if detector in self.score.faults[case.scenario].expects and wanted(case)
        ]
        named = {case.id for case, finding in self._named(detector) if is_sure(finding) or not sure}
        return Share(sum(case.id in named for case in asked), len(asked))

    def precision(self, detector: str, grades: Sequence[str] = ()) -> Share:
        """Return of how many of the cases that this detector's findings name they are true.

        A finding may be about several traces, of which each is judged.
        """
        said = {
            case.id: self.is_true(detector, case)
            for case, finding in self._named(detector)
            if not grades or finding["grade"] in grades
        }
        return Share(sum(said.values()), len(said))

    def is_true(self, detector: str, case: Case) -> bool:
        fault = self.score.faults[case.scenario]
        return case.faulty and detector in (*fault.expects, *fault.allows)

    def consumers(self) -> Share:
        """Return how often the span that took a made-up answer in is one of the agent that acted on it."""
        said = [
            self._agent(case, example["trace_id"], example["consumer"]) == case.truth.consumer
            for case, finding in self._named("swallowed_error")
            if case.truth.consumer
            for example in finding["evidence"]["examples"]
            if example["trace_id"] in self.score.joined[case.id].trace_ids and int(example["consumer"], 16)
        ]
        return Share(sum(said), len(said))

    def paid_twice(self) -> Share:
        """Return of how many confirmed duplicates the ledger says so, too."""
        confirmed = {
            case.id: (case.truth.payments or 0) > 1
            for case, finding in self._named("duplicate_effect")
            if finding["grade"] == "confirmed"
        }
        return Share(sum(confirmed.values()), len(confirmed))

    def culprits(self, among: int) -> Share:
        """Return how often who put out what is wrong is among the first suspects."""
        asked = [case for case in self.faulty if case.truth.culprit]
        right = sum(
            any(case.truth.culprit in self._suspects(case, seen)[:among] for seen in self._seen(case))
            for case in asked
        )
        return Share(right, len(asked))

    def violations_of_clean(self) -> Share:
        """Return how many clean traces a contract is said to be broken in, of how many calls of tools."""
        clean = self.score.of(faulty=False)
        calls = sum(seen.tools for case in clean for seen in self._seen(case))
        named = {case.id for case, _ in self._named("contract_break") if not case.faulty}
        return Share(len(named), max(calls, len(named)))

    def wrong(self) -> list[tuple[Case, Found]]:
        """Return what is not true of a case, with the case."""
        detectors = dict.fromkeys(judged.finding["detector"] for judged in self.score.judged)
        return [
            (case, finding)
            for detector in detectors
            for case, finding in self._named(detector)
            if finding["severity"] != "S4" and not self.is_true(detector, case)
        ]

    def alarms(self, cases: Iterable[Case], *, sure: bool = False) -> Share:
        """Return in how many of these cases something is said that is not true of them."""
        asked = {case.id for case in cases}
        wrong = {case.id for case, finding in self.wrong() if is_sure(finding) or not sure}
        return Share(len(asked & wrong), len(asked))

    def _named(self, detector: str) -> Iterator[tuple[Case, Found]]:
        """Yield the findings of a detector with each case of whose traces it names one."""
        for judged in self.score.judged:
            if judged.finding["detector"] == detector:
                trace_ids = set(judged.finding["trace_ids"])
                for case in self.score.cases:
                    if not trace_ids.isdisjoint(self.score.joined[case.id].trace_ids):
                        yield case, judged.finding

    def _seen(self, case: Case) -> list[Seen]:
        return [self.seen[each] for each in self.score.joined[case.id].trace_ids if each in self.seen]

    def _agent(self, case: Case, trace_id: str, span_id: str) -> str:
        return plain_name(case, self.seen[trace_id].agents.get(span_id, "")) if trace_id in self.seen else ""

    def _suspects(self, case: Case, seen: Seen) -> list[str]:
        return [plain_name(case, agent) for agent in seen.suspects]


def is_sure(finding: Found) -> bool:
    """Whether it is more than suspected."""
    return bool(finding["grade"] != "suspected")


def plain_name(case: Case, name: str) -> str:
    """Return a name as the manifest has it: without the framework's."""
    return name.replace(f"_{case.framework}", "")


def path_of(case: Case, chain: SeenChain) -> list[str]:
    return [plain_name(case, name) for name in chain.path]


def origin_of(case: Case, chain: SeenChain) -> tuple[str, str]:
    return plain_name(case, chain.agent), "model" if chain.kind == "llm" else chain.call
