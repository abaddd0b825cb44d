"""What spans of a name turned out to be, for those that say so at their end alone. Pure."""

from collections import OrderedDict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.assembly.lineage import Flags

# Names are hostile: there may be one for each span, and of any length. What is longer is not learned.
_NAMES_MAX = 10_000
_SOURCES_MAX = 1_000
_KEY_BYTES_MAX = 500
_VALUE_BYTES_MAX = 200
# The kind of a span that says none.
_UNSAID = "other"
# The kind whose spans are compared by their model.
_ASKS_A_MODEL = "llm"
# The kind whose name says whose work it is. That one agent alone used a tool so far says nothing of who
# uses it now: that is the agent above.
_IS_AN_AGENT = "agent"

_SOURCE = ["project", "service"]
_VALUES = ["kind", "agent", "operation", "tool", "model"]
_LEARNED = [*_SOURCE, "name", *_VALUES]
# Of the values that spans of a name had, the first and the last by alphabet: the same where all agree.
_ENDS = [(f"{value}_{end}", end) for value in _VALUES for end in ("min", "max")]


class Names:
    """Completes open spans that do not say what they are, by what ended spans of their name were.

    Some instrumentations (OpenInference's of LangChain) set all attributes when a span ends: until
    then it has a name and nothing else. Others (its OpenAI Agents') say the kind at the start, and of
    a model's call not which model: it is that of what ended of the name and kind. What is learned
    counts for one project and service. It is kept in memory: the next process learns it anew from
    what ends then, within seconds in a service that is at work. Of services whose open spans say what
    they are nothing is learned. Whose a tool's or a model's call is comes from the agent above.

    Parameters
    ----------
    names_max
        Names that are kept; those that have not ended for longest are forgotten.

    Examples
    --------
    >>> spans = pa.table({
    ...     "project": ["shop"] * 2, "service": ["agents"] * 2, "name": ["find it"] * 2,
    ...     "open": [False, True], "kind": ["tool", "other"], "agent": ["", ""],
    ...     "operation": ["execute_tool", ""], "tool": ["search", ""], "model": ["", ""],
    ... })
    >>> Names().complete(spans).select(["kind", "tool"]).to_pylist()[1]
    {'kind': 'tool', 'tool': 'search'}
    """

    def __init__(self, names_max: int = _NAMES_MAX) -> None:
        self._names_max = names_max
        self._sources: OrderedDict[str, None] = OrderedDict()
        self._known = _known(pa.table({name: pa.array([], pa.string()) for name in _LEARNED}), 0)
        self._turn = 0

    def __len__(self) -> int:
        """How many names are known, with those of which it is known that they say nothing."""
        return len(self._known)

    def complete(self, reports: pa.Table) -> pa.Table:
        """Learn from the spans that ended, and return the reports, those of open spans completed.

        What a span says of itself stands, and one that ended is as it was.
        """
        is_open = np.asarray(reports["open"]).astype(np.bool_)
        unsaid = np.asarray(pc.equal(reports["kind"], _UNSAID))
        no_model = pc.and_(pc.equal(reports["kind"], _ASKS_A_MODEL), pc.equal(reports["model"], ""))
        asking = is_open & (unsaid | np.asarray(no_model))
        if asking.any():
            self._follow(reports.select(_SOURCE).filter(pa.array(asking)))
        if self._sources:
            self._learn(reports.select(_LEARNED).filter(pa.array(~is_open & ~unsaid)))
        return self._completed(reports, asking) if asking.any() and len(self) else reports

    def _follow(self, sources: pa.Table) -> None:
        for source in _keys(sources.group_by(_SOURCE).aggregate([])).drop_null().to_pylist():
            self._sources[source] = None
            self._sources.move_to_end(source)
        while len(self._sources) > _SOURCES_MAX:
            self._sources.popitem(last=False)

    def _learn(self, ended: pa.Table) -> None:
        ended = ended.filter(pc.is_in(_keys(ended), value_set=pa.array(self._sources, pa.string())))
        # most spans of a pass are like others of it
        ended = _bounded(ended.group_by(_LEARNED).aggregate([]))
        if len(ended):
            self._turn += 1
            known = _merged(pa.concat_tables([self._known, _known(ended, self._turn)]))
            newest = pc.select_k_unstable(known, self._names_max, [("turn", "descending")])
            self._known = known.take(newest)

    def _completed(self, reports: pa.Table, asking: Flags) -> pa.Table:
        agreed = self._known.filter(pc.equal(self._known["kind_min"], self._known["kind_max"]))
        asked = reports.select(_LEARNED).filter(pa.array(asking))
        places = pc.index_in(_keys(asked, "name"), value_set=agreed["key"])
        kinds = agreed["kind_min"].take(places)
        fits = pc.fill_null(pc.or_(pc.equal(asked["kind"], _UNSAID), pc.equal(asked["kind"], kinds)), False)
        places = pc.if_else(fits, places, None)
        for value in _VALUES:
            low, high = agreed[f"{value}_min"], agreed[f"{value}_max"]
            learned = pc.fill_null(pc.if_else(pc.equal(low, high), low, "").take(places), "")
            is_silent = pc.equal(asked[value], _UNSAID if value == "kind" else "")
            if value == "agent":
                is_silent = pc.and_(is_silent, pc.fill_null(pc.equal(kinds, _IS_AN_AGENT), False))
            filled = pc.if_else(pc.and_(is_silent, pc.not_equal(learned, "")), learned, asked[value])
            column = pc.replace_with_mask(_in_one(reports[value]), pa.array(asking), _in_one(filled))
            reports = reports.set_column(reports.schema.get_field_index(value), value, column)
        return reports


def _known(ended: pa.Table, turn: int) -> pa.Table:
    """What ended spans say, in the columns of what is known.

    A model's call that names no model contradicts none: an SDK drops attributes beyond 128.
    """
    no_model = pc.and_(pc.equal(ended["kind"], _ASKS_A_MODEL), pc.equal(ended["model"], ""))
    values = {value: ended[value] for value in _VALUES}
    values["model"] = pc.if_else(no_model, None, ended["model"])
    said = {f"{value}_{end}": values[value] for value in _VALUES for end in ("min", "max")}
    turns = pa.array(np.full(len(ended), turn, np.int64))
    return pa.table({"key": _keys(ended, "name"), "turn": turns, **said})


def _merged(known: pa.Table) -> pa.Table:
    """One row for each name."""
    aggregations = [("turn", "max"), *_ENDS]
    merged = known.group_by("key").aggregate(aggregations)
    columns = {column: merged[f"{column}_{end}"] for column, end in aggregations}
    return pa.table({"key": merged["key"], **columns})


def _bounded(ended: pa.Table) -> pa.Table:
    """Leave out names that are too long to be kept, and spans with such values."""
    fits = pc.is_valid(_keys(ended, "name"))
    for value in _VALUES:
        fits = pc.and_(fits, pc.less_equal(pc.binary_length(ended[value]), _VALUE_BYTES_MAX))
    return ended.filter(fits)


def _keys(rows: pa.Table, *more: str) -> pa.Array:
    """Project, service and more as one value; null where it is too long.

    Lengths stand before them: whatever they contain, others make another value.
    """
    lengths = (pc.binary_length(rows[name]).cast(pa.string()) for name in _SOURCE)
    texts = (rows[name] for name in (*_SOURCE, *more))
    keys = pc.binary_join_element_wise(*lengths, *texts, ":")
    return _in_one(pc.if_else(pc.less_equal(pc.binary_length(keys), _KEY_BYTES_MAX), keys, None))


def _in_one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
