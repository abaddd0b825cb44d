"""Composes the core: the store and all that reads it. One process owns the store."""

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version

import structlog
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from analytics.alerts.deliveries import Deliveries
from analytics.alerts.message import Links
from analytics.alerts.sender import Sender
from analytics.api import chains as chains_api
from analytics.api import checklist as checklist_api
from analytics.api import contracts as contracts_api
from analytics.api import deliveries as deliveries_api
from analytics.api import deployments as deployments_api
from analytics.api import drift_comparison as drift_comparison_api
from analytics.api import erasures as erasures_api
from analytics.api import findings as findings_api
from analytics.api import flows as flows_api
from analytics.api import health as health_api
from analytics.api import journal as journal_api
from analytics.api import keys as keys_api
from analytics.api import metrics as metrics_api
from analytics.api import open_spans as open_spans_api
from analytics.api import root_causes as root_causes_api
from analytics.api import series as series_api
from analytics.api import stats as stats_api
from analytics.api import suspects as suspects_api
from analytics.api import traces as traces_api
from analytics.api import waits as waits_api
from analytics.api.app import create_app
from analytics.chains.reader import ChainReader
from analytics.checklist.reader import check
from analytics.checklist.version_seen import version_seen
from analytics.contracts.reader import ContractReader
from analytics.deployments.known import known_changes
from analytics.deployments.ledger import DeploymentLedger
from analytics.detectors import DETECTORS
from analytics.findings.ledger import FindingLedger
from analytics.flow.reader import read_said
from analytics.keys.gatekeeper import Gatekeeper
from analytics.keys.ledger import KeyLedger
from analytics.rootcause.reader import compare_roots
from analytics.series.accepted import AcceptedDrifts
from analytics.series.comparing import compare
from analytics.series.monitor import Monitor
from analytics.series.reader import SeriesReader
from analytics.state.database import open_state
from analytics.state.errors import StateError
from analytics.state.history import forget
from analytics.suspects.reader import read_suspects
from analytics.traces.reader import TraceReader
from analytics.watch import Watch
from collector.errors import StoreUnavailable, UpgradeFailed
from collector.exposition import Exposition
from collector.journal.segment import Folders
from collector.keys.key import Rates
from collector.keys.key_file import FILE_NAME as KEYS_FILE_NAME
from collector.loader.gate import Gate
from collector.store.migrate import migrate
from collector.store.store import Store, open_store
from doldrums.configuration import variable
from doldrums.contracts import user_contracts
from doldrums.core_metrics import CoreMetrics
from doldrums.deletion import Deletion, kept_days
from doldrums.drift import drift_policy
from doldrums.errors import UserError
from doldrums.journal.files import replay_file
from doldrums.loading import archive, keeper, loading, replay
from doldrums.local_keys import read_local_keys
from doldrums.own_traces import own_traces_sent
from doldrums.periodic import Periodic
from doldrums.readiness import Readiness
from doldrums.service_stats import ServiceStats
from doldrums.settings import Settings
from doldrums.stopping import told_to_stop

log = structlog.get_logger(__name__)

# Of the 5 s that the supervisor grants: what is still sealed then is loaded at the next start.
_DRAIN_S_MAX = 1.5
_STOP_S_MAX = 1.0
# What it had begun to load again is finished at the next start.
_KEEPER_S_MAX = 0.3
_FORGET_EVERY_S = 3600.0
# Objects made before garbage is looked for. A look makes a million that are no garbage: 0.9 of 4.4 s less.
GARBAGE_EVERY = 100_000
# Loading is heavy and may wait; an agent that waits for its acknowledgement may not.
_NICENESS = 10


def run(settings: Settings) -> None:
    """Load, watch, alert and answer until SIGTERM or SIGINT."""
    told = told_to_stop()
    os.nice(_NICENESS)
    gc.set_threshold(GARBAGE_EVERY, 10, 10)
    state = _opened_state(settings)
    keys = KeyLedger(state)
    gatekeeper = _gatekeeper(settings, keys)
    store = _opened(settings)
    core = Core(settings, store, state, keys, gatekeeper)
    threading.Thread(target=_stop_when, args=(told, core), name="stop", daemon=True).start()
    with own_traces_sent(settings.own_traces_endpoint):
        core.run()
    store.close()
    if core.damage is not None:
        raise core.damage


def _stop_when(told: threading.Event, core: "Core") -> None:
    told.wait()
    core.stop()


def _opened(settings: Settings) -> Store:
    try:
        store = open_store(settings.clickhouse_dsn)
        applied = migrate(store)
    except StoreUnavailable as error:
        log.warning("store_not_opened", reason=getattr(error, "__notes__", str(error.__cause__)))
        raise UserError(str(error)) from error
    except UpgradeFailed as error:
        log.error(  # noqa: TRY400 the traceback follows
            "store_not_upgraded",
            reason=str(error),
            safe="nothing is lost, and what arrives is kept in the journal",
            action="the core tries again; an upgrade that copies a table needs room for it on the disk",
        )
        raise
    log.info("store_opened", migrations=applied)
    return store


def _opened_state(settings: Settings) -> Engine:
    try:
        return open_state(settings.state_dsn)
    except StateError as error:
        raise UserError(str(error)) from error


