"""Error chains: what is said of errors that fail traces, and of those that do not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analytics.api.models import ErrorChain, ErrorChains, Finding
from dashboard.presentation.time_range import RANGES_S, WORDS
from dashboard.presentation.tone import Tone
from dashboard.wording.amount import count, counted, listed, shortened
from dashboard.wording.moment import moment

DETECTOR = "error_chain"
NAMED_MAX = 6
STEP = " \N{RIGHTWARDS ARROW} "
LIMITS = (
    "By structure and status alone: an error that no status says is not seen here, "
    "nor one that travels in what an agent wrote."
)


@dataclass(frozen=True, slots=True)
class Chains:
    """Error chains by what came of them, in the order of the API.

    Parameters
    ----------
    failing
        They failed more than half of the traces that met them.
    expected
        They failed some, and most outlived them.
    outlived
        They failed none: somebody contained them, tried again, or what is above has not arrived.
    more
        Whether there are some that were not sent.
    """

    failing: Sequence[ErrorChain]
    expected: Sequence[ErrorChain]
    outlived: Sequence[ErrorChain]
    more: bool


def sorted_out(found: ErrorChains) -> Chains:
    """Return what the API found, by what came of it."""
    failed = [one for one in found.items if one.failures]
    return Chains(
        failing=[one for one in failed if not one.expected],
        expected=[one for one in failed if one.expected],
        outlived=[one for one in found.items if not one.failures],
        more=found.total > len(found.items),
    )


def of_chains(findings: Sequence[Finding]) -> Mapping[str, Finding]:
    """Return findings by the chain that they are about."""
    return {finding.fingerprint: finding for finding in findings if finding.detector == DETECTOR}


def what(one: ErrorChain) -> str:
    """Return what failed: `TimeoutError in buyer's pay`."""
    whose = f"{shortened(one.agent)}'s " if one.agent and one.agent != one.call else ""
    return f"{shortened(one.error_type) or 'An error'} in {whose}{shortened(one.call)}"


def way(path: Sequence[str]) -> str:
    """Return whom an error went through, the middle of a long way counted.

    Examples
    --------
    >>> way(["buyer", "lead", "ship"])
    'buyer → lead → ship'
    """
    names = [shortened(name) for name in path]
    if len(names) > NAMED_MAX:
        half = NAMED_MAX // 2
        names = [*names[:half], f"{len(names) - 2 * half} more", *names[-half:]]
    return STEP.join(names)


def is_new(one: ErrorChain, range_name: str, now: datetime) -> bool:
    """Tell whether a chain was not known before the time range."""
    return moment(one.known_since) >= now - timedelta(seconds=RANGES_S[range_name])


def tone(chains: Sequence[ErrorChain], found: Collection[str]) -> Tone:
    """Return the tone of chains: red while one of them is `found`, orange when it has stopped."""
    if any(one.fingerprint in found for one in chains):
        return "broken"
    return "attention" if any(one.failures and not one.expected for one in chains) else "quiet"


def news(chains: Chains, range_name: str, environment: str = "") -> tuple[str, str]:
    """Return the news, and the rest of it."""
    lately = WORDS[range_name]
    further = "failed no trace" if chains.failing or chains.expected else "did not get that far"
    rest = " ".join(filter(None, (_expected(chains), _outlived(chains, further))))
    if chains.failing:
        return f"{_failed(chains)} in {lately}.", rest
    if chains.expected:
        return f"No error failed most of the traces that met it in {lately}.", rest
    if any(len(one.path) > 1 for one in chains.outlived):
        return f"No error failed a trace in {lately}.", rest
    if chains.outlived:
        return f"No failure crossed from one agent to another in {lately}.", rest
    where = f" of {shortened(environment)}" if environment else ""
    return f"No error in {lately}.", f"No span{where} says that it failed."


def _failed(chains: Chains) -> str:
    number, times = len(chains.failing), sum(one.failures for one in chains.failing)
    if number == 1:
        return f"1 error chain failed {counted(times, 'trace')}"
    more = "+" if chains.more and not chains.outlived else ""
    # a trace may fail of two of them
    return f"{count(number)}{more} error chains failed traces {count(times)} times"


def _expected(chains: Chains) -> str:
    number = len(chains.expected)
    return f"{counted(number, 'error is', 'errors are')} outlived by most traces." if number else ""


def _outlived(chains: Chains, otherwise: str) -> str:
    number = len(chains.outlived)
    if not number:
        return ""
    stayed = all(len(one.path) < 2 for one in chains.outlived)
    more = "+" if chains.more else ""
    errors = "error" if number == 1 and not more else "errors"
    return f"{count(number)}{more} {errors} {_stayed(number) if stayed else otherwise}."


def _stayed(number: int) -> str:
    return "stayed where it began" if number == 1 else "stayed where they began"


def in_short(one: ErrorChain, range_name: str) -> tuple[str, str]:
    """Return what failed and how many traces of it, and whom it went through."""
    lead = f"{what(one)} failed {_of_traces(one)} in {WORDS[range_name]}."
    return lead, " ".join(filter(None, (_went(one), _ended(one))))


def _of_traces(one: ErrorChain) -> str:
    if not one.failures:
        return "no trace"
    if one.failures == one.traces:
        return counted(one.failures, "trace")
    return f"{count(one.failures)} of {counted(one.traces, 'trace')}"


def _went(one: ErrorChain) -> str:
    first, *above = [shortened(name) for name in one.path] or [what(one)]
    if not above:
        return f"It never left {first}."
    over = f" over {listed(above[:-1], NAMED_MAX)}" if len(above) > 1 else ""
    return f"It went from {first}{over} to {above[-1]}."


def _ended(one: ErrorChain) -> str:
    if one.failures:
        return "Most traces outlive it, so it is expected." if one.expected else ""
    parts = [
        f"contained in {counted(one.contained, 'trace')}" if one.contained else "",
        f"tried again with success in {counted(one.retried, 'trace')}" if one.retried else "",
    ]
    said = " and ".join(filter(None, parts))
    return f"There it was {said}." if said else "What is above has not arrived yet."


def unknown(one: ErrorChain) -> int:
    """Return in how many traces it is not known how it came out."""
    return max(0, one.traces - one.failures - one.contained - one.retried)
