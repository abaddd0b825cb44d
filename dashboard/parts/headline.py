"""The sentence that a page begins with."""

from dashboard.parts.markup import element, show
from dashboard.presentation.tone import Tone


def headline(lead: str, rest: str, tone: Tone) -> None:
    """Show the news in its tone, and the rest of it."""
    show(
        element(
            "h1",
            element("span", lead, kind=f"dd-lead dd-{tone}"),
            " ",
            element("span", rest, kind="dd-rest"),
            kind="dd-headline",
        )
    )