def _gatekeeper(settings: Settings, ledger: KeyLedger) -> Gatekeeper:
    """Publish the keys, so that the receiver can let callers in before the store is open."""
    gatekeeper = Gatekeeper(
        ledger,
        settings.data_dir / KEYS_FILE_NAME,
        read_local_keys(settings.data_dir).keys(settings.dashboard_project),
        Rates(settings.key_requests_per_s, settings.key_spans_per_s, settings.key_bytes_per_s),
        anonymous_always=settings.allow_anonymous,
        anonymous_at_first=not settings.reachable(),
    )
    gatekeeper.refresh()
    if not (gatekeeper.any_was_made or settings.allow_anonymous):
        for name, address in settings.reachable().items():
            raise UserError(
                f"{variable(name)} is {address}, which others can reach, and there is no API key: start once "
                "without it, run `doldrums keys create` here, and start again "
                f"(or, where nobody else can get in, set {variable('allow_anonymous')}=true)."
            )
    return gatekeeper


class Core:
    """The parts of the process and the order in which they start and stop."""

    def __init__(
        self, settings: Settings, store: Store, state: Engine, keys: KeyLedger, gatekeeper: Gatekeeper
    ) -> None:
        folders = Folders(settings.data_dir)
        folders.create()
        names = [webhook.name for webhook in settings.webhooks]
        links = Links(settings.api_address.reachable.url, settings.dashboard_address.reachable.url)
        ledger = FindingLedger(state, names, links)
        self.damage: BaseException | None = None
        gate, kept = Gate(), archive(settings)
        self._loading = loading(settings, store, folders, gate, self._on_damage)
        self._replay = replay(settings, store, self._on_damage, gate)
        self._keeper = keeper(settings, store, kept, self._replay, self._on_damage)
        contracts = user_contracts(settings)
        deployments, accepted, policy = DeploymentLedger(state), AcceptedDrifts(state), drift_policy(settings)
        changes = known_changes(store, deployments)
        monitor = Monitor(store, policy, changes, accepted.accepted_from, kept_days(settings))
        self._watch = Watch(store, ledger, DETECTORS, self._loading.progress.reached, contracts, monitor)
        self._deletion = Deletion(
            settings,
            store,
            state,
            kept,
            self._replay,
            self._watch,
            gate,
            self._on_damage,
            compared=lambda: self._keeper.compared,
        )
        self._sender = Sender(state, settings.webhooks)
        self._forgetting = Periodic("forget-history", partial(_forget, settings, state), _FORGET_EVERY_S)
        self._gatekeeper = gatekeeper
        self._stopping = threading.Event()
        progress = self._loading.progress
        readiness = Readiness(settings.data_dir, progress, self._watch, self._stopping)
        metrics = CoreMetrics(folders, progress, self._watch, readiness, ledger, state)
        exposition = Exposition(metrics, settings.metrics_token)
        beside = health_api.router(readiness.problems)
        beside.include_router(metrics_api.router(exposition))
        stats = ServiceStats(
            settings,
            store,
            folders,
            self._watch,
            ledger,
            _version(),
            deleted=lambda: self._deletion.retention.deleted,
        )
        app = create_app(
            _version(),
            [
                stats_api.router(stats.read),
                traces_api.router(partial(TraceReader, store)),
                flows_api.router(partial(read_said, store)),
                suspects_api.router(partial(read_suspects, store)),
                open_spans_api.router(lambda: self._watch.looks.verdicts),
                waits_api.router(lambda: self._watch.looks.waits, ledger),
                chains_api.router(partial(ChainReader, store)),
                root_causes_api.router(partial(compare_roots, store)),
                contracts_api.router(partial(ContractReader, store, contracts)),
                series_api.router(partial(SeriesReader, store, changes, accepted, policy), accepted),
                deployments_api.router(deployments, changes),
                checklist_api.router(partial(check, store, ledger), partial(version_seen, store)),
                drift_comparison_api.router(partial(compare, store, self._deletion.first_sketched)),
                findings_api.router(ledger),
                deliveries_api.router(Deliveries(state, names, links)),
                journal_api.router(partial(replay_file, self._replay, folders)),
                keys_api.router(keys, gatekeeper.refresh),
                erasures_api.router(self._deletion.erasures, self._deletion.eraser.preview),
            ],
            beside,
            gatekeeper,
        )
        self._server = _server(app, settings)

    def run(self) -> None:
        """Serve until `stop` is called or the store proves damaged."""
        self._gatekeeper.start()
        self._loading.start()
        self._keeper.start()
        self._watch.start()
        self._sender.start()
        self._forgetting.start()
        self._deletion.start()
        self._server.run()
        self._stopping.set()
        self._keeper.stop(_KEEPER_S_MAX)
        self._gatekeeper.stop()
        # not waited for: what it has not forgotten by now, the next start does
        self._forgetting.stop(timeout_s=0)
        self._deletion.stop()
        self._loading.drain(_DRAIN_S_MAX)
        self._loading.stop(_STOP_S_MAX)
        self._watch.stop(_STOP_S_MAX)
        self._sender.stop()

    def stop(self) -> None:
        """Ask `run` to return."""
        self._server.should_exit = True

    def _on_damage(self, error: BaseException) -> None:
        self.damage = error
        self.stop()


def _forget(settings: Settings, state: Engine) -> None:
    rows = forget(
        state, datetime.now(UTC) - timedelta(days=settings.history_age_d_max), settings.history_rows_max
    )
    if rows:
        log.info("history_forgotten", rows=rows)


class _Server(uvicorn.Server):
    """Leaves signals to the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server(app: FastAPI, settings: Settings) -> uvicorn.Server:
    address = settings.api_address
    config = uvicorn.Config(
        app,
        host=address.host,
        port=address.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    return _Server(config)


def _version() -> str:
    return version("doldrums")
