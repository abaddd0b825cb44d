"""RetryAmplification: one request that is attempted over and over, or by every layer in turn. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from statistics import median
from typing import Any

from analytics.detectors.attempts import Attempts, Call, amplification, asked_again, attempts_in, nested
from analytics.detectors.detector import CHANGED_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.pace import LIMITED, WAIT
from analytics.detectors.wording import duration, plain
from analytics.findings.finding import Finding, Resolution
from analytics.findings.judgement import Key
from collector.store.statement import statement

DETECTOR = "retry_amplification"
# Three attempts are everybody's policy; three layers of them are not (`reference/detectors.md` 3.7).
ATTEMPTS_MAX = 3
AMPLIFICATION_MAX = 9
# Two failures below the same span: less cannot come to more than three attempts, or nine.
ERRORS_MIN = 2
ROWS_MAX = 200_000
SPANS_MAX = 5_000


class RetryAmplification:
    """A call is attempted more than three times with no pause, or retries multiply from layer to layer.

    Retries with back-off, what a model tries again unless a limit of rate refused it, and attempts side
    by side are none.

    References
    ----------
    `docs/detectors.md`, section ``retry_amplification``.
    """

    name = DETECTOR
    every_s = CHANGED_EVERY_S
    sql = statement(__package__, "retry_amplification.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        return {
            "changed_version": window.changed_version,
            "watched": sorted({fingerprint[:32] + project for project, fingerprint in window.watched}),
            "limited": LIMITED,
            "wait": WAIT,
            "errors_min": ERRORS_MIN,
            "spans_max": SPANS_MAX,
            "rows_max": ROWS_MAX,
        }

    def detect(self, rows: Sequence[Row], window: Window, _limits: Limits) -> Outcome:
        """Tell of the worst request of each trace."""
        findings: list[Finding] = []
        resolutions: dict[Key, Resolution] = {}
        for place, some in groupby(rows, key=lambda row: (row["project"], row["trace_id"])):
            calls = [Call(**row) for row in some]
            if not (chain := _worst(calls)):
                continue
            running = not all(call.end_ns for call in calls) or all(call.parent_span_id for call in calls)
            findings.append(_finding(chain, running=running))
            if place in window.watched and not running:
                times = f"{amplification(chain):,} attempts"
                resolutions[place] = Resolution("ended", f"The trace ended after {times}.")
        left_out = rows[0]["left_out_version"] if rows else 0
        return Outcome(findings, resolutions, partial=left_out > 0, left_out_version=left_out)


def _worst(calls: Sequence[Call]) -> list[Attempts]:
    attempts = attempts_in(calls)
    chain = nested(attempts, calls)
    if amplification(chain) > AMPLIFICATION_MAX and len(chain) > 1:
        return chain
    every = [*attempts, *asked_again(calls)]
    hasty = [each for each in every if len(each.calls) > ATTEMPTS_MAX and not each.is_paced]
    return [max(hasty, key=lambda each: len(each.calls))] if hasty else []


def _finding(chain: Sequence[Attempts], *, running: bool) -> Finding:
    first, last = chain[0].calls[0], chain[-1].calls[-1]
    is_nested = len(chain) > 1
    return Finding(
        project=first.project,
        detector=DETECTOR,
        fingerprint=first.trace_id,
        severity="S2" if running and is_nested else "S3",
        grade="confirmed" if all(call.input_hash for each in chain for call in each.calls) else "probable",
        title=_title(chain),
        advice=_advice(chain),
        since=datetime.fromtimestamp(first.start_ns / 1e9, UTC),
        agents=list(dict.fromkeys(plain(each.calls[0].agent) for each in chain if each.calls[0].agent)),
        trace_ids=[first.trace_id],
        span_ids=[*dict.fromkeys(each.calls[0].span_id for each in chain), last.span_id],
        evidence=_evidence(chain, running=running),
        # the attempts were made, whenever one looks
        certain=True,
    )


def _title(chain: Sequence[Attempts]) -> str:
    last = chain[-1]
    name = plain(_name(last))
    if len(chain) > 1:
        layers = " x ".join(f"{plain(_name(each))} {len(each.calls)}" for each in chain[:4])
        return f"One request asks {name} up to {amplification(chain):,} times: each layer retries ({layers})"
    seconds = (last.calls[-1].start_ns - last.calls[0].start_ns) / 1e9
    error = plain(last.calls[0].error_type) or "an error"
    if last.calls[0].limited:
        error = f"a limit of rate ({error})"
    if last.asked_s:
        error += f", which asks to wait {duration(median(last.asked_s))}"
    times = f"{len(last.calls):,} times in {duration(seconds)}"
    return f"{name} was attempted {times} without back-off after {error}"


def _advice(chain: Sequence[Attempts]) -> str:
    if len(chain) > 1:
        inner = plain(_name(chain[-1]))
        return f"Let one layer retry, best the one right above {inner}, and the others pass the error on."
    return "Let attempts wait longer each time, with jitter, and give up after the third."


def _name(attempts: Attempts) -> str:
    call = attempts.calls[0]
    return call.called or (call.agent if call.kind == "agent" else "") or call.name


def _evidence(chain: Sequence[Attempts], *, running: bool) -> Mapping[str, Any]:
    return {
        "rule": f"attempts > {ATTEMPTS_MAX} without back-off, or product of layers > {AMPLIFICATION_MAX}",
        "amplification": amplification(chain),
        "running": running,
        "layers": [
            {
                "name": plain(_name(each)),
                "kind": plain(each.calls[0].kind),
                "attempts": len(each.calls),
                "gaps_s": [round(gap_s, 3) for gap_s in each.gaps_s[:10]],
                "back_off": each.is_paced,
                "rate_limited": sum(call.limited for call in each.calls),
                "asked_to_wait_s": [round(wait_s, 3) for wait_s in each.asked_s[:10]],
                "error_types": sorted({plain(call.error_type) for call in each.calls if call.failed})[:5],
                "span_ids": [call.span_id for call in each.calls[:10]],
            }
            for each in chain
        ],
        "false_positive_note": "The product is what the layers come to at worst; not every attempt of the"
        " outer one may have made all of the inner ones.",
    }
