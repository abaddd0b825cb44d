"""Cross-origin requests: which web pages' scripts may send here, by the Fetch standard."""

import re
from collections.abc import Sequence
from typing import Any

from starlette.middleware.cors import CORSMiddleware

_MAX_AGE_S = 7_200  # what browsers keep a preflight's answer at most


def with_cors(application: Any, allowed_origins: Sequence[str]) -> Any:
    """Return the application, open to the scripts of these origins; `*` stands for any text in one.

    A preflight is answered here, before anything asks for a key: browsers send it without one. A page
    may send any header, as a key goes into a header of the exporter's choice. Credentials are allowed
    since `navigator.sendBeacon`, which exporters use, always sends them; nothing here reads cookies.
    """
    if not allowed_origins:
        return application
    return CORSMiddleware(
        application,
        allow_origin_regex=_regex(allowed_origins),
        allow_methods=["POST"],
        allow_headers=["*"],
        allow_credentials=True,
        max_age=_MAX_AGE_S,
    )


def _regex(origins: Sequence[str]) -> str:
    r"""Write origins as one regular expression.

    Examples
    --------
    >>> print(_regex(["https://*.example.com", "http://localhost:3000"]))
    https://.*\.example\.com|http://localhost:3000
    """
    return "|".join(".*".join(map(re.escape, origin.split("*"))) for origin in origins)
