"""Sentences that a new prompt has and the one before has not, or the other way round: stored nowhere."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from analytics.api.drift_models import BlamedChange, DriftAlarm
from analytics.deployments.seen_prompts import prompt_rows
from analytics.period import Period
from analytics.prompts.asked import asked_with
from analytics.prompts.fingerprint import part_of, sentences
from analytics.prompts.prompt_counts import calls_of_agent
from analytics.series.fragments import one_line
from collector.store.store import Store

# Prompts of an alarm, and sentences of each that are shown.
PROMPTS_MAX = 3
SENTENCES_MAX = 5
CHARACTERS_MAX = 300
_HOUR = timedelta(hours=1)


def with_sentences(store: Store, project: str, alarm: DriftAlarm) -> DriftAlarm:
    """Return an alarm with the sentences of the prompts that are blamed, where those are still stored."""
    changes = alarm.explanation.changes
    near = sorted(changes, key=lambda one: abs(one.hours_before))
    asked = [one for one in near if one.what == "prompt"][:PROMPTS_MAX]
    if not asked:
        return alarm
    shown = [_shown(store, project, one) if one in asked else one for one in changes]
    return alarm.model_copy(update={"explanation": alarm.explanation.model_copy(update={"changes": shown})})


def _shown(store: Store, project: str, change: BlamedChange) -> BlamedChange:
    at = datetime.fromisoformat(change.at)
    of = (project, change.environment, change.agent)
    for row in prompt_rows(store, project, Period(at, at + _HOUR, change.environment)):
        if (row["environment"], row["agent"], row["fingerprint"]) == (*of[1:], change.version):
            now, before = set(row["parts"]), set(row["parts_before"])
            added = _said(store, of, row["hour_s"], now - before)
            removed = _said(store, of, row["before_s"], before - now)
            return change.model_copy(update={"added": added, "removed": removed})
    return change


def _said(store: Store, of: tuple[str, str, str], hour_s: int, wanted: Collection[int]) -> Sequence[str]:
    """Return the sentences of an hour's prompts that have these hashes, each once."""
    found: dict[int, str] = {}
    for _, one in asked_with(store, calls_of_agent(store, *of, hour_s) if wanted else []):
        for sentence in sentences(one.prompt):
            if (hash_ := part_of(sentence).hash) in wanted:
                found.setdefault(hash_, one_line(sentence[:CHARACTERS_MAX]))
    return list(found.values())[:SENTENCES_MAX]
