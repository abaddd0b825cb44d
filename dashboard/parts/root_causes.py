"""Failing traces of each root against passing ones, below the error chains."""

import streamlit as st

from analytics.api.models import RootComparison, RootComparisons
from dashboard.components.rows import rows
from dashboard.parts.guard import stale_note
from dashboard.parts.markup import element, show
from dashboard.parts.navigation import go_to_trace
from dashboard.parts.session import environment, range_name, source
from dashboard.presentation.root_cause import LIMITS, NOTHING, against, cause_table, is_enough, too_few
from dashboard.presentation.time_range import RANGES_S
from dashboard.source.errors import SourceError
from dashboard.wording.amount import shortened


def root_causes() -> None:
    """Draw what sets failing traces apart, where some failed; what cannot be had takes nothing else away."""
    try:
        with st.spinner("Comparing failing traces with passing ones"):
            loaded = source().root_causes(RANGES_S[range_name()], environment())
    except SourceError as error:
        _section()
        show(element("p", f"They could not be compared. {error.sentence}", kind="dd-quiet"))
        return
    if loaded.value.items:
        _section()
        stale_note(loaded)
        _compared(loaded.value)


def _section() -> None:
    show(element("h2", "Failing against passing", kind="dd-section"))


def _compared(found: RootComparisons) -> None:
    enough = [each for each in found.items if is_enough(each, found)]
    if any(each.causes for each in enough):
        show(element("p", LIMITS, kind="dd-quiet"))
    for place, each in enumerate(enough):
        _root(each, place)
    if few := too_few([each for each in found.items if not is_enough(each, found)], found):
        show(element("p", few, kind="dd-quiet"))


def _root(compared: RootComparison, place: int) -> None:
    of = element("span", f" · {against(compared)}", kind="dd-quiet")
    show(element("h3", shortened(compared.root) or "(no name)", of, kind="dd-root"))
    if not compared.causes:
        show(element("p", NOTHING, kind="dd-quiet"))
    elif clicked := rows(cause_table(compared), key=f"causes_{place}"):
        go_to_trace(clicked)
