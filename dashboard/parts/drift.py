"""One series: what it does in a sentence, its course, how sure that is, which part moved, and what to do."""

from datetime import datetime

import streamlit as st

from analytics.api.drift_models import DriftAlarm, Series
from dashboard.parts.drift_acceptance import acceptance_form
from dashboard.parts.drift_charts import course_chart, evidence_chart, moved_chart, shares_chart, values_chart
from dashboard.parts.facts import facts_list
from dashboard.parts.filters import put
from dashboard.parts.headline import headline
from dashboard.parts.markup import Html, element, show
from dashboard.parts.navigation import TRACE
from dashboard.parts.plain_table import plain_table
from dashboard.parts.session import source
from dashboard.presentation.address import is_trace_id, trace_parameters
from dashboard.presentation.drift_alarm import (
    alarm_facts,
    bucket_note,
    evidence_words,
    in_short,
    shown_alarm,
)
from dashboard.presentation.drift_course import (
    answers,
    began_rows,
    evidence_rows,
    has_calls,
    mark_rows,
    moved_rows,
    quantile_rows,
    share_rows,
    value_rows,
)
from dashboard.presentation.drift_tables import (
    MEMBER_COLUMNS,
    acceptance_rows,
    change_rows,
    member_rows,
    past_rows,
    sentence_rows,
    shift_rows,
    word_rows,
)
from dashboard.wording.amount import counted

TRACES_MAX = 5
NO_LEVEL = "What answers say has no level to draw: how sure it is that it is something else stands below."
DAYS = {"2": "2 days", "7": "7 days", "28": "28 days"}


def one_series(one: Series, days: int) -> None:
    """Draw a series: first what a reader needs at night, then why it is said."""
    now, alarm = source().now(), shown_alarm(one)
    # a link to the page that one is on would leave the `series` in the URL
    st.button("All series", icon=":material/arrow_back:", type="tertiary", on_click=put, args=("series", ""))
    headline(*in_short(one, now))
    if one.pool:
        st.button(
            "What it is watched together with",
            icon=":material/arrow_forward:",
            type="tertiary",
            on_click=put,
            args=("series", one.pool),
        )
    if alarm and not one.alarm:
        show(element("p", f"Its last drift is over: {alarm.explanation.headline}", kind="dd-quiet"))
    _course(one, alarm, days)
    if alarm:
        _below(one, alarm, now)
        _parts(one, alarm)
    _evidence(one)
    _changes(one, alarm, now)
    acceptance_form(one, alarm)
    _past(one, now)


def _course(one: Series, alarm: DriftAlarm | None, days: int) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="course"
    ):
        show(_section("By the hour", _drawn(one, alarm)))
        _choose_days(days)
    if not has_calls(one.buckets):
        show(element("p", "Nothing was counted of it in this time.", kind="dd-calm"))
        return
    if one.kind == "content":
        said = f"{counted(answers(one.buckets), 'answer was', 'answers were')} read. {NO_LEVEL}"
        show(element("p", said, kind="dd-quiet dd-bound"))
        return
    marks, began = mark_rows(one, alarm), began_rows(one, alarm)
    if one.kind == "numeric":
        rows, axis = quantile_rows(one)
        course_chart(rows, axis, marks, began)
    else:
        shares_chart(share_rows(one, alarm), marks, began)


def _choose_days(days: int) -> None:
    chosen = str(days)
    st.session_state["series_days"] = chosen
    st.segmented_control(
        "Course",
        list(DAYS),
        key="series_days",
        format_func=lambda name: DAYS[name],
        required=True,
        label_visibility="collapsed",
        on_change=lambda: put("days", st.session_state["series_days"]),
    )


def _drawn(one: Series, alarm: DriftAlarm | None) -> str:
    """Return what the lines are."""
    usual = bool(one.learned_until)
    if one.kind == "content":
        return ""
    if one.kind == "category":
        lines = " · share of calls" + (", dashed: usual at that hour of the day" if usual else "")
    elif usual:
        lines = " · orange: median, grey: nine in ten usual medians; blue: 95 % are below, dashed: usual"
    else:
        lines = " · orange: median; blue: 95 % are below"
    return f"{lines}; red: when it began" if alarm else lines


def _below(one: Series, alarm: DriftAlarm, now: datetime) -> None:
    with st.container(key="what_to_know"):
        left, right = st.columns([1.6, 1], gap="medium")
        with left:
            show(_heading("What is known of it"), facts_list(alarm_facts(one, alarm, now)))
        with right:
            _traces("Traces since", alarm.explanation.traces_after, "after")
            _traces("Traces before", alarm.explanation.traces_before, "before")


def _traces(title: str, traces: list[str], key: str) -> None:
    known = [trace_id for trace_id in traces if is_trace_id(trace_id)][:TRACES_MAX]
    show(_heading(title))
    if not known:
        show(element("p", "None is kept.", kind="dd-quiet"))
    with st.container(horizontal=True, gap="small", key=f"traces_{key}"):
        for number, trace_id in enumerate(known, 1):
            _trace(number, trace_id)


def _trace(number: int, trace_id: str) -> None:
    st.page_link(TRACE, label=f"Trace {number}", query_params=trace_parameters(trace_id))


def _parts(one: Series, alarm: DriftAlarm) -> None:
    columns, shifted = shift_rows(one, alarm.explanation)
    words = word_rows(alarm.explanation)
    values, axis = value_rows(one)
    categories = [] if values else moved_rows(alarm)
    if not (shifted or words or values or categories):
        return
    show(_section("Before and since", " · at the same hours of the day" if one.kind != "content" else ""))
    if values:
        values_chart(values, axis)
    elif categories:
        moved_chart(categories)
    if shifted:
        show(plain_table(columns, shifted))
    if alarm.explanation.members:
        show(_heading("Which of them moved"), plain_table(MEMBER_COLUMNS, member_rows(alarm.explanation)))
    if words:
        columns = ["", "before", "since", "in an answer"]
        show(_heading("Words that more answers have, or fewer"), plain_table(columns, words))


def _evidence(one: Series) -> None:
    said = evidence_words(one)
    if not said:
        return
    note = bucket_note(one)
    show(
        _section("How sure that is", f" · {note}" if note else ""),
        element("p", said, kind="dd-quiet dd-bound"),
    )
    if rows := evidence_rows(one):
        evidence_chart(rows)


def _changes(one: Series, alarm: DriftAlarm | None, now: datetime) -> None:
    show(
        _section(
            "Known changes", " · in this time, nearest to its beginning first" if alarm else " · in this time"
        )
    )
    if rows := change_rows(one, alarm, now):
        show(plain_table(["change", "", "at", "note"], rows))
        if alarm and (changed := sentence_rows(alarm.explanation)):
            show(_heading("Sentences of the prompt"), plain_table(["", "", "sentence"], changed))
        return
    text = (
        "None was reported, and traces show no new version, model, tool or prompt."
        " POST /api/v1/deployments reports one."
    )
    show(element("p", text, kind="dd-quiet"))


def _past(one: Series, now: datetime) -> None:
    if accepted := acceptance_rows(one, now):
        show(_section("Accepted", ""), plain_table(["by", "when", "what", "why"], accepted))
    if over := past_rows(one, now):
        show(_section("Past drifts", ""), plain_table(["began", "over", "what"], over))


def _section(title: str, rest: str) -> Html:
    return element("h2", title, element("span", rest, kind="dd-quiet"), kind="dd-section")


def _heading(title: str) -> Html:
    return element("h2", title, kind="dd-content")
