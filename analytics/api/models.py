"""What the API answers: the only module of the service that the dashboard imports.

Times are RFC 3339 strings with nanoseconds (Python's datetime keeps only microseconds),
ids lower-case hex, durations seconds. A value that is not known is null, never zero.
"""

from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

T = TypeVar("T")

SpanState = Literal["open", "ended", "cancelled", "lost"]
SpanStatus = Literal["unset", "ok", "error"]
TraceStatus = Literal["ok", "error", "open"]
Severity = Literal["S1", "S2", "S3", "S4"]
Grade = Literal["confirmed", "probable", "suspected"]
FindingState = Literal["open", "resolved"]
DeliveryState = Literal["pending", "delivered", "failed"]
KeyScope = Literal["ingest", "query", "admin"]
Rate = Annotated[float, Field(ge=0, allow_inf_nan=False)]
PROJECT_FORM = "^[a-z0-9][a-z0-9._-]{0,62}$"


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is the cursor of the following page, null on the last."""

    items: list[T]
    next: str | None = None


class SpanCounts(BaseModel):
    """Spans since this data folder was made.

    `received` is `stored`, `quarantined` and what the journal holds that is not loaded yet. Of one
    project alone, `quarantined` are its requests that were set aside one by one.
    """

    received: int
    rejected: int
    stored: int
    quarantined: int


class LogCounts(BaseModel):
    """Log records since this data folder was made.

    `received` are those that belong to a span, as `spans` are counted; `dropped` belong to none, and are
    neither kept nor an error. A heartbeat that reports a span counts as a span. `without_span` are of the
    last day, and wait for their span for more than a minute.
    """

    received: int = 0
    rejected: int = 0
    stored: int = 0
    quarantined: int = 0
    dropped: int = 0
    without_span: int = 0


class MetricCounts(BaseModel):
    """Data points since this data folder was made: nothing here reads metrics, so all are dropped."""

    dropped: int = 0


class ReplayRequest(BaseModel):
    """Asks for what one file of `journal/archive` or `quarantine` holds to be in the store.

    Of an archive, segments begun in [begun_from, begun_to) are meant.
    """

    file: str
    begun_from: AwareDatetime | None = None
    begun_to: AwareDatetime | None = None
    dry_run: bool = False


class ReplayOutcome(BaseModel):
    """What became of the file's spans; `not_loaded` has a sentence for each segment that was not loaded."""

    stored: int
    loaded: int
    not_loaded: list[str]


class JournalStats(BaseModel):
    """What is acknowledged and not loaded yet.

    `damaged_bytes` are parts of the journal in quarantine: damaged by the disk, or damaging the store.
    """

    bytes: int
    age_s: float
    damaged_bytes: int = 0


class RetentionStats(BaseModel):
    """How long what was received is kept, and what was deleted by its age since the start."""

    days: int
    days_of_projects: dict[str, int] = {}
    rows_deleted: int = 0
    bytes_deleted: int = 0
    last_deleted: str | None = None


class DetectorStats(BaseModel):
    """The last look of one detector."""

    detector: str
    last_run: str | None
    seconds: float | None
    findings_open: int


class Stats(BaseModel):
    """The service at a glance."""

    version: str
    demo: bool
    otlp_http: str
    otlp_grpc: str
    otlp_tls: bool = False
    spans: SpanCounts
    logs: LogCounts = LogCounts()
    metrics: MetricCounts = MetricCounts()
    requests_rejected: int = 0
    requests_unauthorized: int = 0
    requests_rate_limited: int = 0
    strings_repaired: int = 0
    journal: JournalStats
    retention: RetentionStats | None = None
    newest_span: str | None
    ingest_lag_s: float | None
    detectors: list[DetectorStats]


class TraceSummary(BaseModel):
    """One trace in a list; of one too large to be assembled whole, `spans_left_out` are not in `spans`."""

    trace_id: str
    project: str
    environment: str
    name: str
    agents: list[str]
    start: str
    end: str | None
    duration_s: float
    spans: int
    spans_left_out: int = 0
    errors: int
    open: int
    status: TraceStatus
    session: str | None
    user: str | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None
    error_message: str | None


class Span(BaseModel):
    """One span in canonical terms, as every dialect is read."""

    project: str
    environment: str
    version: str | None
    span_id: str
    parent_span_id: str | None
    depth: int
    name: str
    kind: str
    agent: str | None
    agent_id: str | None
    operation: str | None
    tool: str | None
    model: str | None
    provider: str | None
    session: str | None
    user: str | None
    start: str
    end: str | None
    duration_s: float
    state: SpanState
    status: SpanStatus
    error_type: str | None
    error_message: str | None
    payload_error: str | None
    input_tokens: int | None
    output_tokens: int | None
    cached_tokens: int | None
    reasoning_tokens: int | None
    cost_usd: float | None
    finish_reasons: list[str]
    handoff_to: str | None
    waiting_on: str | None


