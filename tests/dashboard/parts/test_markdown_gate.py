"""Data never reaches a Streamlit call that reads Markdown: what agents write would become images there."""

import ast
from collections.abc import Iterator
from pathlib import Path

DASHBOARD = Path(__file__).parents[3] / "dashboard"
MARKDOWN = {
    *("markdown", "caption", "metric", "error", "warning", "info", "success", "exception", "write", "title"),
    *("header", "subheader", "expander", "table", "toast", "badge", "popover", "status", "spinner", "latex"),
    *("button", "link_button", "download_button", "menu_button", "page_link", "checkbox", "toggle", "radio"),
    *("selectbox", "multiselect", "text_input", "text_area", "segmented_control", "pills", "slider", "Page"),
    "tabs",
}
PAGE_FIRST = {"page_link", "Page"}
TEXTS = {"label", "title", "body", "help", "value", "delta", "caption", "placeholder"}


class Module:
    """A file of the dashboard, and what its texts are made of."""

    def __init__(self, path: Path) -> None:
        self.name = str(path.relative_to(DASHBOARD))
        self._tree = ast.parse(path.read_text(encoding="utf-8"))

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield node.func.attr, node

    def is_ours(self, text: ast.expr) -> bool:
        """Tell whether a text is made of constants and whole numbers alone."""
        if isinstance(text, ast.Constant):
            return True
        if isinstance(text, ast.IfExp):
            return self.is_ours(text.body) and self.is_ours(text.orelse)
        if isinstance(text, ast.Subscript | ast.List):
            return (
                self._is_constant(text.value)
                if isinstance(text, ast.Subscript)
                else all(map(self.is_ours, text.elts))
            )
        if isinstance(text, ast.JoinedStr):
            return all(self._is_number(part) for part in text.values if isinstance(part, ast.FormattedValue))
        if isinstance(text, ast.Call):
            return ast.unparse(text.func) == "list" and all(map(self._is_constant, text.args))
        return isinstance(text, ast.Name) and self._is_made_of_ours(text.id)

    def _is_constant(self, value: ast.expr) -> bool:
        return isinstance(value, ast.Name) and value.id.isupper()

    def _is_number(self, part: ast.FormattedValue) -> bool:
        arguments = [node for node in ast.walk(self._tree) if isinstance(node, ast.arg)]
        kinds = {node.arg: ast.unparse(node.annotation) for node in arguments if node.annotation}
        return isinstance(part.value, ast.Name) and kinds.get(part.value.id) == "int"

    def _is_made_of_ours(self, name: str) -> bool:
        """Tell whether everything that `name` is ever set to is ours; loops may go over capitals only."""
        sources = list(self._sources(name))
        return bool(sources) and all(self.is_ours(source) for source in sources)

    def _sources(self, name: str) -> Iterator[ast.expr]:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Assign) and name in names(*node.targets):
                yield node.value
            if isinstance(node, ast.For) and name in names(node.target):
                over = [each.id for each in ast.walk(node.iter) if isinstance(each, ast.Name)]
                capital = any(word.isupper() for word in over)
                yield ast.Constant("") if capital else node.iter


def names(*targets: ast.expr) -> set[str]:
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}


def modules() -> list[Module]:
    return [Module(path) for path in sorted(DASHBOARD.rglob("*.py"))]


def test_only_our_own_words_reach_a_call_that_reads_markdown() -> None:
    for module in modules():
        for name, call in module.calls():
            if name not in MARKDOWN or not isinstance(call.func, ast.Attribute):
                continue
            if ast.unparse(call.func.value) not in ("st", "grid", "tab", "st.sidebar"):
                continue
            first = [] if name in PAGE_FIRST else call.args[:1]
            shown = [*first, *(keyword.value for keyword in call.keywords if keyword.arg in TEXTS)]
            assert all(module.is_ours(text) for text in shown), f"{module.name}:{call.lineno}"


def test_html_is_put_on_the_page_in_one_place() -> None:
    users = {module.name for module in modules() for name, _ in module.calls() if name == "html"}

    assert users == {"app.py", "parts/markup.py"}


def test_nothing_is_rendered_unsafely() -> None:
    unsafe = ("unsafe_allow", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
    for path in [*DASHBOARD.rglob("*.py"), *DASHBOARD.rglob("*.js")]:
        text = path.read_text(encoding="utf-8")
        assert not [word for word in unsafe if word in text], path
