import json
import os
from pathlib import Path

import pytest

from doldrums.address import Address
from doldrums.announcement import announcement
from doldrums.configuration import load_settings
from doldrums.errors import UserError
from doldrums.settings import Settings

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
WEBHOOK = {"name": "a", "url": "https://example.com/a", "secret": SECRET}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("DOLDRUMS_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.chdir(tmp_path)


def write(text: str, name: str = "doldrums.toml") -> Path:
    path = Path(name)
    path.write_text(text)
    return path


def refusal_of(config: Path | None = None) -> str:
    with pytest.raises(UserError) as caught:
        load_settings(config)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_defaults_need_no_rights_beyond_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    settings = load_settings()

    assert settings.data_dir == tmp_path / ".local/share/doldrums"
    assert settings.clickhouse_dsn == f"chdb://{tmp_path}/.local/share/doldrums/store"
    assert settings.state_dsn == f"sqlite:///{tmp_path}/.local/share/doldrums/state.db"
    assert settings.otlp_http_address == Address("127.0.0.1", 4318)


def test_the_data_folder_follows_the_xdg_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    assert load_settings().data_dir == tmp_path / "doldrums"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write('api_address = "127.0.0.1:1"\nsegment_age_ms_max = 100')
    monkeypatch.setenv("DOLDRUMS_API_ADDRESS", "127.0.0.1:2")

    settings = load_settings()

    assert str(settings.api_address) == "127.0.0.1:2"
    assert settings.segment_age_ms_max == 100


def test_a_named_file_is_read_instead_of_the_one_that_lies_here(tmp_path: Path) -> None:
    write("segment_age_ms_max = 100")

    assert load_settings(write("segment_age_ms_max = 200", "other.toml")).segment_age_ms_max == 200


def test_stores_move_with_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOLDRUMS_DATA_DIR", "/srv/doldrums")

    assert load_settings().clickhouse_dsn == "chdb:///srv/doldrums/store"


def test_a_path_is_absolute_from_where_the_user_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOLDRUMS_DATA_DIR", "here/../there")

    assert load_settings().data_dir == tmp_path / "there"


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOLDRUMS_API_ADDRESS", "")

    assert str(load_settings().api_address) == "127.0.0.1:8080"


def test_webhooks_are_json_in_the_environment_and_tables_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write(f'[[webhooks]]\nname = "a"\nurl = "https://example.com/a"\nsecret = "{SECRET}"')
    from_file = load_settings().webhooks

    monkeypatch.setenv("DOLDRUMS_WEBHOOKS", json.dumps([WEBHOOK]))

    assert load_settings().webhooks == from_file
    assert from_file[0].url == "https://example.com/a"


def test_lists_of_text_are_separated_by_commas_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    write('otlp_cors_allowed_origins = ["https://*.example.com"]')
    monkeypatch.setenv("DOLDRUMS_OTLP_PATH_PREFIXES", "/collector, /a/b")

    settings = load_settings()

    assert settings.otlp_path_prefixes == ("/collector", "/a/b")
    assert settings.otlp_cors_allowed_origins == ("https://*.example.com",)


def test_with_a_certificate_exporters_are_told_to_encrypt(tmp_path: Path) -> None:
    settings = load_settings(otlp_tls_cert_file="cert.pem", otlp_tls_key_file="~/key.pem")

    assert settings.otlp_tls_cert_file == tmp_path / "cert.pem"
    assert settings.otlp_http_url == "https://127.0.0.1:4318"
    assert f"OTEL_EXPORTER_OTLP_ENDPOINT={settings.otlp_http_url}" in announcement(
        settings, with_dashboard=False
    )


def test_a_child_is_told_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    write(f'[[webhooks]]\nname = "a"\nurl = "https://example.com/a"\nsecret = "{SECRET}"')
    settings = load_settings()

    monkeypatch.setenv("DOLDRUMS_API_ADDRESS", "127.0.0.1:2")

    assert Settings.model_validate_json(settings.model_dump_json()) == settings


@pytest.mark.parametrize(
    ("variable", "nearest"),
    [
        ("DOLDRUMS_DATADIR", "DOLDRUMS_DATA_DIR"),
        ("DOLDRUM_DATA_DIR", "DOLDRUMS_DATA_DIR"),
        ("doldrums_api_adress", "DOLDRUMS_API_ADDRESS"),
    ],
)
def test_a_misspelt_variable_names_the_right_one(
    monkeypatch: pytest.MonkeyPatch, variable: str, nearest: str
) -> None:
    monkeypatch.setenv(variable, "x")

    assert refusal_of().endswith(f"{variable}. Did you mean {nearest}?")


def test_a_variable_near_to_none_points_to_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOLDRUMS_ZZZ", "x")

    assert "docs/settings.md" in refusal_of()


def test_a_misspelt_key_names_the_file_and_the_right_one() -> None:
    write('data_dirr = "/x"')

    assert refusal_of() == "doldrums.toml has an unknown setting data_dirr. Did you mean data_dir?"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("DOLDRUMS_API_ADDRESS", "8080", "DOLDRUMS_API_ADDRESS is '8080': write it as host:port"),
        ("DOLDRUMS_SEGMENT_BYTES_MAX", "0", "DOLDRUMS_SEGMENT_BYTES_MAX is '0': it should be greater than 0"),
        ("DOLDRUMS_SEGMENT_BYTES_MAX", "many", "'many': it should be a valid integer."),
        ("DOLDRUMS_FREE_RATIO_MIN", "10", "it should be less than 1"),
        ("DOLDRUMS_FREE_RATIO_MIN", "nan", "DOLDRUMS_FREE_RATIO_MIN is 'nan'"),
        ("DOLDRUMS_DATA_DIR", "~nobody-of-that-name/x", "write the whole path"),
        ("DOLDRUMS_DATA_DIR", "/tmp/a*b", "/tmp/a*b has one of * ? { } [ ] % in it"),
        (
            "DOLDRUMS_STATE_DSN",
            "mysql://me:hunter2@db/x",
            "DOLDRUMS_STATE_DSN: it should start with sqlite:///",
        ),
        ("DOLDRUMS_WEBHOOKS", "hunter2", "DOLDRUMS_WEBHOOKS is not JSON"),
        ("DOLDRUMS_WEBHOOKS", '{"url": "hunter2"}', "DOLDRUMS_WEBHOOKS: it should be a list."),
        ("DOLDRUMS_WEBHOOKS", '["hunter2"]', "DOLDRUMS_WEBHOOKS, 0: it should have name, url and secret."),
        ("DOLDRUMS_WEBHOOKS", '[{"name": "a", "ulr": "hunter2"}]', "no such key. Did you mean url?"),
        ("DOLDRUMS_WEBHOOKS", '[{"name": "a", "url": "ftp://x", "secret": "aGk="}]', "must read https://"),
        (
            "DOLDRUMS_WEBHOOKS",
            '[{"name": "a", "url": "http://x", "secret": "hunter2"}]',
            "DOLDRUMS_WEBHOOKS, 0: the secret of webhook a must be whsec_ followed by",
        ),
        ("DOLDRUMS_WEBHOOKS", json.dumps([WEBHOOK, WEBHOOK]), "webhooks has two of the same name"),
        (
            "DOLDRUMS_REDACTION_OFF",
            "pasword",
            "there is no rule of redaction 'pasword', did you mean password: docs/redaction.md lists them",
        ),
        ("DOLDRUMS_REDACTION_RULES", "(", 'not JSON: write it as [{"name": "...", "pattern": "..."}].'),
        ("DOLDRUMS_REDACTION_RULES", '[{"name": "a", "patern": "x"}]', "Did you mean pattern?"),
        ("DOLDRUMS_REDACTION_RULES", '["a"]', "RULES, 0: it should have name and pattern."),
        ("DOLDRUMS_REDACTION_RULES", '[{"name": "a", "pattern": "(?=x)"}]', "rule a is not RE2: invalid"),
        ("DOLDRUMS_REDACTION_RULES", '[{"name": "a", "pattern": "x*"}]', "rule a matches where nothing is"),
        ("DOLDRUMS_REDACTION_RULES", '[{"name": "jwt", "pattern": "x"}]', "and none of the names in docs"),
        (
            "DOLDRUMS_OTLP_PATH_PREFIXES",
            "/a, b",
            "DOLDRUMS_OTLP_PATH_PREFIXES, 1 is 'b': it should begin with / and not end with it",
        ),
        ("DOLDRUMS_OTLP_CORS_ALLOWED_ORIGINS", "example.com", "write it as https://app.example.com"),
        ("DOLDRUMS_OTLP_CORS_ALLOWED_ORIGINS", "https://a/b", "write it as https://app.example.com"),
        ("DOLDRUMS_OTLP_TLS_CERT_FILE", "cert.pem", "otlp_tls_cert_file and otlp_tls_key_file go together"),
        ("DOLDRUMS_OTLP_TLS_CLIENT_CA_FILE", "ca.pem", "otlp_tls_client_ca_file needs otlp_tls_cert_file"),
        (
            "DOLDRUMS_API_ADDRESS",
            "127.0.0.1:8501",
            "api_address and dashboard_address are both 127.0.0.1:8501",
        ),
    ],
)
def test_a_wrong_value_is_one_sentence_without_secrets(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)

    sentence = refusal_of()

    assert words in sentence
    assert "hunter2" not in sentence


