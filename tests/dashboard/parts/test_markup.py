from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as some

from dashboard.parts.markup import DIRECTION_CONTROLS, Html, element
from tests.dashboard.hostile import HOSTILE


class Read(HTMLParser):
    """What a browser would find: tags with attributes, and text."""

    def __init__(self, markup: Html) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""
        self.feed(markup.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(some.text() | some.just(HOSTILE))
def test_data_is_only_ever_text(data: str) -> None:
    read = Read(element("p", element("b", data), kind="name", title=data))

    assert [tag for tag, _ in read.tags] == ["p", "b"]
    assert read.text == data.translate(DIRECTION_CONTROLS)
    assert dict(read.tags[0][1]).get("title", "") == data


def test_a_name_cannot_turn_round_the_words_after_it() -> None:
    assert "\u202e" not in element("p", HOSTILE).text


def test_markup_inside_markup_stays() -> None:
    assert element("p", element("b", "<"), " & ").text == "<p><b>&lt;</b> &amp; </p>"
