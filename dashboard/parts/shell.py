"""What stands around every page: the range, the environment, and whether what is shown is live."""

from dataclasses import dataclass

import streamlit as st

from dashboard.parts.markup import element, show
from dashboard.parts.session import ENVIRONMENT_KEY, RANGE_KEY, ingest_history, range_name, source
from dashboard.presentation.chain import DETECTOR as CHAIN_DETECTOR
from dashboard.presentation.deadlock import DETECTOR as DEADLOCK_DETECTOR
from dashboard.presentation.overview import is_empty, stuck_count
from dashboard.presentation.time_range import RANGE_DEFAULT, RANGES_S
from dashboard.source.errors import SourceError, Unreachable
from dashboard.source.source import TraceFilter
from dashboard.wording.amount import counted
from dashboard.wording.moment import ago, at

PULSE_S = 3.0
ENVIRONMENTS_FROM_TRACES = 200


@dataclass(frozen=True, slots=True)
class Glance:
    """What the shell shows on every page; when it changes, the page is drawn anew.

    Parameters
    ----------
    trouble
        Why what is shown is not live; empty while it is.
    """

    deadlocks: int = 0
    stuck: int = 0
    chains: int = 0
    drifting: int = 0
    empty: bool = False
    demo: bool = False
    trouble: str = ""


def glance() -> Glance:
    """Return how things stand, in as few questions as possible."""
    try:
        stats, findings = source().stats(), source().findings("open")
        rings = source().findings("open", detector=DEADLOCK_DETECTOR)
        chains = source().findings("open", detector=CHAIN_DETECTOR)
        drifting = source().drifting()
    except SourceError as error:
        return Glance(trouble=_trouble(error, loaded_before=False))
    ingest_history().add(stats.monotonic_s, stats.value.spans.stored)
    return Glance(
        deadlocks=len(rings.value.items),
        stuck=stuck_count(findings.value),
        chains=len(chains.value.items),
        drifting=drifting.value.counts.drifting,
        empty=is_empty(stats.value),
        demo=stats.value.demo,
        trouble=_trouble(stats.trouble, loaded_before=True) if stats.trouble else "",
    )


def tab_title(shown: Glance) -> str:
    """Return the title of the browser's tab, which carries the worst state."""
    if shown.deadlocks:
        return f"● {counted(shown.deadlocks, 'deadlock')} · doldrums"
    if shown.stuck:
        return f"● {shown.stuck} stuck · doldrums"
    return f"● {counted(shown.chains, 'error chain')} · doldrums" if shown.chains else "doldrums"


def banner(shown: Glance) -> None:
    """Say on every page that what it shows is made up, when it is."""
    if shown.demo:
        show(
            element(
                "div",
                element("strong", "Demo data. "),
                "These agents are a scripted fleet, not yours. Ctrl-C in the demo's terminal stops them; ",
                element("code", "doldrums demo --remove"),
                " deletes what they left.",
                kind="dd-demo",
            )
        )


def sidebar(shown: Glance) -> None:
    """Draw the sidebar below the navigation."""
    with st.sidebar:
        st.segmented_control(
            "Time range",
            list(RANGES_S),
            default=RANGE_DEFAULT,
            key=RANGE_KEY,
            bind="query-params",
            required=True,
        )
        st.selectbox(
            "Environment",
            _environments(),
            key=ENVIRONMENT_KEY,
            format_func=lambda name: name or "All environments",
            bind="query-params",
        )
        _pulse(shown)


@st.fragment(run_every=PULSE_S)
def _pulse(shown: Glance) -> None:
    now = glance()
    if now != shown:
        st.rerun()
    if now.trouble:
        show(
            element("div", element("i", kind="dd-dot"), now.trouble, kind="dd-pulse dd-broken", role="status")
        )
        return
    loaded = source().stats()
    updated = ago(loaded.at, source().now())
    show(element("div", element("i", kind="dd-dot"), f"Live, updated {updated}", kind="dd-pulse"))


def _environments() -> list[str]:
    """Return the environments of the newest traces and the one in the URL, after an empty one for all."""
    chosen = st.query_params.get(ENVIRONMENT_KEY, "")
    try:
        page = source().traces(TraceFilter(RANGES_S[range_name()]), limit=ENVIRONMENTS_FROM_TRACES).value
    except SourceError:
        return ["", *filter(None, [chosen])]
    return ["", *sorted({trace.environment for trace in page.items} | {chosen} - {""})]


def _trouble(error: SourceError, *, loaded_before: bool) -> str:
    since = f" since {at(error.since, source().now())} UTC" if error.since else ""
    rest = ", showing what was last loaded" if loaded_before else ""
    return f"{'API unreachable' if isinstance(error, Unreachable) else 'API failing'}{since}{rest}"
