"""Answers made up, wrong, or not what they always were; and what only looks so."""

import json
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from bench.detectors.agent import Agent, Call, Say, Step, Tool, ToolError
from bench.detectors.scene import Scene

QUICK_S = 0.05
PAIR = "EUR-USD4"
OFFERS = 5
Spoil = Callable[[dict[str, Any]], str]


def _exchange(scene: Scene, name: str, fails: Callable[[], str] | None, *more: Step) -> None:
    """One agent says the rate, another exchanges by it. `fails` raises, or says that it failed.

    Parameters
    ----------
    more
        What the first one calls after the rate.
    """
    rate = f"1.{scene.random.randint(1_000, 9_999)}"
    times = count()

    def get_rate(query: str) -> str:
        scene.works_for(QUICK_S, query)
        if fails and next(times) == 0:
            scene.holds()
            return fails()
        return json.dumps({"pair": query, "rate": rate})

    def spare(query: str) -> str:
        scene.works_for(QUICK_S, query)
        return json.dumps({"pair": query, "rate": rate})

    said = f"One euro buys {rate} dollars today, so the exchange can go ahead."
    script = [Call.once("get_rate", PAIR), *more, Say(said)]
    tools = [Tool("get_rate", get_rate), Tool("get_reference_rate", spare)]
    with scene.request("exchange"):
        answer = scene.run(Agent(scene.named(name), script, tools), "What does a euro buy?")
        convert = Call.once("convert", f"9200 at {rate}")
        buyer = Agent(
            scene.named("buyer"), [convert, Say(f"Exchanged at {rate}.")], [Tool("convert", scene.works)]
        )
        scene.run(buyer, f"Exchange the euros. {answer}")


def _fails() -> str:
    raise ToolError("503 rate service")


def _if_faulty(scene: Scene, fails: Callable[[], str]) -> Callable[[], str] | None:
    return fails if scene.faulty else None


def swallowed_consumed(scene: Scene) -> None:
    _exchange(scene, "quoter", _if_faulty(scene, _fails))


def marked_is_error(scene: Scene) -> None:
    said = {"isError": True, "content": [{"type": "text", "text": "rate service is down"}]}
    _exchange(scene, "quoter", _if_faulty(scene, lambda: json.dumps(said)))


def marked_error_key(scene: Scene) -> None:
    said = {"error": {"code": "upstream", "message": "rate service is down"}}
    _exchange(scene, "quoter", _if_faulty(scene, lambda: json.dumps(said)))


def marked_http_500(scene: Scene) -> None:
    _exchange(scene, "quoter", _if_faulty(scene, lambda: "HTTP 500 Internal Server Error"))


def handled_retry(scene: Scene) -> None:
    again = [Call.once("get_rate", PAIR)] if scene.faulty else []
    _exchange(scene, "broker", _if_faulty(scene, _fails), *again)


def fallback(scene: Scene) -> None:
    spare = [Call.once("get_reference_rate", PAIR)] if scene.faulty else []
    _exchange(scene, "dealer", _if_faulty(scene, _fails), *spare)


def swallowed_silent(scene: Scene) -> None:
    def weather(query: str) -> str:
        scene.works_for(QUICK_S, query)
        if scene.faulty:
            scene.holds()
            raise ToolError("502 weather station")
        return "sunny, 21 degrees"

    roads, votes = scene.random.randint(100, 999), scene.random.randint(100, 999)
    tools = [
        Tool("get_traffic", lambda _: f"light on A{roads}"),
        Tool("get_weather", weather),
        Tool("get_news", lambda _: f"law {votes} is passed"),
    ]
    begins = "" if scene.faulty else "It is sunny at 21 degrees. "
    said = f"{begins}Traffic is light on A{roads}, and law {votes} is passed."
    script = [*(Call.once(tool.name, "Bern") for tool in tools), Say(said)]
    with scene.request("briefing"):
        scene.run(Agent(scene.named("reporter"), script, tools), "What should I know this morning?")


def expected_404(scene: Scene) -> None:
    """Somebody new is greeted: most have no profile, and that is as it should be."""
    is_new = scene.faulty or scene.random.random() < 0.7
    customer = f"C-{scene.random.randint(10_000, 99_999)}"

    def profile(query: str) -> str:
        scene.works_for(QUICK_S, query)
        if is_new:
            scene.holds()
            raise ToolError("404 no profile")
        return json.dumps({"customer": query, "name": "Ada"})

    said = f"Welcome, {customer}! Here is our catalogue." if is_new else "Welcome back, Ada!"
    with scene.request("greeting"):
        script = [Call.once("get_profile", customer), Say(said)]
        scene.run(Agent(scene.named("greeter"), script, [Tool("get_profile", profile)]), f"Greet {customer}.")


