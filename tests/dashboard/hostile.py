"""Text that attacks whoever renders it, and models that are full of it."""

import json
from typing import Any

from analytics.api.drift_models import (
    DriftAlarm,
    MixVerdict,
    NewStratum,
    Series,
    SeriesPage,
    SeriesSummary,
)
from analytics.api.models import (
    Checklist,
    ContractBoundaries,
    ContractDetail,
    ErrorChainDetail,
    ErrorChains,
    RootCause,
    RootComparisons,
    SpanDetail,
    Suspect,
    Suspects,
    Waits,
)

HOSTILE = (
    "![x](https://evil.invalid/p.png?leak=1) <img src=https://evil.invalid/i.png onerror=alert(1)> "
    "<script>alert(2)</script> [link](javascript:alert(3)) `code` $x^2$ :red[red] **bold** "
    "<style>@import 'https://evil.invalid/s.css'</style> \u202egnip\u202c"
)
TEXTS = {
    *("name", "agent", "tool", "model", "title", "advice", "error_message", "error_type", "session"),
    *("input_preview", "output_preview"),
    *("user", "waiting_on", "environment", "version", "provider", "operation", "handoff_to"),
}


def hostile(items: list[Any]) -> list[Any]:
    """Return the models with every free text replaced."""
    evil: dict[str, Any] = {
        "agents": [HOSTILE],
        "evidence": {HOSTILE: HOSTILE},
        **dict.fromkeys(TEXTS, HOSTILE),
    }
    fields = set(type(items[0]).model_fields) if items else set()
    return [one.model_copy(update={key: evil[key] for key in fields & set(evil)}) for one in items]


def hostile_detail(detail: SpanDetail) -> SpanDetail:
    """Return a span whose content, attributes and events attack as well."""
    pairs = {HOSTILE: HOSTILE}
    events = [event.model_copy(update={"name": HOSTILE, "attributes": pairs}) for event in detail.events]
    links = [link.model_copy(update={"attributes": pairs, "trace_state": HOSTILE}) for link in detail.links]
    texts = dict.fromkeys(("input", "output", "scope", "trace_state"), HOSTILE) | {"marks": [HOSTILE]}
    texts |= dict.fromkeys(("resource_schema_url", "scope_schema_url"), HOSTILE)
    attributes = dict.fromkeys(("attributes", "resource_attributes", "scope_attributes"), pairs)
    attributes["attribute_types"] = {HOSTILE: "int"}
    return detail.model_copy(update={"events": events, "links": links, **texts, **attributes})


def hostile_suspects(found: Suspects) -> Suspects:
    """Return suspects whose names, evidence and quotations attack."""
    return found.model_copy(update={"items": [_hostile_suspect(one) for one in found.items]})


def _hostile_suspect(one: Suspect) -> Suspect:
    evidence = [each.model_copy(update={"kind": HOSTILE, "text": HOSTILE}) for each in one.evidence]
    after = one.aftermath
    if after:
        hops = [hop.model_copy(update={"shared": HOSTILE}) for hop in after.way]
        after = after.model_copy(update={"way": hops})
    texts = {"agent": HOSTILE, "name": HOSTILE, "evidence": evidence, "aftermath": after}
    return one.model_copy(update=texts)


def hostile_waits(waits: Waits) -> Waits:
    """Return a wait-for graph whose names and resources attack."""
    nodes = [node.model_copy(update={"label": HOSTILE, "agent": HOSTILE}) for node in waits.nodes]
    edges = [edge.model_copy(update={"resource": HOSTILE}) for edge in waits.edges]
    return waits.model_copy(update={"nodes": nodes, "edges": edges})


def hostile_chains(found: ErrorChains) -> ErrorChains:
    """Return error chains whose names and messages attack; those on a way stay different names."""
    return found.model_copy(
        update={
            "items": [
                one.model_copy(
                    update={
                        "path": [f"{name} {HOSTILE}" for name in one.path],
                        **dict.fromkeys(("agent", "call", "error_type", "error_message", "root"), HOSTILE),
                    }
                )
                for one in found.items
            ],
            "flows": [
                flow.model_copy(
                    update={"source": f"{flow.source} {HOSTILE}", "target": f"{flow.target} {HOSTILE}"}
                )
                for flow in found.flows
            ],
        }
    )


def hostile_chain(found: ErrorChainDetail) -> ErrorChainDetail:
    """Return one error chain that attacks with everything in it."""
    listed = hostile_chains(ErrorChains(items=[found.chain], total=1, flows=found.flows))
    texts = dict.fromkeys(("name", "kind", "agent", "call", "error_type", "error_message"), HOSTILE)
    whose = dict.fromkeys(("root", "session", "user"), HOSTILE)
    return ErrorChainDetail(
        chain=listed.items[0],
        flows=listed.flows,
        traces=[one.model_copy(update=whose) for one in found.traces],
        hops=[hop.model_copy(update=texts) for hop in found.hops],
        radius=found.radius,
    )


