"""Whether a service runs on this data folder, and what it says of itself."""

from collections.abc import Mapping
from typing import Any

import httpx

from doldrums.data_folder import holder
from doldrums.doctor.check import Check
from doldrums.run_file import RunFile
from doldrums.settings import Settings


def running(settings: Settings) -> dict[str, Any]:
    """Return run.json of the service that has the folder open; nothing when none has."""
    return RunFile(settings.data_dir).read() if holder(settings.data_dir) else {}


def check_service(settings: Settings, run: Mapping[str, Any]) -> Check:
    """Look at the service that runs here."""
    pid = holder(settings.data_dir)
    if pid is None:
        return Check("Service", "ok", "none runs on this folder", "`doldrums serve` starts it")
    if "api" not in run:
        return Check("Service", "warn", f"process {pid} is still starting", "look again in a few seconds")
    reasons = _reasons(f"http://{run['api']}/readyz")
    if reasons:
        return Check(
            "Service", "fail", f"process {pid}: {reasons}", "read what it logs; it retries by itself"
        )
    return Check("Service", "ok", f"process {pid} is ready")


def _reasons(url: str) -> str:
    """Return why the service is not ready; nothing when it is."""
    try:
        answer = httpx.get(url, trust_env=False, timeout=5)
        return "" if answer.is_success else "; ".join(answer.json()["reasons"])
    except httpx.HTTPError as error:
        return f"{url} does not answer ({error})"
    except (ValueError, KeyError, TypeError):
        return f"{url} answers {answer.status_code}"
