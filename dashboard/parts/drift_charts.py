"""Charts of a series. Names are data of a chart, never its markup; colours hold in both themes."""

from typing import Any

import altair as alt
import streamlit as st

from dashboard.presentation.drift_course import Axis, Rows

NOW, BEFORE, HIGH, BEGAN = "#f08c00", "#868e96", "#5c7cfa", "#e03131"
# An hour between hours without calls is a point.
_POINT = alt.OverlayMarkDef(size=8, color=NOW)
_COLOURS = ["#f08c00", "#5c7cfa", "#0ca678", "#ae3ec9"]
_HOUR = "%d %b %H:%M"
_TIME = alt.X(
    "hour:T",
    title=None,
    scale=alt.Scale(type="utc"),
    axis=alt.Axis(format=_HOUR, labelOverlap=True, tickCount=8),
)
_COURSE_PX, _EVIDENCE_PX, _VALUES_PX, _LABEL_PX = 300, 150, 250, 16


def course_chart(rows: Rows, axis: Axis, marks: Rows, began: Rows) -> None:
    """Draw medians and high values by the hour over what was usual."""
    data = _data(rows)
    y = alt.Y("p50:Q", title=axis.title or None, scale=_scale(axis))
    tip = [
        alt.Tooltip("at:N", title="hour (UTC)"),
        *(alt.Tooltip(f"{name}:N", title=title) for name, title in _COURSE_TIPS),
    ]
    band = (
        alt.Chart(data)
        .mark_area(color=BEFORE, opacity=0.25, interpolate="step-after")
        .encode(
            x=_TIME, y=alt.Y("usual_low:Q", title=axis.title or None, scale=_scale(axis)), y2="usual_high:Q"
        )
    )
    usual = (
        alt.Chart(data)
        .mark_line(color=BEFORE, strokeDash=[5, 4], strokeWidth=1.2)
        .encode(x=_TIME, y="usual_p95:Q")
    )
    high = alt.Chart(data).mark_line(color=HIGH, strokeWidth=1.2).encode(x=_TIME, y="p95:Q")
    middle = (
        alt.Chart(data).mark_line(color=NOW, strokeWidth=2, point=_POINT).encode(x=_TIME, y=y, tooltip=tip)
    )
    _draw(alt.layer(*_began(began), band, usual, high, middle, *_marks(marks)), _COURSE_PX, len(marks))


def shares_chart(rows: Rows, marks: Rows, began: Rows) -> None:
    """Draw shares by the hour, dashed what was usual."""
    data = _data(rows)
    colour = alt.Color(
        "category:N",
        title=None,
        scale=alt.Scale(range=_COLOURS),
        legend=alt.Legend(orient="bottom", labelLimit=260),
    )
    percents = alt.Axis(format=".0%")
    usual = (
        alt.Chart(data)
        .mark_line(strokeDash=[5, 4], strokeWidth=1.4, opacity=0.75)
        .encode(x=_TIME, y=alt.Y("usual:Q", title=None, axis=percents), color=colour)
    )
    now = (
        alt.Chart(data)
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=8))
        .encode(
            x=_TIME,
            y=alt.Y("share:Q", title=None, axis=percents),
            color=colour,
            tooltip=[
                alt.Tooltip("at:N", title="hour (UTC)"),
                *(alt.Tooltip(f"{name}:N", title=title) for name, title in _SHARE_TIPS),
            ],
        )
    )
    _draw(alt.layer(*_began(began), usual, now, *_marks(marks)), _COURSE_PX, len(marks))


def evidence_chart(rows: Rows) -> None:
    """Draw the evidence against what it takes, in powers of ten."""
    data = _data(rows)
    y = alt.Y("evidence:Q", title=None, axis=alt.Axis(labelExpr=_POWERS, tickMinStep=1, tickCount=5))
    evidence = alt.Chart(data).mark_line(color=NOW, strokeWidth=2, point=_POINT).encode(x=_TIME, y=y)
    takes = alt.Chart(data).mark_line(color=BEGAN, strokeDash=[5, 4]).encode(x=_TIME, y="threshold:Q")
    _draw(alt.layer(evidence, takes), _EVIDENCE_PX)