def hostile_comparisons(found: RootComparisons) -> RootComparisons:
    """Return comparisons of roots and causes whose names attack."""
    items = [
        one.model_copy(update={"root": HOSTILE, "causes": [_hostile_cause(each) for each in one.causes]})
        for one in found.items
    ]
    return found.model_copy(update={"items": items})


def _hostile_cause(cause: RootCause) -> RootCause:
    return cause.model_copy(update={"name": HOSTILE, "alike": [HOSTILE], "in_words": HOSTILE})


def hostile_checklist(found: Checklist) -> Checklist:
    """Return a checklist of agents whose names, and what was found about them, attack."""
    items = [
        one.model_copy(
            update={
                "agent": f"{HOSTILE} {one.agent}",
                "answers": [each.model_copy(update={"sentence": HOSTILE}) for each in one.answers],
            }
        )
        for one in found.items
    ]
    return found.model_copy(update={"items": items})


def hostile_contracts(found: ContractBoundaries) -> ContractBoundaries:
    """Return boundaries whose names attack."""
    attack = {"agent": HOSTILE, "name": HOSTILE, "version": HOSTILE}
    return found.model_copy(update={"items": [one.model_copy(update=attack) for one in found.items]})


def hostile_contract(found: ContractDetail) -> ContractDetail:
    """Return a boundary whose names, schema and values attack."""
    attack = {"path": HOSTILE, "expected": HOSTILE, "got": HOSTILE, "got_type": HOSTILE, "cause": HOSTILE}
    schema = {"json_schema": json.dumps({"title": HOSTILE}), "problem": HOSTILE, "version": HOSTILE}
    names = {"agent": HOSTILE, "name": HOSTILE}
    return found.model_copy(
        update={
            "boundary": found.boundary.model_copy(update=names),
            "contracts": [one.model_copy(update=schema) for one in found.contracts],
            "breaks": [one.model_copy(update=attack) for one in found.breaks],
        }
    )


def hostile_series(found: SeriesPage) -> SeriesPage:
    """Return series whose names, and what is said of them, attack."""
    return found.model_copy(
        update={"items": [one.model_copy(update=_of_series(one)) for one in found.items], "budget": HOSTILE}
    )


def hostile_one_series(found: Series) -> Series:
    """Return a series that attacks with everything in it."""
    shares = [
        {f"{name} {HOSTILE}": share for name, share in bucket.shares.items()} for bucket in found.buckets
    ]
    change = dict.fromkeys(("agent", "version", "note", "environment"), HOSTILE)
    return found.model_copy(
        update={
            **_of_series(found),
            "buckets": [
                bucket.model_copy(update={"shares": each, "usual_shares": each})
                for bucket, each in zip(found.buckets, shares, strict=True)
            ],
            "alarms": [_hostile_alarm(one) for one in found.alarms],
            "changes": [one.model_copy(update=change) for one in found.changes],
            "acceptances": [
                one.model_copy(update={"accepted_by": HOSTILE, "note": HOSTILE}) for one in found.acceptances
            ],
        }
    )


def _of_series(one: SeriesSummary) -> dict[str, Any]:
    names = dict.fromkeys(("environment", "agent", "operation", "subject", "metric", "wanting"), HOSTILE)
    return {**names, "alarm": _hostile_alarm(one.alarm) if one.alarm else None}


def _hostile_alarm(alarm: DriftAlarm) -> DriftAlarm:
    said = alarm.explanation
    attack = {
        "headline": HOSTILE,
        "moved": HOSTILE,
        "shares": [one.model_copy(update={"category": f"{one.category} {HOSTILE}"}) for one in said.shares],
        "mix": [one.model_copy(update={"by": HOSTILE}) for one in said.mix],
        "verdict": MixVerdict(
            said="behaviour", by=[HOSTILE], new=[NewStratum(by=HOSTILE, name=HOSTILE, share=1.0)]
        ),
        "words": [one.model_copy(update={"word": HOSTILE, "example": HOSTILE}) for one in said.words],
        "changes": [
            one.model_copy(update={"version": HOSTILE, "agent": HOSTILE, "note": HOSTILE})
            for one in said.changes
        ],
        "traces_after": [HOSTILE],
        "traces_before": [HOSTILE],
    }
    return alarm.model_copy(update={"explanation": said.model_copy(update=attack), "change": HOSTILE})
