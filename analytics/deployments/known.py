"""Known changes: deployments that were reported, and changes that were seen."""

from collections.abc import Callable, Sequence

from analytics.api.models import Deployment
from analytics.deployments.ledger import DeploymentLedger
from analytics.deployments.seen import seen_changes
from analytics.period import Period
from collector.store.store import Store

Changes = Callable[[str, Period], Sequence[Deployment]]


def known_changes(store: Store, ledger: DeploymentLedger) -> Changes:
    """Return what returns the changes of a project in a period, the latest first."""

    def changes(project: str, period: Period) -> Sequence[Deployment]:
        every = [*ledger.list(project, period.start, period.end), *seen_changes(store, project, period)]
        return sorted(every, key=lambda one: one.at, reverse=True)

    return changes
