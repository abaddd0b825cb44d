"""The time range that all pages share: its name in the URL, its length, its words."""

RANGES_S = {"15m": 900, "1h": 3_600, "6h": 21_600, "24h": 86_400, "7d": 604_800}
RANGE_DEFAULT = "1h"

WORDS = {
    "15m": "the last 15 minutes",
    "1h": "the last hour",
    "6h": "the last 6 hours",
    "24h": "the last 24 hours",
    "7d": "the last 7 days",
}

WIDEN = {name: f"Widen to {words}" for name, words in WORDS.items()}


def wider(name: str) -> str | None:
    """Return the next longer range, or None after the longest."""
    names = list(RANGES_S)
    following = names.index(name) + 1
    return names[following] if following < len(names) else None
