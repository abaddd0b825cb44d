"""Where OTLP is taken: ports, paths and settings."""

from dataclasses import fields
from pathlib import Path

import pytest

from collector.receiver.transport import Transport
from doldrums.settings import Settings
from tests.builders import span
from tests.collector.otlp.builders import body
from tests.collector.receiver.process import PROTOBUF, ReceiverProcess


@pytest.mark.otlp(1, 48)
def test_the_ports_are_the_usual_ones_on_loopback(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)

    assert str(settings.otlp_grpc_address) == "127.0.0.1:4317"
    assert str(settings.otlp_http_address) == "127.0.0.1:4318"


@pytest.mark.otlp(2, 48)
def test_a_prefix_that_was_set_is_a_path_too(receiver: ReceiverProcess) -> None:
    path = "/collector/v1/traces"

    response = receiver.http.post(path, content=body(span(path)), headers={"content-type": PROTOBUF})

    assert response.status_code == 200
    assert path in receiver.stored
    assert receiver.http.post("/other/v1/traces", headers={"content-type": PROTOBUF}).status_code == 404


@pytest.mark.otlp(48, 49, 50)
def test_how_clients_connect_is_all_settings_with_the_same_defaults() -> None:
    settings = Settings.model_fields

    assert {each.name: each.default for each in fields(Transport)} == {
        each.name: settings[f"otlp_{each.name}"].default for each in fields(Transport)
    }
