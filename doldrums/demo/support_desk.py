"""The support desk: triage hands a ticket to support or to billing."""

from doldrums.demo.chance import Chance
from doldrums.demo.script import Agent, Fault, HandOff, Move, Part, Run, Use

TRIAGE = Agent("triage", "openai", "gpt-5-nano", "You find out what a ticket is about.")
SUPPORT = Agent("support", "openai", "gpt-5-mini", "You help customers with their orders.")
BILLING = Agent("billing", "openai", "gpt-5-mini", "You help customers with invoices and refunds.")

_ORDER_TICKETS = (
    ("has not arrived", "It is at the depot and comes tomorrow."),
    ("came with a broken part", "A new part is on its way."),
    ("goes to an old address", "The address is changed; it ships today."),
)
_BILLING_TICKETS = (
    ("was charged twice", "The second charge is refunded."),
    ("lacks a VAT number on its invoice", "A corrected invoice is in your account."),
)
_GATEWAY_DOWN = Fault("GatewayTimeout", "504: the payment gateway did not answer", fatal=True)


def ticket(chance: Chance) -> Run:
    """Return a ticket; one in twenty-four meets a payment gateway that is down, and fails."""
    order = chance.number(10_000, 99_999)
    is_billing = chance.one_in(3)
    problem, answer = chance.pick(_BILLING_TICKETS if is_billing else _ORDER_TICKETS)
    asked = f"Order {order} {problem}"
    agent = BILLING if is_billing else SUPPORT
    sort: tuple[Move, ...] = (
        *chance.think(asked, f"This is for {agent.name}.", 0.3, 0.7),
        HandOff(agent.name, asked),
    )
    solve = _refund(chance, order) if is_billing else _look_up(chance, order)
    answered = chance.think(f"{asked}. What do we answer?", answer, 0.5, 1.2)
    parts = (Part(TRIAGE, asked, sort), Part(agent, asked, (*solve, *answered), on_call=True))
    return Run("resolve_ticket", f"ticket-{chance.number(10_000, 99_999)}", parts)


def _look_up(chance: Chance, order: int) -> tuple[Move, ...]:
    return (
        chance.use("lookup_order", {"order": order}, "shipped, depot 7", 0.15, 0.4),
        chance.use("search_help_center", {"query": "delivery times"}, "2 articles", 0.2, 0.5),
    )


def _refund(chance: Chance, order: int) -> tuple[Move, ...]:
    invoice = chance.use("lookup_invoice", {"order": order}, "2 charges of 49.90 EUR", 0.15, 0.4)
    if chance.one_in(8):
        return (invoice, Use("issue_refund", {"order": order}, "", chance.seconds(1.0, 1.6), _GATEWAY_DOWN))
    return (invoice, chance.use("issue_refund", {"order": order}, "refunded 49.90 EUR", 0.3, 0.8))
