"""Scenario 11: requests with bytes changed, cut, doubled and moved are refused in order, or stored."""

import random
from pathlib import Path

from collector.errors import CollectorError
from collector.journal.journal import Journal
from collector.journal.quarantined import quarantined
from collector.journal.segment import Folders, segments
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.otlp.bounds import check_bounds
from collector.otlp.decode import decode
from collector.otlp.json_request import Reading, from_json
from collector.otlp.screen import screen
from collector.store.store import Store
from tests.builders import span
from tests.collector.otlp.builders import body
from tests.faults.size import SEED, note, sized

PROTOBUF_MUTATIONS = sized(3_000, 1_000_000)
JSON_MUTATIONS = sized(500, 100_000)
LOADED = sized(200, 5_000)
SPANS_MAX, ELEMENTS_MAX = 50_000, 1_000_000

SEEDS = [
    body(span("chat", {"gen_ai.agent.name": "planner", "n": 3, "list": ["a", {"b": 1.5}]}, error="no")),
    body(*(span(f"step {n}", {"deep": [[[["x"]]]]}, events=[("event", {"k": True})]) for n in range(4))),
]
JSON_SEED = (
    b'{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}}]},'
    b'"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",'
    b'"name":"x","kind":2,"startTimeUnixNano":"1544712660000000000","attributes":[{"key":"k","value":'
    b'{"kvlistValue":{"values":[{"key":"n","value":{"doubleValue":1e5}}]}}}]}]}]}]}'
)


def mutated(chance: random.Random, data: bytes) -> bytes:
    """A few changes of the kinds that find faults in parsers."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed)) if changed else 0
        match chance.randrange(6):
            case 0 if changed:
                changed[at] ^= 1 << chance.randrange(8)
            case 1 if changed:
                changed[at] = chance.choice((0, 0x7F, 0x80, 0xFF, chance.randrange(256)))
            case 2:
                del changed[at : at + chance.randrange(1, 40)]
            case 3:
                changed[at:at] = changed[at : at + chance.randrange(1, 60)]
            case 4:
                changed[at:at] = chance.randbytes(chance.randrange(1, 12))
            case _:
                del changed[max(at, 1) :]
    return bytes(changed)


def taken(data: bytes) -> tuple[bytes, int] | None:
    """What the receiver would write, and its spans; None where it refuses."""
    try:
        check_bounds(data, SPANS_MAX, ELEMENTS_MAX)
        decoded = decode(data, mend=True)
        screened = screen(decoded.request, SPANS_MAX)
    except CollectorError:
        return None
    if screened.changed:
        decoded.body = decoded.request.SerializePartialToString()
    return (decoded.body, screened.spans) if screened.spans else None


def taken_json(data: bytes) -> tuple[bytes, int] | None:
    try:
        return taken(from_json(data, Reading(SPANS_MAX, ELEMENTS_MAX)).SerializeToString())
    except CollectorError:
        return None


def test_no_mutation_is_a_surprise_and_what_is_taken_is_stored(store: Store, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    found = [taken(mutated(chance, chance.choice(SEEDS))) for _ in range(PROTOBUF_MUTATIONS)]
    found += [taken_json(mutated(chance, JSON_SEED)) for _ in range(JSON_MUTATIONS)]
    accepted = [each for each in found if each is not None]
    chosen = chance.sample(accepted, min(LOADED, len(accepted)))

    folders = Folders(tmp_path)
    journal = Journal(folders, free_bytes_min=0, free_ratio_min=0.0)
    for content, spans in chosen:
        journal.append(content, spans, "default")
    journal.close()
    reader = SegmentReader(store, Cuts())
    loader = Loader(store, reader, folders, Quarantine(reader, folders))
    while waiting := segments(folders.sealed):
        loader.load(waiting[:1])

    (row,) = store.query("SELECT count() AS n FROM spans")
    apart = sum(piece.spans for piece in quarantined(folders.quarantine))
    assert row["n"] + apart == sum(spans for _, spans in chosen)
    note(
        "11 fuzz",
        f"{PROTOBUF_MUTATIONS} protobuf and {JSON_MUTATIONS} JSON mutations",
        accepted=len(accepted),
        crashes=0,
        loaded_requests=len(chosen),
        quarantined_spans=apart,
    )
