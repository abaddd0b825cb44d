"""The ledger against a model of it: streaks of looks, one finding at a time."""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from analytics.findings.judgement import Key
from analytics.findings.ledger import FindingLedger
from analytics.state.database import open_state
from analytics.state.tables import deliveries, findings, sightings
from analytics.state.transaction import writing
from tests.analytics.findings.builders import ENDED, at, finding

KEYS: list[Key] = [("shop", "f1"), ("shop", "f2"), ("other", "f1")]
SOME = st.frozensets(st.sampled_from(KEYS))
LOOKS = st.lists(st.tuples(SOME, SOME.filter(lambda keys: len(keys) < 2)), max_size=12)


@dataclass
class Streak:
    seen: int = 0
    absent: int = 0
    is_open: bool = False
    is_over: bool = False


@dataclass
class Model:
    streaks: dict[Key, Streak] = field(default_factory=lambda: {key: Streak() for key in KEYS})

    def look(self, found: frozenset[Key], ended: frozenset[Key]) -> tuple[set[Key], set[Key]]:
        """Return what opens and what is resolved."""
        before = {key for key in KEYS if self.streaks[key].is_open}
        for key, streak in self.streaks.items():
            if key in ended:
                self.streaks[key] = Streak(is_over=streak.is_over or streak.is_open)
            elif key in found:
                streak.seen, streak.absent = streak.seen + 1, 0
                streak.is_open = streak.is_open or (streak.seen >= 2 and not streak.is_over)
            else:
                streak.seen, streak.absent = 0, streak.absent + 1
                streak.is_open = streak.is_open and streak.absent < 2
        after = {key for key in KEYS if self.streaks[key].is_open}
        return after - before, before - after


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(looks=LOOKS, webhooks=st.sampled_from([(), ("ops",), ("ops", "chat")]))
def test_any_looks_change_what_the_model_changes(
    engine: Engine, looks: list[tuple[frozenset[Key], frozenset[Key]]], webhooks: tuple[str, ...]
) -> None:
    _empty(engine)
    model = Model()
    ledger = FindingLedger(engine, webhooks)
    told: Counter[str] = Counter()
    for number, (found, ended) in enumerate(looks):
        expected_opened, expected_resolved = model.look(found, ended)

        seen = [finding(fingerprint, project=project) for project, fingerprint in found]
        changes = ledger.reconcile("stuck_span", seen, at(number), dict.fromkeys(ended, ENDED))

        assert _keys(ledger, changes.opened) == expected_opened
        assert _keys(ledger, changes.resolved) == expected_resolved
        told["finding.opened"] += len(expected_opened) * len(webhooks)
        told["finding.resolved"] += len(expected_resolved) * len(webhooks)
        assert _told(engine) == +told
        still_open = {(shown.project, shown.fingerprint) for shown in ledger.open("stuck_span")}
        assert still_open == {key for key in KEYS if model.streaks[key].is_open}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(looks=LOOKS)
def test_restarts_between_looks_change_nothing(
    state_dsn: str, looks: list[tuple[frozenset[Key], frozenset[Key]]]
) -> None:
    engine = open_state(state_dsn)
    _empty(engine)
    model = Model()
    for number, (found, ended) in enumerate(looks):
        engine.dispose()
        engine = open_state(state_dsn)
        seen = [finding(fingerprint, project=project) for project, fingerprint in found]
        over = dict.fromkeys(ended, ENDED)
        changes = FindingLedger(engine, []).reconcile("stuck_span", seen, at(number), over)

        opened, resolved = model.look(found, ended)
        assert (len(changes.opened), len(changes.resolved)) == (len(opened), len(resolved))
    engine.dispose()


def _empty(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in (deliveries, findings, sightings):
            connection.execute(delete(table))


def _keys(ledger: FindingLedger, ids: tuple[str, ...]) -> set[Key]:
    shown = [ledger.get(project, finding_id) for finding_id in ids for project in ("shop", "other")]
    return {(each.project, each.fingerprint) for each in shown if each is not None}


def _told(engine: Engine) -> Counter[str]:
    with engine.connect() as connection:
        return Counter(connection.execute(select(deliveries.c.event)).scalars())
