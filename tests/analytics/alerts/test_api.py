from collections.abc import Iterator

import httpx
import pytest

from analytics.alerts.deliveries import Deliveries
from analytics.api import deliveries
from tests.analytics.alerts.api_server import serving
from tests.analytics.alerts.post_office import PostOffice
from tests.analytics.alerts.receiver import Receiver, status
from tests.analytics.application import application


@pytest.fixture
def client(post: PostOffice) -> Iterator[httpx.Client]:
    app = application(deliveries.router(post.deliveries), project="shop")
    with serving(app) as client:
        yield client


def test_a_trial_is_shown_waiting_and_then_delivered(
    client: httpx.Client, post: PostOffice, receiver: Receiver
) -> None:
    receiver.answer = status(200, body=b"thanks")
    answer = client.post("/api/v1/webhooks/ops/test")
    assert answer.status_code == 202
    waiting = answer.json()
    assert (waiting["state"], waiting["event"], waiting["attempts"]) == ("pending", "webhook.test", 0)

    post.advance(seconds=60)
    post.send()

    [shown] = client.get("/api/v1/deliveries").json()["items"]
    assert shown["id"] == waiting["id"] == receiver.received[0].id
    assert (shown["state"], shown["status_code"], shown["response_body"]) == ("delivered", 200, "thanks")
    assert shown["request_body"].encode() == receiver.received[0].body
    assert receiver.received[0].verify()["type"] == "webhook.test"


def test_a_delivery_is_sent_again_under_its_id_from_the_beginning_of_the_schedule(
    client: httpx.Client, post: PostOffice, receiver: Receiver
) -> None:
    receiver.answer = status(500)
    delivery_id = post.put()
    while (due := post.row(delivery_id).next_attempt) is not None:
        post.now = due
        post.send()
    assert post.delivery(delivery_id).state == "failed"

    answer = client.post(f"/api/v1/deliveries/{delivery_id}/resend")
    assert (answer.status_code, answer.json()["state"]) == (202, "pending")
    post.send()

    delivery = post.delivery(delivery_id)
    assert (delivery.state, delivery.attempts) == ("pending", 11)
    assert {received.id for received in receiver.received} == {delivery_id}


def test_what_was_delivered_can_be_sent_again(
    client: httpx.Client, post: PostOffice, receiver: Receiver
) -> None:
    delivery_id = post.put()
    post.send()
    client.post(f"/api/v1/deliveries/{delivery_id}/resend")
    post.advance(seconds=60)
    post.send()

    assert [received.id for received in receiver.received] == [delivery_id] * 2


def test_deliveries_are_listed_newest_first_page_by_page(client: httpx.Client, post: PostOffice) -> None:
    ids = []
    for _ in range(5):
        ids.append(post.put())
        post.advance(seconds=1)

    first = client.get("/api/v1/deliveries", params={"limit": 3}).json()
    second = client.get("/api/v1/deliveries", params={"limit": 3, "cursor": first["next"]}).json()

    assert [item["id"] for item in [*first["items"], *second["items"]]] == ids[::-1]
    assert second["next"] is None


def test_deliveries_are_narrowed_by_state(client: httpx.Client, post: PostOffice) -> None:
    delivered = post.put()
    post.send()
    post.put()

    [item] = client.get("/api/v1/deliveries", params={"state": "delivered"}).json()["items"]

    assert item["id"] == delivered


def test_a_delivery_to_a_webhook_that_is_gone_is_not_sent_again(post: PostOffice) -> None:
    delivery_id = post.put()
    app = application(deliveries.router(Deliveries(post.engine, ["chat"])), project="shop")
    with serving(app) as client:
        answer = client.post(f"/api/v1/deliveries/{delivery_id}/resend")

    assert (answer.status_code, answer.json()["detail"]) == (409, "No webhook named ops is configured.")


@pytest.mark.parametrize(
    ("method", "path", "code", "detail"),
    [
        ("POST", "/webhooks/unknown/test", 404, "No webhook named unknown is configured."),
        ("POST", "/deliveries/unknown/resend", 404, "There is no delivery of this id."),
        ("POST", "/deliveries/%00/resend", 404, "There is no delivery of this id."),
        ("GET", "/deliveries?cursor=x", 400, "The cursor is not one that this service gave out."),
        ("GET", "/webhooks/ops/test", 405, "Method Not Allowed"),
        ("GET", "/nowhere", 404, "Not Found"),
    ],
)
def test_a_bad_request_is_answered_with_a_problem(
    client: httpx.Client, method: str, path: str, code: int, detail: str
) -> None:
    answer = client.request(method, f"/api/v1{path}")

    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["detail"]) == (code, detail)
