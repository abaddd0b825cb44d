"""Payments made twice, by what the ledger of the server says; and what only looks so."""

from collections.abc import Callable

from bench.detectors.agent import Agent, Call, Say, Tool
from bench.detectors.payment_server import Lateness, PaymentServer
from bench.detectors.scene import Scene


def _invoice(scene: Scene) -> str:
    return f"INV-{scene.random.randint(10_000, 99_999)} of {scene.random.randint(100, 999)}.50 EUR"


def _pays(scene: Scene, server: PaymentServer) -> Tool:
    def pay(query: str) -> str:
        scene.works_for(0.05, query)
        scene.holds()
        invoice, _, key = query.partition(", idempotency_key ")
        return server.pay(invoice=invoice, key=key)

    return Tool("pay_invoice", pay)


def _paid(scene: Scene, server: PaymentServer, query: str, agents: dict[str, int]) -> None:
    """Let each of the agents, by name, pay so often."""
    with server:
        for name, times in agents.items():
            script = [Call.once("pay_invoice", query)] * times
            scene.run(
                Agent(scene.named(name), [*script, Say("Paid.")], [_pays(scene, server)]), f"Pay {query}."
            )
    scene.ledger = len(server.ledger)


def _after(scene: Scene, late: Lateness, *, key: bool = False) -> None:
    """Pay, and once more when nobody has answered."""
    query = _invoice(scene) + (f", idempotency_key pay-{scene.random.randint(1_000, 9_999)}" if key else "")
    server = PaymentServer(late if scene.faulty else "", tells_apart="key" if key else "")
    with scene.request("payment"):
        _paid(scene, server, query, {"clerk": 2 if scene.faulty else 1})


def paid_after_timeout(scene: Scene) -> None:
    _after(scene, "after")


def paid_before_timeout(scene: Scene) -> None:
    _after(scene, "before")


def paid_with_key(scene: Scene) -> None:
    _after(scene, "after", key=True)


def _by_two(scene: Scene, *, tells_apart: str) -> None:
    both = {"clerk": 1, "closer": 1} if scene.faulty else {"clerk": 1}
    with scene.request("payment"):
        _paid(scene, PaymentServer(tells_apart=tells_apart), _invoice(scene), both)


def paid_by_two(scene: Scene) -> None:
    _by_two(scene, tells_apart="")


def paid_once_by_two(scene: Scene) -> None:
    _by_two(scene, tells_apart="invoice")


def read_again(scene: Scene) -> None:
    def balance(server: PaymentServer) -> Callable[[str], str]:
        def read(_: str) -> str:
            scene.holds()
            return server.balance()

        return read

    with scene.request("statement"), PaymentServer("after" if scene.faulty else "") as server:
        times = 2 if scene.faulty else 1
        script = [*[Call.once("get_balance", "account 8841")] * times, Say("The balance is 10000.00.")]
        scene.run(
            Agent(scene.named("clerk"), script, [Tool("get_balance", balance(server))]), "What is left?"
        )
