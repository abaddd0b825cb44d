"""Every statement has a test that names it, and docs/conformance.md says which."""

from tests.conformance.page import ROOT, named_by, page, statements

PAGE = ROOT / "docs" / "conformance.md"


def test_there_are_the_54_statements() -> None:
    assert [statement["number"] for statement in statements()] == list(range(1, 55))


def test_every_statement_has_a_test_that_names_it() -> None:
    assert sorted(named_by()) == list(range(1, 55))


def test_the_page_is_what_the_statements_and_tests_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"
