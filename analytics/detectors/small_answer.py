"""Whether the answer to a call says as good as nothing: that it was done, or is not there yet. Pure."""

import re

# What is around an answer, in JSON or in a sentence.
_AROUND = frozenset(
    {
        "status",
        "state",
        "result",
        "results",
        "message",
        "messages",
        "content",
        "text",
        "type",
        "data",
        "output",
        "response",
        "value",
        "values",
        "code",
        "id",
        "ids",
        "job",
        "task",
        "call",
        "tool",
        "kwargs",
        "name",
        "run",
        "build",
        "step",
        "http",
        "request",
        "artifact",
        "role",
        "user",
        "the",
        "a",
        "an",
        "it",
        "is",
        "was",
        "be",
        "been",
        "has",
        "have",
        "i",
        "you",
        "to",
        "of",
        "for",
        "and",
        "your",
        "this",
        "that",
        "successfully",
    }
)
_DONE = frozenset(
    {
        "ok",
        "okay",
        "done",
        "true",
        "yes",
        "success",
        "successful",
        "succeeded",
        "accepted",
        "acknowledged",
        "ack",
        "received",
        "sent",
        "saved",
        "stored",
        "complete",
        "completed",
        "finished",
        "applied",
        "updated",
        "created",
        "started",
        "clicked",
        "scrolled",
        "moved",
        "typed",
        "pressed",
        "navigated",
        "selected",
        "focused",
        "none",
        "null",
        "void",
        "undefined",
    }
)
_NOT_YET = frozenset(
    {
        "yet",
        "running",
        "pending",
        "queued",
        "queueing",
        "enqueued",
        "progress",
        "inprogress",
        "processing",
        "waiting",
        "wait",
        "building",
        "deploying",
        "starting",
        "initializing",
        "initialising",
        "preparing",
        "scheduled",
        "scheduling",
        "provisioning",
        "creating",
        "updating",
        "submitted",
        "busy",
        "still",
        "ready",
        "unfinished",
        "incomplete",
        "later",
    }
)
_WORD = re.compile(r"[a-z]+")
# Of its own, besides what is around it.
_WORDS_MAX = 8


def is_small(answer: str) -> bool:
    """Whether it is known, and says few words.

    Examples
    --------
    >>> is_small('{"status": "stopped", "id": 7}'), is_small("")
    (True, False)
    """
    return bool(answer) and len(_words(answer)) <= _WORDS_MAX


def acknowledges(answer: str) -> bool:
    """Whether it says nothing but that the call was done.

    Examples
    --------
    >>> [acknowledges(answer) for answer in ("ok", '{"result": null}', "12 rows saved", "42", "")]
    [True, True, False, False, False]
    """
    words = _words(answer)
    return bool(words) and words <= _DONE


def says_not_yet(answer: str) -> bool:
    """Whether it says, in few words, that something is under way.

    Examples
    --------
    >>> [says_not_yet(answer) for answer in ('{"state": "IN_PROGRESS", "id": 7}', "not yet", "ended")]
    [True, True, False]
    """
    return is_small(answer) and not _words(answer).isdisjoint(_NOT_YET)


def _words(answer: str) -> set[str]:
    return {*_WORD.findall(answer.lower())} - _AROUND
