"""The log: one form, nothing in it that is nobody's business, and never too much of the same."""

import json
import logging
import subprocess
import sys
from typing import Any

import pytest

from doldrums.logs import LogForm
from doldrums.repeats import Repeats, tell_repeats

FAILS = """
import logging, structlog
from doldrums.logs import configure_logging

configure_logging("core", {form!r})
log = structlog.get_logger("collector.x")
log.info("segment_loaded", spans=3, took_s=0.25)

def work(content):
    raise ValueError("no such thing")

try:
    work("what the agent said")
except ValueError:
    log.exception("work_failed", action="will try again")
logging.getLogger("library").warning("%s of %s", 1, 2)
"""


def logged(form: LogForm) -> str:
    """Return what a process without a terminal writes."""
    program = FAILS.format(form=form)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr


def test_without_a_terminal_every_line_is_a_json_object() -> None:
    loaded, failed, foreign = [json.loads(line) for line in logged("auto").splitlines()]

    assert loaded["timestamp"].endswith("Z")
    del loaded["timestamp"]
    assert loaded == {
        "event": "segment_loaded", "level": "info", "process": "core", "spans": 3, "took_s": 0.25,
    }  # fmt: skip
    assert "ValueError: no such thing" in failed["exception"]
    assert (foreign["event"], foreign["level"]) == ("1 of 2", "warning")


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_traceback_has_no_values_of_variables_in_it(form: LogForm) -> None:
    text = logged(form)

    assert "ValueError: no such thing" in text
    assert "what the agent said" not in text


STREAMLIT = """
from streamlit.logger import get_logger
before = get_logger("streamlit.before")

from doldrums.logs import configure_logging
from dashboard.logs import write_as_the_service_does

configure_logging("dashboard")
write_as_the_service_does()
for logger in (before, get_logger("streamlit.after")):
    for number in range(100):
        logger.error("page %s failed", number)
"""


def test_streamlit_writes_as_the_service_does() -> None:
    ran = subprocess.run([sys.executable, "-c", STREAMLIT], capture_output=True, text=True, check=True)

    events = [json.loads(line) for line in ran.stderr.splitlines()]
    assert [event["event"] for event in events] == [f"page {number} failed" for number in range(20)] * 2


def test_text_is_for_people() -> None:
    assert "segment_loaded" in logged("text")
    assert "{" not in logged("text")


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def passed(repeats: Repeats, events: int, **record: Any) -> list[dict[str, Any]]:
    """Log so many of the same, and return what is added to those that pass."""
    records = [
        logging.makeLogRecord({"name": "x", "levelno": logging.ERROR, "msg": "bad %s", "args": (n,)} | record)
        for n in range(events)
    ]
    return [dict(tell_repeats(None, "", {"_record": one})) for one in records if repeats.filter(one)]


def said(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in event.items() if name != "_record"} for event in events]


def test_of_a_storm_the_first_are_logged_and_the_rest_is_counted() -> None:
    clock = Clock()
    repeats = Repeats(clock)

    assert said(passed(repeats, 1_000)) == [*[{}] * 19, {"leaving_out_s": 60}]
    clock.now_s = 59.9
    assert passed(repeats, 5) == []
    clock.now_s = 60.0
    assert said(passed(repeats, 2)) == [{"left_out": 985}, {}]


def test_another_event_another_level_and_another_logger_are_not_the_same() -> None:
    repeats = Repeats(Clock())
    passed(repeats, 100, msg={"event": "one"})

    assert len(passed(repeats, 1, msg={"event": "two"})) == 1
    assert len(passed(repeats, 1, msg={"event": "one"}, levelno=logging.INFO)) == 1
    assert len(passed(repeats, 1, msg={"event": "one"}, name="y")) == 1
    assert passed(repeats, 1, msg={"event": "one", "n": 5}) == []


def test_kinds_without_an_end_take_no_memory_without_an_end() -> None:
    repeats = Repeats(Clock())

    for number in range(5_000):
        passed(repeats, 1, msg=f"text {number}")

    assert len(repeats._seen) <= 1_000