class ListedSpan(Span):
    """One span of a trace, with how its content begins; null in a trace of more than 1,000 spans."""

    input_preview: str | None = None
    output_preview: str | None = None


class Trace(BaseModel):
    """A trace in pre-order: a parent stands before its children, siblings by start."""

    trace_id: str
    summary: TraceSummary
    spans: list[ListedSpan]
    spans_total: int


class Event(BaseModel):
    """An event inside a span."""

    time: str
    name: str
    attributes: dict[str, str]


class Link(BaseModel):
    """A link to a span, often of another trace."""

    trace_id: str
    span_id: str
    trace_state: str | None
    attributes: dict[str, str]


AttributeType = Literal["string", "bool", "int", "double", "bytes", "array", "map"]


class SpanDetail(Span):
    """Everything of one span, content included.

    `attribute_types` says of each attribute what it was when it was sent; one that had no value is not
    there. What is `dropped` the sender had left out, by its own limits.
    """

    trace_id: str
    input: str | None
    output: str | None
    tool_call_id: str | None
    attributes: dict[str, str]
    attribute_types: dict[str, AttributeType]
    dropped_attributes: int
    resource_attributes: dict[str, str]
    resource_schema_url: str | None
    scope: str
    scope_attributes: dict[str, str]
    scope_schema_url: str | None
    trace_state: str | None
    events: list[Event]
    dropped_events: int
    links: list[Link]
    dropped_links: int
    received: str
    marks: list[str]


class OpenSpan(BaseModel):
    """A span reported open and not ended yet, beside what is usual for its like.

    Learned from `samples` that ended. While those are too few `usual_s` is null: then it is unlearned, and
    `limit_s` is the default of the kind, or three times the longest of its own.
    """

    project: str
    environment: str
    trace_id: str
    span_id: str
    name: str
    kind: str
    agent: str | None
    tool: str | None
    model: str | None
    start: str
    age_s: float
    last_seen: str
    last_progress: str
    waiting_on: str | None
    usual_s: float | None
    p95_s: float | None
    limit_s: float | None
    samples: int
    verdict: Literal["working", "slow", "stuck", "waiting", "lost"]


class WaitNode(BaseModel):
    """What can wait, or be waited for: an agent's instance, a lock, a person, ...

    `id` is the name by which edges refer to it, `label` what a person calls it. `working`: something
    goes on in it, or nothing says that it waits.
    """

    id: str
    kind: Literal["agent", "tool", "lock", "human", "timer", "external", "other"]
    label: str
    agent: str | None
    working: bool


class WaitEdge(BaseModel):
    """One wait for one of its targets, of which `needed` out of `targets` must act.

    `deadline` is when the waiter gives up, null where nobody knows that it ever does; `inferred` says
    that no span reported it as a wait.
    """

    waiter: str
    target: str
    kind: str
    resource: str | None
    needed: int
    targets: int
    since: str
    last_seen: str
    age_s: float
    deadline: str | None
    trace_id: str
    span_id: str
    inferred: bool


class WaitRing(BaseModel):
    """Waits each of which is for the waiter of the next, the last for that of the first.

    `hops` are places in `edges`, in order. `victims` wait for the ring without being in it.
    `cut` is the place in `hops` of the wait that is cheapest to break. `finding_id` is null while it is
    not told yet, or only suspected. `breaks` is when a wait in it gives up, null where none does.
    """

    finding_id: str | None
    grade: Grade
    closed: str
    age_s: float
    breaks: str | None
    hops: list[int]
    victims: list[str]
    cut: int


class Waits(BaseModel):
    """The wait-for graph now. `at` is null before the first look."""

    at: str | None
    nodes: list[WaitNode]
    edges: list[WaitEdge]
    rings: list[WaitRing]


class Finding(BaseModel):
    """Something wrong, with its grade and the evidence a person can check.

    `since` is when the trouble began by the evidence, `first_seen` when a look first saw it.
    `resolution` says in a sentence why it was resolved and `resolution_word` in one of the words of
    the detector's documentation; both are null while it is open.
    """

    id: str
    project: str
    detector: str
    severity: Severity
    grade: Grade
    state: FindingState
    fingerprint: str
    title: str
    advice: str
    agents: list[str]
    trace_ids: list[str]
    span_ids: list[str]
    since: str
    first_seen: str
    last_seen: str
    resolved_at: str | None
    resolution: str | None = None
    resolution_word: str | None = None
    evidence: dict[str, Any]


