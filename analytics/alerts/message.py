"""What a webhook is sent.

A message is a JSON object of at most 20 kB, the same bytes at every attempt::

    {
      "type": "finding.opened",
      "timestamp": "2026-03-01T12:00:00.000000000Z",
      "data": {"id": "6f1c...", "severity": "S2", "state": "open", "title": "...", ...},
      "links": {"finding": "http://127.0.0.1:8080/api/v1/findings/6f1c...",
                "trace": "http://127.0.0.1:8501/trace?trace=4bf9...&span=00f0..."}
    }

`type` is `finding.opened`, `finding.resolved` or `webhook.test`; `timestamp` is when that
happened, not when it is sent. `data` is the finding as `GET /api/v1/findings/{id}` shows it, but
for long lists and texts: `omitted` then says how many items of which list are left out, and
whether `evidence` is. Of a resolved one `resolution` says why, in a sentence, and
`resolution_word` in one of the words of docs/detectors.md. What prompts, tools or models said is
never in it.

To receive it well:

* Verify the headers `webhook-id`, `webhook-timestamp` and `webhook-signature` over the exact
  bytes of the body with a library of https://www.standardwebhooks.com.
* Answer 2xx within 15 s, and work afterwards. Every other answer is tried again, over three
  days; a redirect is not followed; 410 asks for no more messages until doldrums restarts.
* A message may arrive twice: `webhook-id` is the same each time. The finding's `data.id` is the
  same when it opens and when it resolves: use it as the key of your incident.
* A finding's `finding.resolved` is sent only after its `finding.opened` was delivered or given
  up. Between findings no order is promised.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from analytics.api import models
from analytics.rfc3339 import rfc3339
from analytics.state.text import storable_json

FindingEvent = Literal["finding.opened", "finding.resolved"]

BODY_BYTES_MAX = 20_000
# Together they keep the body within its bound, though JSON may write a character with six bytes.
_ITEMS_MAX = 10
_ID_CHARS_MAX = 40
_NAME_CHARS_MAX = 64
_SENTENCE_CHARS_MAX = 300
_REASON_CHARS_MAX = 160
_EVIDENCE_BYTES_MAX = 4_000
_CHARS_MAX = {
    "project": _NAME_CHARS_MAX,
    "detector": _NAME_CHARS_MAX,
    "fingerprint": _NAME_CHARS_MAX,
    "title": _SENTENCE_CHARS_MAX,
    "advice": _SENTENCE_CHARS_MAX,
    "resolution": _REASON_CHARS_MAX,
}
_LIST_CHARS_MAX = {"agents": _NAME_CHARS_MAX, "trace_ids": _ID_CHARS_MAX, "span_ids": _ID_CHARS_MAX}


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses that the links of a message begin with, without a slash at the end."""

    api: str = ""
    dashboard: str = ""


def finding_message(event: FindingEvent, finding: models.Finding, now: datetime, links: Links) -> str:
    """Return the body that says a finding opened or resolved."""
    data = finding.model_dump()
    omitted: dict[str, Any] = {}
    for name, chars_max in _CHARS_MAX.items():
        data[name] = storable_json(data[name], chars_max)
    for name, chars_max in _LIST_CHARS_MAX.items():
        if (more := len(data[name]) - _ITEMS_MAX) > 0:
            omitted[name] = more
        data[name] = storable_json(data[name][:_ITEMS_MAX], chars_max)
    data["evidence"] = storable_json(finding.evidence, _NAME_CHARS_MAX)
    if len(_json(data["evidence"]).encode()) > _EVIDENCE_BYTES_MAX:
        data["evidence"] = {}
        omitted["evidence"] = True
    if omitted:
        data["omitted"] = omitted
    return _message(event, now, data, _finding_links(finding, links))


def trial_message(webhook: str, now: datetime, links: Links) -> str:
    """Return the body of `webhook.test`: nothing happened, the way is tried."""
    data = {"webhook": webhook, "text": "This is a test: nothing happened."}
    return _message("webhook.test", now, data, {"api": f"{links.api}/docs"})


def _message(event: str, now: datetime, data: dict[str, Any], links: dict[str, str]) -> str:
    return _json({"type": event, "timestamp": rfc3339(now), "data": data, "links": links})


def _finding_links(finding: models.Finding, links: Links) -> dict[str, str]:
    addresses = {"finding": f"{links.api}/api/v1/findings/{quote(finding.id)}"}
    if finding.trace_ids:
        span = f"&span={quote(finding.span_ids[0][:_ID_CHARS_MAX])}" if finding.span_ids else ""
        trace = quote(finding.trace_ids[0][:_ID_CHARS_MAX])
        addresses["trace"] = f"{links.dashboard}/trace?trace={trace}{span}"
    return addresses


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
