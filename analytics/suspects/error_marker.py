r"""Error markers: what in a payload says that a call failed, whatever its status says. Pure.

Nothing is parsed: a document may be cut off, or nested to no end. Inside of a JSON string quotes are
escaped (``\"error\":``), so what a document quotes is not taken for its own.
"""

import re
from typing import NamedTuple

_EXIT_CODE = re.compile(
    r"\b(?:exit[ _]?(?:code|status)|returncode)[\"']?\s{0,3}[:=]?\s{0,3}(-?\d{1,9})\b", re.IGNORECASE
)
_TRACEBACK = re.compile(r"Traceback \(most recent call last\)|^Exception in thread ", re.MULTILINE)
_RAISED = re.compile(r"^(?:\w{1,80}\.){0,8}[A-Z]\w{0,80}(?:Error|Exception)(?:: .{0,200})?$", re.MULTILINE)
_IS_ERROR = re.compile(r"[\"']is_?error[\"']\s{0,3}:\s{0,3}true\b", re.IGNORECASE)
_ERROR = re.compile(
    r"[\"']error[\"']\s{0,3}:\s{0,3}(?!null\b|none\b|false\b|0\b|\"\"|''|\{\s{0,3}\}|\[\s{0,3}\])\S.{0,120}",
    re.IGNORECASE,
)
_HTTP = re.compile(
    r"(?:\bHTTP(?:/\d(?:\.\d)?)?(?: (?:status|error|code)){0,2}:? {0,2}"
    r"|\bstatus[_ ]?code[\"']?\s{0,3}[:=]?\s{0,3}|[\"']status[\"']\s{0,3}:\s{0,3})([45]\d\d)\b"
    r"|\b([45]\d\d) (?:Client|Server) Error\b",
    re.IGNORECASE,
)
# Whoever is asked has failed, not who asked: too late, too many, out of order, out of reach. Of code that
# somebody wrote it says nothing: that may ask for what is not there, or run for ever.
_THEIRS = re.compile(
    r"\b(?:408|429|5\d\d)\b|time[d ]{0,2}-?out|rate.?limit|overloaded|unavailable"
    r"|connection (?:refused|reset|aborted|error)",
    re.IGNORECASE,
)


class Marker(NamedTuple):
    """What says that a call failed.

    Parameters
    ----------
    text
        As a person would say it, with what is quoted.
    is_theirs
        What was called is out of order; what it was asked is not what failed.
    """

    text: str
    is_theirs: bool = False


def error_marker(text: str) -> Marker | None:
    """Return the first marker of an error in what a call gave back.

    Examples
    --------
    >>> error_marker('{"isError": true, "content": []}')
    Marker(text='isError', is_theirs=False)
    >>> error_marker("HTTP/1.1 503 Service Unavailable")
    Marker(text='HTTP 503', is_theirs=True)
    >>> error_marker('{"error": null, "status": 200}') is None
    True
    """
    said = _said(text)
    is_code = said.startswith(("exit code", "traceback"))
    return Marker(said, not is_code and bool(_THEIRS.search(said))) if said else None


def _said(text: str) -> str:
    codes = [match[1] for match in _EXIT_CODE.finditer(text[:2_000]) if int(match[1])]
    raised = _RAISED.findall(text)
    if codes:
        return f"exit code: {codes[0]}" + (f", {raised[-1]}" if raised else "")
    if _TRACEBACK.search(text):
        return f"traceback, {raised[-1]}" if raised else "traceback"
    if _IS_ERROR.search(text):
        return "isError"
    if match := _HTTP.search(text):
        return f"HTTP {match[1] or match[2]}"
    if match := _ERROR.search(text):
        return match[0]
    return raised[-1] if raised else ""
