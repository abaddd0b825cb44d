"""Models of series and their drift."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from analytics.api.models import Deployment, Page

# `warming up`: not enough was seen to compare with. `pooled`: too sparse, it is watched together with others.
# `quiet`: it was watched and sends nothing now.
SeriesState = Literal["warming up", "pooled", "watched", "drifting", "quiet"]
Kind = Literal["numeric", "category", "content"]
# `unknown`: neither part is beyond its error. `not asked`: too many series began to drift in that hour.
SaidOfMix = Literal["mix", "behaviour", "both", "unknown", "not asked"]


class LevelShift(BaseModel):
    """A quantile before and after, in the metric's unit, and the 90 % interval of the difference."""

    level: float
    before: float
    after: float
    low: float
    high: float


class ShareShift(BaseModel):
    """A category's share before and after, and the 90 % interval of the difference."""

    category: str
    before: float
    after: float
    low: float
    high: float


class MixPart(BaseModel):
    """How much of a difference of means comes from the mix over what `by` names, and how much does not.

    Of seconds, tokens and USD the means are of logarithms; of calls they are of calls, of a category of its
    share, of ranks of percent. Errors are half of 99 % intervals, null of alarms that were told without.
    """

    model_config = ConfigDict(from_attributes=True)

    by: str
    mix: float
    behaviour: float
    mix_error: float | None = None
    behaviour_error: float | None = None


class NewStratum(BaseModel):
    """What has this share of the calls since, and had next to none before: a version, a user, a model."""

    model_config = ConfigDict(from_attributes=True)

    by: str
    name: str
    share: float


class MixVerdict(BaseModel):
    """Whether a drift is another mix of the traffic or what each part of it does, over all keys at once.

    `by` names the keys along which the mix moved or, of behaviour, those by which it moved alike; `new` what
    came with it.
    """

    model_config = ConfigDict(from_attributes=True)

    said: SaidOfMix
    by: list[str] = []
    new: list[NewStratum] = []


class WordShift(BaseModel):
    """A word, or two, and the share of answers that have it, before and after.

    `trace` and `span` have one of them; `example` is a piece of it, while that is stored.
    """

    word: str
    before: float
    after: float
    trace: str = ""
    span: str = ""
    example: str = ""


class MemberShift(BaseModel):
    """A series of those that are watched together: its calls since, and its median's rank.

    `rank` says which percent of what was usual of it the median call exceeds: 50 is as ever. `mix` and
    `behaviour` are its parts in what moved the mean of all ranks, in percent points.
    """

    agent: str
    operation: str
    subject: str
    calls: int
    rank: float
    mix: float | None = None
    behaviour: float | None = None


class BlamedChange(Deployment):
    """A known change near the time a drift began: by so many hours before it.

    `added` and `removed` are sentences of a prompt that is new, where its text is still stored.
    """

    hours_before: float
    added: list[str] = Field(default_factory=list)
    removed: list[str] = Field(default_factory=list)


class Explanation(BaseModel):
    """What is known of a drift: how much, which part, mix or behaviour, known changes, traces.

    `moved` is what the winning bet was on: `location`, `scale`, a tail, a category. `greater` is the
    probability that a value of after exceeds one of before. `levels` are of numbers, `shares` of categories.
    `verdict` says what `mix` shows; null where nothing can be asked, or nothing was.
    """

    headline: str
    moved: str
    is_up: bool
    greater: float | None = None
    levels: list[LevelShift] = []
    shares: list[ShareShift] = []
    verdict: MixVerdict | None = None
    mix: list[MixPart] = []
    words: list[WordShift] = []
    members: list[MemberShift] = []
    changes: list[BlamedChange] = []
    traces_before: list[str] = []
    traces_after: list[str] = []


class DriftAlarm(BaseModel):
    """A drift of a series: told at `opened`, begun between `began_first` and `began_last`.

    `change` is the id or name of the known change since which it was looked for, null where none was needed.
    `dissolved` are those of series that were watched together and are watched otherwise.
    """

    opened: str
    closed: str | None
    closed_by: Literal["returned", "accepted", "dissolved"] | None
    began: str
    began_first: str
    began_last: str
    change: str | None
    evidence: float
    threshold: float
    explanation: Explanation


