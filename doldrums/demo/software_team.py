"""The software team: planner, coder, tester and writer ship one change together.

They work at the same time and need each other's artifacts: the tester tests what the docs
promise, the coder codes until the tests pass, the planner closes the change once the code is
there, and so does the writer. That goes well as long as the writer documents the plan first.
Told to document nothing but the code that the planner has released, the writer waits for the
planner, and the ring is closed: planner -> coder -> tester -> writer -> planner. All four are
polite: none gives up, none fails, and no exporter has anything to send.
"""

from math import inf

from doldrums.demo.chance import Chance
from doldrums.demo.script import Agent, Await, Fault, HandOff, Move, Part, Publish, Run, Use

PLANNER = Agent("planner", "anthropic", "claude-sonnet-4-5", "You plan a change and see it through.")
CODER = Agent("coder", "anthropic", "claude-sonnet-4-5", "You implement the plan until the tests pass.")
TESTER = Agent("tester", "openai", "gpt-5-mini", "You test what the documentation promises.")
WRITER = Agent("writer", "openai", "gpt-5-mini", "You keep the documentation true.")

_CHANGES = (
    ("Add pagination to the invoice list", "invoices/list.py"),
    ("Retry an upload when the connection drops", "uploads/client.py"),
    ("Show order totals in the customer's currency", "orders/totals.py"),
    ("Reject a coupon that has expired", "checkout/coupons.py"),
    ("Cache the product catalogue for five minutes", "catalogue/cache.py"),
    ("Log who changed a delivery address", "orders/audit.py"),
    ("Let an export be resumed", "exports/resume.py"),
    ("Validate postcodes per country", "checkout/address.py"),
)


def change(chance: Chance) -> Run:
    """Return an ordinary change: the writer documents the plan, and everything falls into place."""
    title, path = chance.pick(_CHANGES)
    return _run(
        chance,
        title,
        coder=Part(CODER, f"Implement: {title}", _code(chance, title, path), on_call=True),
        tester=Part(TESTER, f"Test: {title}", _test(chance, title, path), on_call=True),
        writer=Part(WRITER, f"Document: {title}", _document(chance, title), on_call=True),
    )


def standstill(chance: Chance, limit_s: float) -> Run:
    """Return a change that stands still until the planner loses patience.

    Parameters
    ----------
    limit_s
        Seconds that the planner waits for the code before it cancels everyone's waiting and
        lets them document the plan first.
    """
    title, path = chance.pick(_CHANGES)
    code_first: tuple[Move, ...] = (
        *chance.think(f"Document the released code alone: {title}", "I need the code first.", 0.3, 0.5),
        Await("code", PLANNER.name),
        *_write_docs(chance, title),
    )
    return _run(
        chance,
        title,
        limit_s=limit_s,
        coder=Part(CODER, f"Implement: {title}", _code(chance, title, path), True, _finish(chance, path)),
        tester=Part(TESTER, f"Test: {title}", _test(chance, title, path), True, _test(chance, title, path)),
        writer=Part(WRITER, f"Document: {title}", code_first, True, _document(chance, title)),
    )


def _run(chance: Chance, title: str, *, coder: Part, tester: Part, writer: Part, limit_s: float = inf) -> Run:
    lead = (
        *chance.think(f"Plan the change: {title}", "Three tasks: code, tests, docs.", 0.3, 0.6),
        *(HandOff(part.agent.name, part.task) for part in (coder, tester, writer)),
        *chance.think("Write the acceptance criteria", "Merged when the tests pass.", 0.4, 0.6),
        Await("code", CODER.name, limit_s),
    )
    close = chance.think(f"Is this done? {title}", "Yes: the tests pass, the docs agree.", 0.2, 0.4)
    again = (
        *chance.think("No code came. What now?", "Document the plan first, then test, then code.", 0.4, 0.6),
        Await("code", CODER.name),
    )
    planner = Part(PLANNER, title, (*lead, *close), rescue=(*again, *close))
    return Run("ship_change", f"change-{chance.number(1000, 9999)}", (planner, coder, tester, writer))


def _code(chance: Chance, title: str, path: str) -> tuple[Move, ...]:
    return (
        *chance.think(f"Implement: {title}", f"I change {path}; then I need the tests.", 0.3, 0.5),
        chance.use("edit_file", {"path": path}, "1 file changed, 34 insertions, 6 deletions", 0.1, 0.2),
        *_finish(chance, path),
    )


def _finish(chance: Chance, path: str) -> tuple[Move, ...]:
    """Return what the coder does from the wait for the tests on; a first failure is put right."""
    tests = f"tests/{path}"
    passed = chance.use("run_tests", {"path": tests}, "12 passed", 0.2, 0.3)
    failed = Fault("AssertionError", "1 failed, 11 passed: test_empty_page")
    put_right: tuple[Move, ...] = (
        Use("run_tests", {"path": tests}, "", chance.seconds(0.15, 0.25), failed),
        *chance.think("test_empty_page fails. Why?", "An empty page needs no cursor.", 0.2, 0.3),
    )
    first_try = put_right if chance.one_in(12) else ()
    return (Await("tests", TESTER.name), *first_try, passed, Publish("code"))


def _test(chance: Chance, title: str, path: str) -> tuple[Move, ...]:
    return (
        *chance.think(f"How to test: {title}", "From the docs: one case for each promise.", 0.2, 0.35),
        Await("docs", WRITER.name),
        chance.use("write_tests", {"path": path}, "12 tests written", 0.25, 0.4),
        Publish("tests"),
    )


def _document(chance: Chance, title: str) -> tuple[Move, ...]:
    note = chance.think("Note the change in the changelog", f"Changed: {title}.", 0.2, 0.4)
    return (*_write_docs(chance, title), Await("code", CODER.name), *note)


def _write_docs(chance: Chance, title: str) -> tuple[Move, ...]:
    return (
        *chance.think(f"Document: {title}", "One section, one example.", 0.4, 0.6),
        chance.use("update_docs", {"page": "docs/changes.md"}, "1 page updated", 0.15, 0.3),
        Publish("docs"),
    )