class Delivery(BaseModel):
    """One message to one webhook, over all its attempts."""

    id: str
    webhook: str
    event: str
    finding_id: str | None
    state: DeliveryState
    attempts: int
    created: str
    last_attempt: str | None
    next_attempt: str | None
    status_code: int | None
    latency_s: float | None
    error: str | None
    request_body: str
    response_body: str | None


class KeyWanted(BaseModel):
    """An API key to be made; a rate that is null is as the settings say, 0 is no limit.

    `project` is for the local operator to say: everybody else's keys are of their own.
    """

    model_config = ConfigDict(extra="forbid")

    project: Annotated[str, Field(pattern=PROJECT_FORM)] | None = None
    name: Annotated[str, Field(max_length=200)] = ""
    scopes: Annotated[list[KeyScope], Field(min_length=1)] = ["ingest"]
    expires: AwareDatetime | None = None
    requests_per_s: Rate | None = None
    spans_per_s: Rate | None = None
    bytes_per_s: Rate | None = None


class ApiKey(BaseModel):
    """What is known of an API key: not the key itself."""

    id: str
    project: str
    name: str
    scopes: list[KeyScope]
    created: str
    expires: str | None
    revoked: str | None
    requests_per_s: float | None
    spans_per_s: float | None
    bytes_per_s: float | None


ErrorOutcome = Literal["root failed", "contained", "retried", "unknown"]


class ErrorChain(BaseModel):
    """The same call that failed with the same error and took the same way, in one trace or many.

    `path` names the agents that it went through, from where it began; the last of them did not fail, but for
    a root. It is `expected` where no more than half of the traces with its error
    failed of that, whatever way it took. `known_since` goes back
    seven days before what was asked for. `collateral` are spans that were given up because of it.
    """

    fingerprint: str
    kind: str
    agent: str | None
    call: str
    error_type: str
    error_message: str | None
    path: list[str]
    root: str
    traces: int
    failures: int
    contained: int
    retried: int
    sessions: int
    users: int
    collateral: int
    expected: bool
    first: str
    last: str
    known_since: str


class ErrorFlow(BaseModel):
    """From whom to whom errors went: in how many traces, and in how many of them the root failed of it."""

    source: str
    target: str
    traces: int
    failures: int


class ErrorChains(BaseModel):
    """The chains that failed most traces first; `total` counts those that were not sent, too."""

    items: list[ErrorChain]
    total: int
    flows: list[ErrorFlow]


class ErrorTrace(BaseModel):
    """A trace with a chain; `span_id` is where it began."""

    trace_id: str
    span_id: str
    at: str
    root: str
    outcome: ErrorOutcome
    session: str | None
    user: str | None


class ErrorHop(BaseModel):
    """A span that an error went through, or the one that stopped it."""

    span_id: str
    name: str
    kind: str
    agent: str | None
    call: str
    status: SpanStatus
    error_type: str | None
    error_message: str | None
    start: str
    end: str | None


class ErrorAcross(BaseModel):
    """A chain of other traces that this one `began` in, or `went on` in, by the link of a root that failed.

    `traces` counts those of this chain; `example` is the other trace of one of them.
    """

    way: Literal["began", "went on"]
    fingerprint: str
    agent: str | None
    call: str
    error_type: str
    traces: int
    example: str


class LaterInSession(BaseModel):
    """Of the sessions with this chain: how many went on with another trace, and where a later one failed."""

    sessions: int
    went_on: int
    failed_later: int


class Reached(BaseModel):
    """What an error reached; tokens and cost are null where none are recorded.

    `changes` are calls that change something outside and did not fail.
    """

    traces: int
    sessions: int
    users: int
    agents: int
    tokens: int | None
    cost_usd: float | None
    changes: int


class BlastRadius(BaseModel):
    """How far a chain reached in its newest `traces_counted` traces: between what is seen and what can be.

    `most` is all that began in them after it had failed, whether or not it came of it. `least` is what is
    seen to have: traces that failed of it or in which something took in what came of it, agents that it went
    through or that did so, and what these spent and changed; by its hops, and by ids and rare values in the
    texts of `traces_read` of these traces. What somebody handled, and said so, is not followed.
    """

    least: Reached
    most: Reached
    traces_counted: int
    traces_read: int