class SeriesName(BaseModel):
    """Which series, and what it is measured in."""

    id: str
    environment: str
    agent: str
    operation: str
    subject: str
    metric: str
    kind: Kind
    unit: str


class SeriesSummary(SeriesName):
    """One series in a list. `evidence` and `threshold` are logarithms, of the last look.

    `wanting` says in words what a series that is warming up still needs. `pool` is the id of the series that
    it is watched with others as. `calls` are those of the 24 h before the last look, `alarm` is the one that
    is open.
    """

    project: str
    state: SeriesState
    wanting: str | None
    pool: str | None
    bucket_h: int | None
    evidence: float | None
    threshold: float | None
    looked_at: str | None
    calls: int
    alarm: DriftAlarm | None


class SeriesCounts(BaseModel):
    """How many series are in which state."""

    watched: int
    warming_up: int
    pooled: int
    drifting: int
    quiet: int


class SeriesPage(Page[SeriesSummary]):
    """One page of series: those that drift, then those nearest to it.

    `counts` are of all states of what was asked for; `budget` says how many false alarms are allowed.
    """

    counts: SeriesCounts
    budget: str


class SeriesBucket(BaseModel):
    """One hour: how many calls, and quantiles or shares; `evidence` after it, where it was looked at.

    What begins with `usual` is of the reference at that hour of the day, weekends apart: the same, and
    between what nine in ten of its medians lay.
    """

    hour: str
    calls: int
    p50: float | None = None
    p95: float | None = None
    usual_p50: float | None = None
    usual_p95: float | None = None
    usual_low: float | None = None
    usual_high: float | None = None
    shares: dict[str, float] = {}
    usual_shares: dict[str, float] = {}
    evidence: float | None = None
    threshold: float | None = None


class ValueShare(BaseModel):
    """Which share of values lay in [low, high) before a drift and since, at the same hours of the day."""

    low: float
    high: float
    before: float
    after: float


class AcceptanceWanted(BaseModel):
    """A drift is the new normal: from `since` on, or from when it began, the series is learned anew.

    `by` is who says so, where several show one key.
    """

    model_config = ConfigDict(extra="forbid")

    note: Annotated[str, Field(min_length=1, max_length=1_000)]
    by: Annotated[str, Field(max_length=200)] = ""
    since: AwareDatetime | None = None


class Acceptance(BaseModel):
    """Who took a drift for the new normal, when and why."""

    since: str
    at: str
    accepted_by: str
    note: str


class Series(SeriesSummary):
    """One series with its course. `values` are of a numeric one, before its last drift and since."""

    learned_from: str | None
    learned_until: str | None
    buckets: list[SeriesBucket]
    values: list[ValueShare]
    alarms: list[DriftAlarm]
    changes: list[Deployment]
    acceptances: list[Acceptance]


class ComparedSeries(SeriesName):
    """A series in two windows: how much it differs, with an interval, and whether that is more than noise.

    `verdict` is `unknown` where either window holds too little, of what texts say also too few days to say
    that they are alike; `wanting` says of what. `discovery_rate` is Benjamini and Hochberg's adjusted
    p-value: the share of chance in a list that reaches down to this series. `moved` is the score that moved
    most. `levels` and `shares` are told where chance is unlikely. Of what texts say, calls are texts,
    `distance` is how far their mean moved in standard deviations of one text, and `words` are those that came
    and went, of answers that are still stored.
    """

    verdict: Literal["differs", "alike", "unknown"]
    calls_before: int
    calls_after: int
    discovery_rate: float | None
    wanting: str | None
    moved: str | None
    headline: str
    greater: float | None = None
    levels: list[LevelShift] = []
    shares: list[ShareShift] = []
    distance: float | None = None
    words: list[WordShift] = []


class Comparison(BaseModel):
    """All series of two windows, those that differ first, then those of which nothing could be told.

    `compared` of them could be; `left_out` are beyond the 2,000 with most calls, or the 200 that say most.
    `cut` says which part of a window has no sketches of what was said any more.
    """

    before: str
    after: str
    compared: int
    differing: int
    unknown: int
    left_out: int
    discovery_rate: float
    margin: float
    cut: str | None = None
    items: list[ComparedSeries]
