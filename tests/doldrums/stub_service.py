"""A service of stub parts under the real supervisor: `stub_service.py NAME...`, in the order of stopping."""

import asyncio
import sys
from pathlib import Path

from doldrums.address import Address
from doldrums.child_process import ChildProcess
from doldrums.configuration import load_settings
from doldrums.data_folder import held
from doldrums.logs import configure_logging
from doldrums.ports import claimed
from doldrums.run_file import RunFile
from doldrums.supervisor import Supervisor

PART = Path(__file__).with_name("stub_part.py")


def main(names: list[str]) -> int:
    configure_logging("supervisor")
    settings = load_settings()
    with held(settings.data_dir) as lock:
        addresses = claimed({name: Address("127.0.0.1", 0) for name in names if name != "client"})
        stages = [[child(name, addresses.get(name))] for name in names]
        run_file = RunFile(settings.data_dir)
        run_file.remove()
        supervisor = Supervisor(
            stages=stages,
            settings_json=settings.model_dump_json().encode(),
            lock=lock,
            run_file=run_file,
            addresses={name: str(address) for name, address in addresses.items()},
            on_ready=lambda: None,
            on_stop=lambda: None,
        )
        return asyncio.run(supervisor.run())


def child(name: str, address: Address | None) -> ChildProcess:
    url = f"{address.url}/readyz" if address else None
    port = str(address.port) if address else "0"
    return ChildProcess(name, url, stop_s_max=1.0, command=[sys.executable, str(PART), name, port])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