def values_chart(rows: Rows, axis: Axis) -> None:
    """Draw which values there were, before and since."""
    ends = alt.Scale(
        type="log" if axis.is_log else "linear",
        domain=[min(row["low"] for row in rows), max(row["high"] for row in rows)],
        nice=False,
    )
    x = alt.X("low:Q", title=axis.title or None, scale=ends, axis=alt.Axis(tickCount=8))
    chart = (
        alt.Chart(_data(rows))
        .mark_area(interpolate="step-after", line=True, opacity=0.3)
        .encode(
            x=x,
            y=alt.Y("share:Q", title=None, axis=alt.Axis(format=".1~%", tickCount=5), stack=None),
            color=_when(alt.Legend(orient="top-right")),
            tooltip=[
                alt.Tooltip("when:N"),
                alt.Tooltip("said:N", title="values"),
                alt.Tooltip("percent:N", title="share"),
            ],
        )
    )
    _draw(chart, _VALUES_PX)


def moved_chart(rows: Rows) -> None:
    """Draw categories with their shares, before and since."""
    names = list(dict.fromkeys(row["category"] for row in rows))
    chart = (
        alt.Chart(_data(rows))
        .mark_bar()
        .encode(
            x=alt.X("share:Q", title=None, axis=alt.Axis(format=".0%", tickCount=6)),
            y=alt.Y("category:N", title=None, sort=names, axis=alt.Axis(labelLimit=220)),
            yOffset=alt.YOffset("when:N", sort=["before", "since"]),
            color=_when(alt.Legend(orient="bottom")),
            tooltip=["category:N", "when:N", alt.Tooltip("percent:N", title="share")],
        )
    )
    _draw(chart, 90 + 44 * len(names))


_COURSE_TIPS = (
    ("median", "median"),
    ("usual", "usual median"),
    ("high", "95 % are below"),
    ("calls", "calls"),
)
_SHARE_TIPS = (("category", "category"), ("said", "share"), ("usually", "usual share"), ("calls", "calls"))
_POWERS = "datum.value == 0 ? 'none' : datum.value == 1 ? '10 : 1' : '10^' + datum.value + ' : 1'"


def _when(legend: alt.Legend) -> alt.Color:
    scale = alt.Scale(domain=["before", "since"], range=[BEFORE, NOW])
    return alt.Color("when:N", title=None, scale=scale, legend=legend)


def _marks(marks: Rows) -> list[Any]:
    """Return known changes as vertical lines, with their labels above the picture."""
    if not marks:
        return []
    data = _data(marks)
    x = alt.X("at:T", scale=alt.Scale(type="utc"))
    tip = [alt.Tooltip("name:N", title="known change"), alt.Tooltip("told:N", title="at (UTC)")]
    lines = alt.Chart(data).mark_rule(color=HIGH, strokeDash=[2, 3], strokeWidth=1.6).encode(x=x, tooltip=tip)
    labels = [
        alt.Chart(data)
        .mark_text(
            color=HIGH, align="right" if row["left"] else "left", dx=3 if row["left"] else -3, fontSize=12
        )
        .encode(x=x, y=alt.value(-10 - _LABEL_PX * (len(marks) - 1 - row["step"])), text="name:N")
        .transform_filter(f"datum.step == {row['step']}")
        for row in marks
    ]
    return [lines, *labels]


def _began(began: Rows) -> list[Any]:
    """Return when a drift began, and between what surely."""
    if not began:
        return []
    data, scale = _data(began), alt.Scale(type="utc")
    x = alt.X("at:T", scale=scale)
    between = (
        alt.Chart(data)
        .mark_rect(color=BEGAN, opacity=0.16)
        .encode(x=alt.X("first:T", scale=scale), x2="last:T")
    )
    line = alt.Chart(data).mark_rule(color=BEGAN, strokeWidth=2).encode(x=x)
    label = (
        alt.Chart(data)
        .mark_text(color=BEGAN, align="left", baseline="bottom", dx=6, dy=-4, fontSize=12, fontWeight=600)
        .encode(x=x, y=alt.value("height"), text="name:N")
    )
    return [between, line, label]


def _scale(axis: Axis) -> alt.Scale:
    return alt.Scale(type="log", nice=False) if axis.is_log else alt.Scale(zero=True)


def _data(rows: Rows) -> alt.InlineData:
    return alt.InlineData(values=rows)


def _draw(chart: Any, height_px: int, labels: int = 0) -> None:
    """Draw a chart with room for so many lines of labels above it."""
    room = {"top": 6 + _LABEL_PX * labels, "left": 2, "right": 8, "bottom": 8}
    made = chart.properties(height=height_px + room["top"], background="transparent", padding=room)
    st.altair_chart(made, width="stretch")
