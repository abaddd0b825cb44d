"""The form that says: this is the new normal."""

import streamlit as st

from analytics.api.drift_models import AcceptanceWanted, DriftAlarm, Series
from dashboard.parts.guard import note
from dashboard.parts.markup import element, show
from dashboard.parts.session import source
from dashboard.source.errors import SourceError

NOTE_MAX, NAME_MAX, KEY_MAX = 1_000, 200, 100
SAID = "accepted_said"


def acceptance_form(one: Series, alarm: DriftAlarm | None) -> None:
    """Draw the form where a series drifts, and what became of it where it was sent just now."""
    if said := st.session_state.pop(SAID, ""):
        note(said)
    if alarm is None or alarm.closed is not None:
        return
    title = element("span", " · if this is meant to be so", kind="dd-quiet")
    show(
        element("h2", "This is the new normal", title, kind="dd-section"),
        element(
            "p",
            "The alarm ends, and the series is learned anew from when the drift began: until then it is"
            " warming up, and nothing is told of it.",
            kind="dd-quiet",
        ),
    )
    with st.form("accept", border=True, enter_to_submit=False):
        reason = st.text_area(
            "Why", max_chars=NOTE_MAX, height=80, placeholder="The new model is slower, and worth it."
        )
        who, key = st.columns(2)
        by = who.text_input("Your name", max_chars=NAME_MAX)
        shown_key = key.text_input(
            "API key for admin, where keys are in use", type="password", max_chars=KEY_MAX, autocomplete="off"
        )
        if st.form_submit_button("Accept as the new normal"):
            _send(one, reason.strip(), by.strip(), shown_key.strip())


def _send(one: Series, reason: str, by: str, key: str) -> None:
    if not reason:
        note("Say why: whoever looks at this series next will want to know.")
        return
    try:
        source().accept(one.id, AcceptanceWanted(note=reason, by=by), key)
    except SourceError as error:
        note(f"It was not accepted. {error.sentence}")
        return
    st.session_state[SAID] = "Accepted. The alarm ends with the next look, within some minutes."
    st.rerun()