def test_a_wrong_value_in_the_file_names_the_file() -> None:
    write("segment_bytes_max = -1")

    assert refusal_of() == "segment_bytes_max in doldrums.toml is -1: it should be greater than 0."


def test_a_value_of_another_type_is_said_in_the_files_words() -> None:
    write("data_dir = 5")

    assert refusal_of() == "data_dir in doldrums.toml is 5: it should be a path, as text."


def test_a_file_that_is_not_toml_says_where() -> None:
    write("a = 1\nb = = 2")

    assert refusal_of().startswith("The settings file doldrums.toml is not TOML:")
    assert "line 2" in refusal_of()


def test_a_named_file_has_to_be_there() -> None:
    assert refusal_of(Path("absent.toml")) == (
        "The settings file absent.toml cannot be read: No such file or directory."
    )


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOLDRUMS_STATE_DSN", "postgresql://me:hunter2@db/x")
    monkeypatch.setenv("DOLDRUMS_WEBHOOKS", json.dumps([WEBHOOK]))

    shown = repr(load_settings()) + repr(load_settings().webhooks)

    assert "hunter2" not in shown
    assert SECRET not in shown


def test_days_of_projects_are_read_from_both(monkeypatch: pytest.MonkeyPatch) -> None:
    config = write("retention_d_of_projects = { shop = 7 }")
    assert load_settings(config).retention_d_of_projects == {"shop": 7}

    monkeypatch.setenv("DOLDRUMS_RETENTION_D_OF_PROJECTS", "shop=90, bank = 1, ever=0")
    settings = load_settings(config)
    assert settings.retention_d_of_projects == {"shop": 90, "bank": 1, "ever": 0}
    assert Settings.model_validate_json(settings.model_dump_json()) == settings


@pytest.mark.parametrize("value", ["shop", "shop=", "shop=36501", "Sh op=3", "shop=-1", "shop=2.5", "=3"])
def test_days_that_are_none_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DOLDRUMS_RETENTION_D_OF_PROJECTS", value)

    assert "DOLDRUMS_RETENTION_D_OF_PROJECTS" in refusal_of()
