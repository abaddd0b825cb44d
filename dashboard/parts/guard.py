"""What a page shows when it cannot show what it is for: one clear message, and it recovers by itself."""

import functools
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, ParamSpec

import streamlit as st

from dashboard.parts.markup import element, show
from dashboard.parts.session import source
from dashboard.source.errors import NotFound, Refused, SourceError
from dashboard.source.library import Loaded
from dashboard.wording.duration import age
from dashboard.wording.moment import at

P = ParamSpec("P")

RETRY_S = 4.0
log = logging.getLogger(__name__)


def guarded(page: Callable[P, None]) -> Callable[P, None]:
    """Return `page` with every error turned into a message for the reader."""

    @functools.wraps(page)
    def inner(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            page(*args, **kwargs)
        except SourceError as error:
            explain(error)
        except Exception:
            log.exception("page_failed")
            message(
                "This page has a fault.",
                "It is ours, not yours, and it is in the dashboard's log. The other pages still work.",
            )

    return inner


def explain(error: SourceError) -> None:
    """Say what the API did not give, and go on asking where that may help."""
    if isinstance(error, NotFound | Refused):
        message(error.sentence, "")
        return
    since = f"Since {_time(error.since)}. " if error.since else ""
    message(error.sentence, f"{since}It is asked again every few seconds; this page comes back by itself.")
    ask_again()


def message(headline: str, rest: str, kind: str = "dd-message dd-broken") -> None:
    """Show a headline and a sentence in place of a page's content."""
    show(element("div", element("strong", headline), element("p", rest), kind=kind, role="alert"))


def note(text: str) -> None:
    """Show a remark that takes nothing away from the page."""
    show(element("div", text, kind="dd-note", role="status"))


def stale_note(*loaded: Loaded[Any]) -> None:
    """Say so when what is shown is not as new as it should be."""
    old = [part for part in loaded if part.trouble]
    if not old:
        return
    oldest = max(old, key=source().age_s)
    trouble = oldest.trouble
    since = f" since {_time(trouble.since)}" if trouble and trouble.since else ""
    sentence = trouble.sentence.rstrip(".") if trouble else ""
    note(f"{sentence}{since}. Showing what was loaded {age(source().age_s(oldest))} ago.")


def _time(when: datetime | None) -> str:
    return f"{at(when, source().now())} UTC" if when else ""


def ask_again() -> None:
    """Run the page again in a few seconds."""
    _ask_again(time.monotonic())


@st.fragment(run_every=RETRY_S)
def _ask_again(shown_at_s: float) -> None:
    if time.monotonic() - shown_at_s > RETRY_S / 2:
        st.rerun()


def on_script_error(error: Exception) -> bool:
    """Log what even the guard did not see, and show no traceback."""
    log.error("script_failed", exc_info=error)
    return True