class ErrorChainDetail(BaseModel):
    """One chain, its newest traces, failed ones first, and its way through the first of them.

    `across` are chains of other traces that it hangs together with; `later` is what followed in its sessions.
    """

    chain: ErrorChain
    flows: list[ErrorFlow]
    traces: list[ErrorTrace]
    hops: list[ErrorHop]
    across: list[ErrorAcross] = []
    later: LaterInSession | None = None
    radius: BlastRadius


class Flow(BaseModel):
    """What the source gave stands in what the target took in, or in the answer of a target above it.

    `channel` is an explicit id of a call, values that hardly stand there by chance, or prose; `share` is how
    much of what was given that is, and `shared` are some of the values.
    """

    source: str
    target: str
    channel: Literal["explicit", "value", "prose"]
    share: float
    shared: list[str]


class Flows(BaseModel):
    """Data flow of a trace; of one with more spans than are looked at, those that began first."""

    items: list[Flow]
    spans_with_content: int
    spans_left_out: int


class SuspectEvidence(BaseModel):
    """Why a span is suspected, in plain words; it quotes what was said."""

    kind: str
    grade: Literal["confirmed", "probable", "suspected", "prior"]
    text: str


class AftermathHop(BaseModel):
    """What the source gave stands in what the target took in, or gave in turn: `shared` is what both have."""

    source: str
    target: str
    channel: Literal["explicit", "value", "prose"]
    shared: str


class Aftermath(BaseModel):
    """What came of what a span gave, as far as words show it.

    `way` leads to the first bad outcome: what took it in failed, a call that changes something was made with
    it (`acted`), or it stands in the trace's answer; without one to the span of another agent that took it in
    first (`consumer`). `boundary` is the place in it of the first hop from one agent to another: a check
    there would have stopped it.
    """

    way: list[AftermathHop]
    outcome: Literal["failed", "acted", "answered"] | None
    consumer: str | None
    boundary: int | None


class Suspect(BaseModel):
    """A span in which a trace may have gone wrong. A `prior` is where mistakes tend to be: no evidence.

    `aftermath` is null for a prior, and where no content is captured.
    """

    span_id: str
    agent: str | None
    name: str
    kind: str
    grade: Literal["confirmed", "probable", "suspected", "prior"]
    evidence: list[SuspectEvidence]
    aftermath: Aftermath | None = None


class Suspects(BaseModel):
    """At most three, the most suspicious first; `spans` were looked at."""

    items: list[Suspect]
    spans: int
    spans_with_content: int


class DeploymentWanted(BaseModel):
    """A known change to be noted: of an agent, or of all of an environment or of the project without one."""

    model_config = ConfigDict(extra="forbid")

    agent: Annotated[str, Field(max_length=200)] = ""
    environment: Annotated[str, Field(max_length=200)] = ""
    version: Annotated[str, Field(max_length=200)] = ""
    note: Annotated[str, Field(max_length=1_000)] = ""
    at: AwareDatetime | None = None


class Deployment(BaseModel):
    """A known change: `reported` by a call, or `seen` in traces of an agent that had no such thing before.

    `id` is null for what was seen. `version` of a prompt and of a set of tools is its fingerprint, and `note`
    says what differs from the one before.
    """

    id: str | None
    source: Literal["reported", "seen"]
    what: Literal["deployment", "version", "model", "tool", "prompt", "tool set"]
    environment: str
    agent: str
    version: str
    note: str
    at: str


class RootCause(BaseModel):
    """What traces that failed have, and those that passed have not, or the other way round if `is_missing`.

    `ochiai` is 1 where all failing traces have it and no passing one; `discovery_rate` is the share of such
    findings that are expected to be chance. `alike` cannot be told apart from it: the same traces have them.
    `charged` is the agent or service that it speaks against, `failing` and `passing` are the traces that
    could show it. What `downstream_of` names is over before it in nearly all of them. If traces are drawn
    again, it stands between `rank_best` and `rank_worst` in nine of ten draws.
    """

    sort: str
    name: str
    is_missing: bool
    charged: str | None = None
    failing: int | None = None
    passing: int | None = None
    failing_with: int
    passing_with: int
    ochiai: float
    discovery_rate: float
    in_words: str
    alike: list[str]
    downstream_of: str | None = None
    rank_best: int | None = None
    rank_worst: int | None = None
    failing_example: str | None
    passing_example: str | None


class RootCharge(BaseModel):
    """What all causes together, those that are not listed too, say against an agent or service.

    `weight` is what its calls, and the edges to and from it, exceed the usual by, less for what contradicts.
    """

    who: str
    weight: float
    causes: list[str]


