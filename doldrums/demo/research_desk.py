"""The research desk: a researcher answers and a critic checks; a librarian keeps the index."""

from doldrums.demo.chance import Chance
from doldrums.demo.script import Agent, Fault, HandOff, Move, Part, Run, Use

RESEARCHER = Agent("researcher", "openai", "gpt-5", "You answer from sources, and cite them.")
CRITIC = Agent("critic", "openai", "gpt-5-mini", "You check an answer against its sources.")
LIBRARIAN = Agent("librarian", "mistral_ai", "mistral-small-latest", "You keep the index of the handbook.")

_QUESTIONS = (
    ("How long do competitors keep invoices?", "Seven to ten years, by country."),
    ("Which carriers deliver on Saturdays?", "Three of the five we use."),
    ("What does PCI DSS ask of our logs?", "A year of them, three months at hand."),
    ("Is the returns window shorter elsewhere?", "No: 14 to 30 days, ours is 30."),
    ("Do shoppers read size guides?", "One in five does, and returns less."),
)


def question(chance: Chance) -> Run:
    """Return a question that is answered and checked; a page that does not load is read elsewhere."""
    asked, answer = chance.pick(_QUESTIONS)
    search: tuple[Move, ...] = (
        *chance.think(asked, "I look for sources.", 0.4, 0.9),
        chance.use("search_web", {"query": asked}, "6 results", 0.3, 0.8),
        *_fetch(chance),
        *chance.think(f"{asked} Answer from the sources.", answer, 0.6, 1.4),
        HandOff(CRITIC.name, "Check the answer against its sources."),
    )
    check: tuple[Move, ...] = (
        chance.use("check_citations", {"count": 4}, "4 of 4 hold", 0.2, 0.5),
        *chance.think("Does the answer follow from the sources?", "It does.", 0.5, 1.1),
    )
    parts = (Part(RESEARCHER, asked, search), Part(CRITIC, "Check the answer", check, on_call=True))
    return Run("answer_question", f"question-{chance.number(1000, 9999)}", parts)


def reindex(chance: Chance, pages: int) -> Run:
    """Return the librarian's round. With many pages it lasts long and is fine: it moves on.

    Parameters
    ----------
    pages
        Pages to index, one to two seconds each.
    """
    first = chance.number(1, 400)
    reads = tuple(
        chance.use("index_page", {"page": page}, "14 paragraphs indexed", 0.8, 1.6)
        for page in range(first, first + pages)
    )
    plan = chance.think("Which pages changed?", f"{pages} pages since the last round.", 0.3, 0.6)
    part = Part(LIBRARIAN, "Bring the index of the handbook up to date", (*plan, *reads))
    return Run("reindex_handbook", f"round-{chance.number(1000, 9999)}", (part,))


def _fetch(chance: Chance) -> tuple[Move, ...]:
    page = {"url": f"https://example.com/articles/{chance.number(100, 999)}"}
    fetched = chance.use("fetch_page", page, "2,140 words", 0.3, 0.9)
    if not chance.one_in(10):
        return (fetched,)
    refused = Fault("HTTPStatusError", "503 Service Unavailable")
    cached = chance.use("fetch_cached_page", page, "2,140 words, two days old", 0.1, 0.3)
    return (Use("fetch_page", page, "", chance.seconds(0.8, 1.2), refused), cached)
