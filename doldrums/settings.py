"""Every setting of the service: its name, default, unit and reason.

Values come from the environment and from doldrums.toml, see `doldrums.configuration`.
"""

import os
from collections import Counter
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from analytics.alerts.webhook import Webhook
from analytics.api.models import PROJECT_FORM
from analytics.contracts.user import UserContract
from analytics.series.defaults import BUDGET, DAYS, DAYS_MIN
from collector.keys.key import PROJECT_DEFAULT
from collector.redaction.own import OwnRule
from doldrums.address import Address
from doldrums.logs import LogForm
from doldrums.setting_types import (
    AlarmBudget,
    DaysOfProjects,
    DriftReference,
    Endpoint,
    File,
    Folder,
    Listen,
    Origins,
    PathPrefixes,
    RetentionDays,
    RuleNames,
    Token,
    one_of,
)

ENVIRONMENT_PREFIX = "DOLDRUMS_"
MIB = 1024**2
GIB = 1024**3


def default_data_dir() -> Path:
    """Return the user's own data folder (XDG Base Directory Specification 0.8)."""
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share") / "doldrums"


class Settings(BaseSettings):
    """What a process is told; nothing below the composition reads the environment."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=ENVIRONMENT_PREFIX, env_ignore_empty=True
    )

    data_dir: Folder = Field(
        default_factory=default_data_dir,
        validate_default=True,
        description="Folder of all that is kept: journal, store, findings. "
        "One service at a time has it open. The default, `$XDG_DATA_HOME/doldrums` "
        "or else `~/.local/share/doldrums`, needs no rights beyond the user's.",
    )
    otlp_grpc_address: Listen = Field(
        default=Address("127.0.0.1", 4317),
        description="Address of OTLP/gRPC, host:port. An address that others reach needs "
        "an API key: `doldrums keys create`. Port 0 picks a free one, which `run.json` then says.",
    )
    otlp_http_address: Listen = Field(
        default=Address("127.0.0.1", 4318),
        description="Address of OTLP/HTTP (protobuf and JSON), host:port.",
    )
    otlp_tls_cert_file: File | None = Field(
        default=None,
        description="Certificate (PEM, with its chain) that OTLP over gRPC and HTTP is served with, TLS 1.2 "
        "or newer; `otlp_tls_key_file` goes with it. Read at the start: restart when it was renewed.",
    )
    otlp_tls_key_file: File | None = Field(
        default=None, description="Private key (PEM, without a password) of that certificate."
    )
    otlp_tls_client_ca_file: File | None = Field(
        default=None,
        description="Certificates (PEM) of who signs clients' certificates. With it clients have to show one "
        "(mTLS), those who ask for `/healthz` too.",
    )
    otlp_path_prefixes: PathPrefixes = Field(
        default=(),
        description="Prefixes under which OTLP/HTTP is taken too: `/collector` for `/collector/v1/traces`. "
        "In the environment separated by commas. `/api/public/otel`, Langfuse's, is always one.",
    )
    otlp_cors_allowed_origins: Origins = Field(
        default=(),
        description="Origins of web pages that may send to OTLP/HTTP; `*` stands for any text, as in "
        "`https://*.example.com`. In the environment separated by commas. Without it no page may.",
    )
    otlp_connections_max: PositiveInt = Field(
        default=1_000,
        description="HTTP connections at once. One more closes the one whose request has been incomplete for "
        "longest, or else the one idle for longest.",
    )
    otlp_request_s_max: PositiveInt = Field(
        default=10,
        description="Seconds in which a request over HTTP has to come, the head and then the body, and a new "
        "connection over either transport has to say something. Exporters give up after 10 s themselves.",
    )
    otlp_idle_s_max: PositiveInt = Field(
        default=75,
        description="Seconds for which a connection stays open without a request.",
    )
    api_address: Listen = Field(
        default=Address("127.0.0.1", 8080),
        description="Address of the API, host:port. The dashboard calls it there.",
    )
    dashboard_address: Listen = Field(
        default=Address("127.0.0.1", 8501),
        description="Address of the dashboard, host:port.",
    )
    clickhouse_dsn: Annotated[str, one_of("chdb:///")] = Field(
        default_factory=lambda known: f"chdb://{known['data_dir'] / 'store'}",
        repr=False,
        description="Store of spans. The default, `chdb://DATA_DIR/store`, is the ClickHouse engine inside "
        "the service; a ClickHouse server cannot be used yet.",
    )
    state_dsn: Annotated[str, one_of("sqlite:///", "postgresql+psycopg://", "postgresql://")] = Field(
        default_factory=lambda known: f"sqlite:///{known['data_dir'] / 'state.db'}",
        repr=False,
        description="Database of findings and deliveries. The default is SQLite: "
        "`sqlite:///DATA_DIR/state.db`; "
        "`postgresql+psycopg://user:password@host/database` for PostgreSQL, "
        "whose driver `uv sync --extra postgresql` installs.",
    )
    webhooks: tuple[Webhook, ...] = Field(
        default=(),
        repr=False,
        description="Where findings are posted to: a list of `name`, `url` and `secret` "
        "(`whsec_` and the base64 of 24 to 64 random bytes, as Standard Webhooks signs). "
        "In the environment a JSON list.",
    )
    allow_anonymous: bool = Field(
        default=False,
        description="Whether requests without an API key are served at any address, for the project "
        "`default`. Without it they are served on loopback alone, and only until the first key is made.",
    )
    api_key: str = Field(
        default="",
        repr=False,
        description="API key that `doldrums keys`, `replay` and `dashboard` show, where the service is on "
        "another machine; on its own they need none.",
    )
    dashboard_project: Annotated[str, Field(pattern=PROJECT_FORM)] = Field(
        default=PROJECT_DEFAULT,
        description="Project that the dashboard shows. It asks nobody who they are: put a proxy that does "
        "before an address that others reach.",
    )
    key_requests_per_s: NonNegativeInt = Field(
        default=0,
        description="Requests a second that an API key may send in the long run, unless it was made with a "
        "rate of its own; 0 for no limit. Past it they are answered 429 with Retry-After.",
    )
    key_spans_per_s: NonNegativeInt = Field(
        default=0, description="Spans and log records a second, in the same way."
    )
    key_bytes_per_s: NonNegativeInt = Field(
        default=0, description="Bytes of request bodies a second, decompressed, in the same way."
    )
    segment_bytes_max: PositiveInt = Field(
        default=32 * MIB,
        description="Bytes of a journal segment before it is sealed: one segment is one part of the store.",
    )
    segment_age_ms_max: PositiveInt = Field(
        default=250,
        description="Milliseconds from a segment's first record until it is sealed: "
        "short, because only sealed spans can be queried.",
    )
    body_bytes_max: PositiveInt = Field(
        default=64 * MIB,
        description="Bytes of one request, before and after decompression; a larger one is answered 413.",
    )
    spans_per_request_max: PositiveInt = Field(
        default=50_000,
        description="Spans in one request, counted before it is parsed: "
        "parsing 10 MB of empty spans takes 859 MB of memory.",
    )
    elements_per_request_max: PositiveInt = Field(
        default=1_000_000,
        description="Attributes, events, links and array items of one request together, "
        "counted before it is parsed: 20 for every span of the largest.",
    )
    attributes_max: PositiveInt = Field(
        default=1_024,
        description="Attributes, events and links kept of one span; the rest is cut with a mark.",
    )
    value_bytes_max: PositiveInt = Field(
        default=256 * 1024,
        description="Bytes kept of one attribute's value; the rest is cut with a mark.",
    )
    redaction_off: RuleNames = Field(
        default=(),
        description="Rules of redaction that are turned off, by their names in docs/redaction.md. "
        "In the environment separated by commas.",
    )
    redaction_on: RuleNames = Field(
        default=(), description="Rules that are off by default and are turned on, in the same way."
    )
    redaction_rules: tuple[OwnRule, ...] = Field(
        default=(),
        description="Rules of your own: a list of `name`, which the mark shows, and `pattern` (RE2); what it "
        "matches in a text is replaced before it is stored. In the environment a JSON list.",
    )
    contracts: tuple[UserContract, ...] = Field(
        default=(),
        description="Contracts that calls are held against: a list of `schema` (JSON Schema, as a table or "
        "as text), `tool`, `handoff` or `agent`, and `side`, `input` or `output`: docs/contracts.md. In the "
        "environment a JSON list.",
    )
    contracts_dir: Folder | None = Field(
        default=None,
        description="Folder of such contracts, one or more in each `.json` file, as "
        "`doldrums contracts export` writes them. Read at the start.",
    )
    drift_budget: AlarmBudget = Field(
        default=BUDGET,
        description="How many false alarms of drift are put up with, in words, for all series of a project "
        "together: `3 a week`, `one per quarter`. What is measured so often and so long that it alarms by "
        "chance is told that rarely; fewer false alarms take longer to find what is true.",
    )
    drift_reference: DriftReference = Field(
        default="learned",
        description="What series are compared with: `learned`, their first days, or those since their drift "
        "was accepted; `sliding`, the last days, learned anew every week, so that what changes slowly is not "
        "found; or `2026-11-01..2026-11-29`, those days (UTC, the last one not), whatever comes.",
    )
    drift_reference_days: Annotated[int, Field(ge=7, le=60)] = Field(
        default=DAYS, description="Days of a reference that is learned or slides."
    )
    drift_reference_days_min: Annotated[int, Field(ge=3, le=60)] = Field(
        default=DAYS_MIN,
        description="Days after which a series is watched by what was learned so far. With fewer than 14, "
        "and no weekend in them, there are more false alarms than the budget says.",
    )
    journal_bytes_max: PositiveInt = Field(
        default=20 * GIB,
        description="Bytes of journal that are not loaded yet, and of quarantine; past it requests are "
        "answered 503 with Retry-After, never dropped silently.",
    )
    free_bytes_min: NonNegativeInt = Field(
        default=2 * GIB,
        description="Bytes that stay free on the disk of the data folder; below, requests are answered 503. "
        "The engine may lose what it writes to a full disk.",
    )
    free_ratio_min: Annotated[float, Field(ge=0, lt=1)] = Field(
        default=0.1,
        description="Share of that disk that stays free, 0 to 1; the larger of the two floors counts.",
    )
    archive_bytes_max: NonNegativeInt = Field(
        default=5 * GIB,
        description="Bytes of loaded segments that are kept, compressed, to be replayed; the oldest go "
        "first.",
    )
    archive_age_h_max: NonNegativeInt = Field(
        default=24,
        description="Hours for which loaded segments are kept to be replayed.",
    )
    retention_d: RetentionDays = Field(
        default=30,
        description="Days for which spans, their logs and texts are kept after the day on which they were "
        "received; then they are deleted for good. 0 keeps them for ever: the disk fills, and takes no more.",
    )
    retention_d_of_projects: DaysOfProjects = Field(
        default={},
        description="Projects that keep theirs shorter or longer (0: for ever). In the environment "
        "`NAME=DAYS`, separated by commas; in the file `{ NAME = DAYS }`.",
    )
    history_age_d_max: PositiveInt = Field(
        default=90,
        description="Days for which the state database keeps resolved findings and finished deliveries. "
        "What is open or waits is kept however old.",
    )
    history_rows_max: PositiveInt = Field(
        default=100_000,
        description="Findings, and deliveries, that the state database keeps; of more the oldest that are "
        "over go sooner.",
    )
    metrics_token: Token | None = Field(
        default=None,
        repr=False,
        description="Secret with which Prometheus reads `/metrics` of the API and of OTLP/HTTP, as "
        "`Authorization: Bearer`; 16 characters at least. Without one only this machine may read them.",
    )
    own_traces_endpoint: Endpoint | None = Field(
        default=None,
        repr=False,
        description="OTLP/HTTP endpoint to which doldrums sends traces of its own work, "
        "`http://collector:4318`; never its own. `OTEL_*` variables are not read: they are for agents.",
    )
    log_form: LogForm = Field(
        default="auto",
        description="Form of the log on standard error: `json`, one object a line; `text`, to be read; "
        "`auto`, text on a terminal and JSON elsewhere.",
    )
    demo: bool = Field(
        default=False,
        description="Whether the data folder holds demo data, which the dashboard then says on every page. "
        "`doldrums demo` sets it.",
    )

    @model_validator(mode="after")
    def _names_and_addresses_are_distinct(self) -> Self:
        fixed = Counter(str(address) for address in self.addresses().values() if address.port)
        for address in (text for text, times in fixed.items() if times > 1):
            names = [name for name, value in self.addresses().items() if str(value) == address]
            raise ValueError(f"{' and '.join(names)} are both {address}: give each a port of its own")
        if len({webhook.name for webhook in self.webhooks}) < len(self.webhooks):
            raise ValueError("webhooks has two of the same name: give each a name of its own")
        if len({rule.name for rule in self.redaction_rules}) < len(self.redaction_rules):
            raise ValueError("redaction_rules has two of the same name: give each a name of its own")
        return self

    @model_validator(mode="after")
    def _certificate_and_key_come_together(self) -> Self:
        if (self.otlp_tls_cert_file is None) != (self.otlp_tls_key_file is None):
            raise ValueError("otlp_tls_cert_file and otlp_tls_key_file go together: set both or neither")
        if self.otlp_tls_client_ca_file and not self.otlp_tls_cert_file:
            raise ValueError("otlp_tls_client_ca_file needs otlp_tls_cert_file and otlp_tls_key_file")
        return self

    def addresses(self) -> dict[str, Address]:
        """Return what is listened on, by the name of the setting."""
        return {name: value for name, value in self if isinstance(value, Address)}

    def reachable(self) -> dict[str, Address]:
        """Return at which addresses others can send spans or read them, by the name of the setting."""
        served = {name: value for name, value in self.addresses().items() if name != "dashboard_address"}
        return {name: address for name, address in served.items() if not address.is_loopback}

    @property
    def otlp_http_url(self) -> str:
        """Where an exporter on this machine sends to."""
        return self.otlp_http_address.url_of("https" if self.otlp_tls_cert_file else "http")

    @property
    def otlp_grpc_url(self) -> str:
        """The same over gRPC."""
        return self.otlp_grpc_address.url_of("https" if self.otlp_tls_cert_file else "http")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from the caller alone: which source wins is decided in one place, the configuration."""
        return (init_settings,)