class RootComparison(BaseModel):
    """Failing traces of one root against passing ones, the latest of each; no causes of too few.

    `confounders` say what else failing traces differ by.
    """

    root: str
    failing: int
    passing: int
    causes: list[RootCause]
    charges: list[RootCharge] = []
    confounders: list[str] = []


class RootComparisons(BaseModel):
    """The roots of which most traces failed, first."""

    items: list[RootComparison]
    failing_min: int
    passing_min: int


class ChecklistAnswer(BaseModel):
    """One question about an agent; `n` observations were looked at, `trace_ids` are the worst."""

    question: str
    verdict: Literal["pass", "fail", "unknown"]
    sentence: str
    n: int
    severity: Severity | None
    trace_ids: list[str]
    finding_ids: list[str]
    todo: str


class AgentChecklist(BaseModel):
    """Five answers about one agent; counts are of one trace in `read_one_in`."""

    agent: str
    traces: int
    read_one_in: int
    answers: list[ChecklistAnswer]


class Checklist(BaseModel):
    """Of every agent that was seen in [since, until), the busiest first."""

    items: list[AgentChecklist]
    since: str
    until: str


ContractSource = Literal["user", "tool", "learned", "none"]


class ContractBoundary(BaseModel):
    """One side of a tool, a hand-off or an agent, and how its calls kept the contract that holds there.

    `source` is who said it: the settings, the tool itself in a trace, or what its calls were; `none` while
    too few were seen: `learned_calls` of those that it takes. Calls of busy boundaries are a sample; `usual`
    ones deviated and turned out to be how it is from then on.
    """

    id: str
    kind: Literal["tool", "handoff", "agent"]
    agent: str | None
    name: str | None
    side: Literal["input", "output"]
    source: ContractSource
    version: str | None
    versions: int
    calls: int
    checked: int
    broken: int
    usual: int
    pass_rate: float | None
    last_break: str | None
    learned_calls: int


class ContractBoundaries(BaseModel):
    """Those that were broken most, first; of learned contracts, `calls_min` calls are needed for one."""

    items: list[ContractBoundary]
    total: int
    calls_min: int


class ContractBreak(BaseModel):
    """How a contract was broken: `got` quotes the newest value, bounded."""

    path: str
    cause: str
    source: ContractSource
    expected: str
    got_type: str
    got: str
    calls: int
    first: str
    last: str
    examples: list[tuple[str, str]]


class ContractDrift(BaseModel):
    """What deviated and became usual."""

    at: str
    path: str
    cause: str
    got_type: str


class Contract(BaseModel):
    """A contract of a boundary: JSON Schema as text. `problem` says why it cannot be used."""

    source: ContractSource
    version: str | None
    calls: int
    json_schema: str | None
    problem: str | None
    drifts: list[ContractDrift]


class PassRate(BaseModel):
    """Calls of an interval."""

    start: str
    checked: int
    broken: int


class ContractDetail(BaseModel):
    """A boundary, its contracts by version, how they were broken, and how often over time."""

    boundary: ContractBoundary
    contracts: list[Contract]
    breaks: list[ContractBreak]
    history: list[PassRate]


class LearnedContracts(BaseModel):
    """Learned contracts as JSON Schemas that say where they hold: what `contracts_dir` takes."""

    items: list[dict[str, Any]]


class NewApiKey(ApiKey):
    """A key that was just made; `key` is shown this once."""

    key: str


class ErasureWanted(BaseModel):
    """Whose traces are to be erased: a user's or a session's, as the canonical fields name them.

    `project` is for the local operator to say: everybody else erases in their own. A dry run counts.
    """

    model_config = ConfigDict(extra="forbid")

    user: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    session: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    project: Annotated[str, Field(pattern=PROJECT_FORM)] | None = None
    dry_run: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.user is None) == (self.session is None):
            raise ValueError("name either a user or a session")
        return self


class Erasure(BaseModel):
    """An erasure, or what one would do.

    `subject_sha256` is the digest of the user's or the session's name, which itself is not kept. `counts` are
    traces and rows by table as they were found, `proof` those that a last look found.
    """

    id: str
    project: str
    kind: Literal["user", "session"]
    subject_sha256: str
    state: Literal["dry_run", "pending", "running", "done"]
    requested_by: str
    requested: str
    finished: str | None = None
    counts: dict[str, int]
    proof: dict[str, int] | None = None


class Problem(BaseModel):
    """RFC 9457 problem document."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None


class Health(BaseModel):
    """Liveness or readiness; `reasons` says why not."""

    ok: bool
    reasons: list[str] = []