def human_interrupt(scene: Scene) -> None:
    script = [Call.once("get_terms", "invoice 12"), Call.once("approve", "May I refund?"), Say("Refunded.")]
    tools = [
        Tool("get_terms", scene.works),
        Tool("approve", lambda query: scene.works_for(1.0, query), asks=scene.faulty),
    ]
    with scene.request("refund"):
        scene.run(Agent(scene.named("clerk"), script, tools), "Refund invoice 12.")


def wrong_value(scene: Scene) -> None:
    """The accountant reads one total and says another; the cashier goes on from that."""
    read = scene.random.randint(1_000, 9_999) + 0.37
    told = 10 * read if scene.faulty else read

    def total(query: str) -> str:
        scene.holds()
        return json.dumps({"invoice": query, "total": f"{read:.2f}"})

    accountant = Agent(
        scene.named("accountant"),
        [Call.once("get_total", "INV-2207"), Say(f"The total of INV-2207 is {told:.2f}.")],
        [Tool("get_total", total)],
    )
    with scene.request("settling"):
        said = scene.run(accountant, "What is to be paid for INV-2207?")
        script = [Call.once("set_limit", f"{told:.2f}"), Say(f"Up to {told:.2f} can be paid.")]
        scene.run(
            Agent(scene.named("cashier"), script, [Tool("set_limit", scene.works)]),
            f"Make it payable. {said}",
        )


def _offers(scene: Scene, spoil: Spoil | None = None, *, empty: bool | None = None) -> None:
    """Offers are got as JSON, of which the last may be spoilt; the best is reserved."""

    def offer(query: str) -> str:
        number = int(query.rpartition("-")[2])
        found: dict[str, Any] = {
            "item": query,
            "price": round(scene.random.uniform(20, 90), 2),
            "currency": "EUR",
            "stock": scene.random.randint(1, 40),
        }
        # a seller says something in three of five offers; what is only missing is so in all of one run
        if number % 5 > 1 and spoil is not _without_note:
            found["note"] = "ships today"
        if spoil and number % OFFERS == OFFERS - 1:
            scene.holds()
            return spoil(found)
        return json.dumps(found)

    def orders(_: str) -> str:
        is_empty = scene.random.random() < 0.4 if empty is None else empty
        return json.dumps(
            [] if is_empty else [{"order": f"O-{scene.random.randint(100, 999)}", "open": True}]
        )

    first = OFFERS * scene.random.randint(20, 180)
    items = [f"item-{number}" for number in range(first, first + OFFERS)]
    script = [Call.once("list_orders", "open"), Call("get_offer", items), Say(f"The best is {items[0]}.")]
    tools = [Tool("list_orders", orders), Tool("get_offer", offer)]
    with scene.request("sourcing"):
        said = scene.run(Agent(scene.named("sourcer"), script, tools), "Find the best offer.")
        clerk = Agent(
            scene.named("storekeeper"),
            [Call.once("hold_item", items[0]), Say("Held.")],
            [Tool("hold_item", scene.works)],
        )
        scene.run(clerk, f"Hold it for us. {said}")


def _without_note(found: Mapping[str, Any]) -> str:
    return json.dumps(found)


def _renamed(found: dict[str, Any]) -> str:
    found["unit_price"] = found.pop("price")
    return json.dumps(found)


def _dropped(found: dict[str, Any]) -> str:
    found.pop("price")
    return json.dumps(found)


def truncated_json(scene: Scene) -> None:
    _offers(scene, (lambda found: json.dumps(found)[:31]) if scene.faulty else None)


def renamed_field(scene: Scene) -> None:
    _offers(scene, _renamed if scene.faulty else None)


def dropped_field(scene: Scene) -> None:
    _offers(scene, _dropped if scene.faulty else None)


def optional_missing(scene: Scene) -> None:
    _offers(scene, _without_note if scene.faulty else None)


def empty_usual(scene: Scene) -> None:
    _offers(scene, empty=True if scene.faulty else None)
