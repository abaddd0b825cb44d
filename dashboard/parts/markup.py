"""HTML in which data can only be text: strings are escaped, tags are ours."""

from dataclasses import dataclass
from html import escape

import streamlit as st

DIRECTION_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd")
"""They turn round the words that we put after somebody's name; right-to-left writing needs none of them."""


@dataclass(frozen=True, slots=True)
class Html:
    """Markup that `element` made, and nobody else."""

    text: str


def element(tag: str, *children: "Html | str", kind: str = "", **attributes: str) -> Html:
    """Return an element; strings among `children` and `attributes` are data and are escaped.

    Parameters
    ----------
    kind
        Its class.

    Examples
    --------
    >>> element("b", "<img src=x>", kind="name").text
    '<b class="name">&lt;img src=x&gt;</b>'
    """
    given = {"class": kind, **attributes}
    written = "".join(f' {name}="{escape(value)}"' for name, value in given.items() if value)
    inside = "".join(child.text if isinstance(child, Html) else _text(child) for child in children)
    return Html(f"<{tag}{written}>{inside}</{tag}>")


def _text(data: str) -> str:
    return escape(data.translate(DIRECTION_CONTROLS))


def show(*parts: Html) -> None:
    """Put markup on the page. The only way by which data reaches it outside of Streamlit's own tables."""
    st.html("".join(part.text for part in parts))
