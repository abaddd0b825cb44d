"""Kinds of spans in words and colours; the same colour for what plays the same part."""

COLOURS = {
    "workflow": "#5c6ac4",
    "agent": "#4263eb",
    "llm": "#0ca678",
    "tool": "#f08c00",
    "handoff": "#1098ad",
    "retriever": "#ae3ec9",
    "embedding": "#ae3ec9",
    "memory": "#ae3ec9",
    "guardrail": "#c2255c",
    "evaluator": "#c2255c",
    "wait": "#868e96",
    "message_send": "#868e96",
    "message_process": "#868e96",
}
COLOUR_OTHER = "#8a93a3"


def colour(kind: str) -> str:
    """Return the colour of a kind, for both themes."""
    return COLOURS.get(kind, COLOUR_OTHER)


def word(kind: str) -> str:
    """Return a kind as it is said: `llm` in capitals, others with spaces."""
    return "LLM" if kind == "llm" else kind.replace("_", " ")
