"""The dashboard's server: Streamlit, our headers, and a health check."""

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.configuration import configuration
from dashboard.headers import SecurityHeaders
from dashboard.logs import write_as_the_service_does
from dashboard.parts.guard import on_script_error
from dashboard.parts.session import API_KEY, API_URL

SCRIPT = Path(__file__).parent / "app.py"


async def healthz(_: Request) -> Response:
    return JSONResponse({"ok": True, "reasons": []})


def run(host: str, port: int, api_url: str, api_key: str = "") -> None:
    """Serve until SIGTERM or SIGINT.

    Parameters
    ----------
    host, port
        Where to listen; the port is not 0.
    api_url
        Where the API is, for example `http://127.0.0.1:8080`.
    api_key
        Shown to the API: what the pages show is its project's.
    """
    write_as_the_service_does()
    os.environ[API_URL], os.environ[API_KEY] = api_url, api_key
    app = st.App(
        SCRIPT,
        routes=[Route("/healthz", healthz)],
        middleware=[Middleware(SecurityHeaders)],
        on_script_error=on_script_error,
    )
    app.run(config=configuration(host, port))
