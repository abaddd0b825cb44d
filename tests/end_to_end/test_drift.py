"""An agent whose calls begin to take longer, sent by a real exporter: a webhook tells of it."""

import json
import os
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from tests.end_to_end.webhook_receiver import WebhookReceiver
from tests.service import Service, until

CALLS_AN_HOUR, SLOWER_H = 40, 8
TOLD_S_MAX = 400
PROMPT = "You write code. Answer in one paragraph."
# the machine that runs the tests may be slow to count a hundred hours
pytestmark = pytest.mark.timeout(1500)


def send(service: Service, first: datetime, hours: int) -> None:
    """Calls of two agents; of one a prompt, with which calls take four times as long, took over at last."""
    exporter = OTLPSpanExporter(f"{service.url('otlp_http')}/v1/traces", timeout=60)
    provider = TracerProvider(resource=Resource({"service.name": "desk"}))
    provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=50_000))
    tracer, chance = provider.get_tracer("desk"), np.random.default_rng(5)
    for hour, agent in product(range(hours), ("clerk", "coder")):
        factor = 4 if agent == "coder" and hour >= hours - SLOWER_H else 1
        named = {"gen_ai.agent.name": agent, "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5"}
        prompt = PROMPT + (" Think for long before you answer." if factor > 1 else "")
        named["gen_ai.system_instructions"] = json.dumps([{"type": "text", "content": prompt}])
        for second in chance.uniform(0, 3_500, CALLS_AN_HOUR):
            start = first + timedelta(hours=hour, seconds=second)
            span = tracer.start_span("chat gpt-5", attributes=named, start_time=_ns(start))
            span.end(_ns(start + timedelta(seconds=chance.lognormal(-1, 0.6) * factor)))
    provider.shutdown()


def _ns(at: datetime) -> int:
    return int(at.timestamp() * 1e6) * 1_000


def told(receiver: WebhookReceiver) -> list[dict[str, Any]]:
    return [message for message in receiver.messages if message["data"]["detector"] == "drift"]


def test_a_drift_is_told_by_webhook(tmp_path: Path) -> None:
    this_hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    # three whole days to learn from
    first = (this_hour - timedelta(hours=SLOWER_H)).replace(hour=0) - timedelta(days=3)
    secret = f"whsec_{b64encode(os.urandom(32)).decode()}"
    with WebhookReceiver(secret) as receiver:
        settings = {
            "DOLDRUMS_WEBHOOKS": json.dumps([{"name": "oncall", "url": receiver.url, "secret": secret}]),
            "DOLDRUMS_DRIFT_REFERENCE_DAYS_MIN": "3",
        }
        with Service(tmp_path, settings) as service:
            send(service, first, round((this_hour - first).total_seconds() / 3600))
            until(lambda: told(receiver), TOLD_S_MAX, lambda: service.log()[-3000:])
            drifting = service.get("/series", state="drifting")["items"]
            (blamed,) = service.get(f"/series/{drifting[0]['id']}")["alarms"][0]["explanation"]["changes"]

    (message,) = told(receiver)
    found = message["data"]
    assert (found["agents"], found["severity"]) == (["coder"], "S3")
    assert found["title"].startswith("Duration of coder, chat gpt-5: the median went from ")
    changed = f"{this_hour - timedelta(hours=SLOWER_H):%Y-%m-%d %H:%M}"
    assert found["title"].endswith(f", since a new prompt (1 sentence added) came at {changed} UTC")
    assert len(found["trace_ids"]) == 5
    assert blamed["added"] == ["Think for long before you answer."]
    assert {(one["agent"], one["metric"]) for one in drifting} == {("coder", "duration")}
