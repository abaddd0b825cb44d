"""What kind of error an answer tells of, where no status and no exception names one. Pure."""

import re

# By the first that is found; what names the error is its group, or all of it.
_NAMES = (
    (re.compile(r"(?:\w+\.)*([A-Z]\w*(?:Error|Exception))\b"), "{}"),
    (re.compile(r"(?i)^[\"']?(?:exit|return)"), "exit code"),
    (re.compile(r"(?i)is_?error"), "isError"),
    (re.compile(r"[\"']success[\"']"), "no success"),
    (re.compile(r"(?:HTTP|http|[Ss]tatus|^)\D{0,20}\b([45]\d\d)\b"), "HTTP {}"),
    (re.compile(r"^empty$"), "empty answer"),
)


def error_type(said: str) -> str:
    """Return the type of an error by what an answer says of it (`collector.conventions.payload_error`).

    Examples
    --------
    >>> error_type('"status_code": 502'), error_type("requests.HTTPError: 503"), error_type("empty")
    ('HTTP 502', 'HTTPError', 'empty answer')
    >>> error_type('"error": "no return address"'), error_type('"exit_code": 2'), error_type("")
    ('error', 'exit code', '')
    """
    for pattern, name in _NAMES:
        if found := pattern.search(said):
            return name.format(*found.groups())
    return "error" if said else ""
