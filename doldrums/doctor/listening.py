"""The addresses of the settings: free, or the running service's own."""

from collections.abc import Iterator, Mapping
from typing import Any

from doldrums.doctor.check import Check
from doldrums.errors import UserError
from doldrums.ports import claimed
from doldrums.run_file import PUBLISHED
from doldrums.settings import Settings


def check_ports(settings: Settings, run: Mapping[str, Any]) -> Iterator[Check]:
    """Look at each address."""
    for name, address in settings.addresses().items():
        subject = f"Port, {PUBLISHED[name]}"
        if PUBLISHED[name] in run:
            yield Check(subject, "ok", f"{run[PUBLISHED[name]]}, the running service")
            continue
        try:
            claimed({name: address})
            yield Check(subject, "ok", f"{address} is free" if address.port else f"{address}: a free one")
        except UserError as error:
            yield Check(subject, "fail", str(error), f"change {name}, or stop the other process")
