"""The demo's own data folder: made for it, and removable without a trace of anything else."""

import shutil
from pathlib import Path

from doldrums.configuration import load_settings
from doldrums.data_folder import holder, is_demo, refusal
from doldrums.errors import UserError
from doldrums.settings import Settings


def demo_settings(config: Path | None) -> Settings:
    """Return the settings for the demo: its own folder and stores and no TLS, whatever else is set.

    A data folder that is named in the settings is used as it is; the default one gets `-demo` behind.
    """
    given = load_settings(config)
    folder = given.data_dir
    if "data_dir" not in given.model_fields_set:
        folder = folder.with_name(f"{folder.name}-demo")
    own = Settings(data_dir=folder)
    return load_settings(
        config,
        demo=True,
        data_dir=own.data_dir,
        clickhouse_dsn=own.clickhouse_dsn,
        state_dsn=own.state_dsn,
        # the invented agents send without encryption, and have no certificates
        otlp_tls_cert_file=None,
        otlp_tls_key_file=None,
        otlp_tls_client_ca_file=None,
    )


def remove_demo(folder: Path) -> None:
    """Delete the demo's folder; refuse any other."""
    if not folder.exists():
        raise UserError(f"There is no demo data: the folder {folder} does not exist.")
    if not is_demo(folder):
        raise UserError(f"The folder {folder} is not marked as demo data, so it stays as it is.")
    running = holder(folder)
    if running:
        raise UserError(f"The demo is running (process {running}): stop it first, then remove its data.")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise refusal(folder, error) from None
