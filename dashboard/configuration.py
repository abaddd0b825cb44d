"""Streamlit's settings for us: local only, quiet, both themes. Nothing is read from the reader's home."""

from typing import Any

PALETTE = ["#4263eb", "#0ca678", "#f08c00", "#ae3ec9", "#1098ad", "#868e96", "#e8590c"]

SERVER: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "viewer",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "logger.hideWelcomeMessage": True,
    "runner.magicEnabled": False,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "server.enableAgentApi": False,
    "server.showEmailPrompt": False,
}

THEME: dict[str, Any] = {
    "theme.baseRadius": "small",
    "theme.baseFontSize": 14,
    "theme.codeFontSize": "0.85rem",
    "theme.showWidgetBorder": True,
    "theme.chartCategoricalColors": PALETTE,
    "theme.light.primaryColor": "#3b5bdb",
    "theme.light.textColor": "#111315",
    "theme.light.redColor": "#c92a2a",
    "theme.light.borderColor": "#dfe2e7",
    "theme.light.secondaryBackgroundColor": "#f6f7f9",
    "theme.light.codeTextColor": "#2b3138",
    "theme.light.grayTextColor": "#5b626d",
    "theme.light.redTextColor": "#c92a2a",
    "theme.light.orangeTextColor": "#a64b00",
    "theme.light.redBackgroundColor": "#fdecec",
    "theme.light.orangeBackgroundColor": "#fff3e0",
    "theme.dark.primaryColor": "#748ffc",
    "theme.dark.backgroundColor": "#14161a",
    "theme.dark.secondaryBackgroundColor": "#1d2026",
    "theme.dark.textColor": "#e6e8eb",
    "theme.dark.redColor": "#ff6b6b",
    "theme.dark.borderColor": "#2f343d",
    "theme.dark.codeTextColor": "#ced4da",
    "theme.dark.grayTextColor": "#a0a7b3",
    "theme.dark.redTextColor": "#ff8787",
    "theme.dark.orangeTextColor": "#ffc078",
    "theme.dark.redBackgroundColor": "#3a2022",
    "theme.dark.orangeBackgroundColor": "#3a2c1a",
}


def configuration(host: str, port: int) -> dict[str, Any]:
    """Return all settings for a server on `host` and `port`."""
    return {
        **SERVER,
        **THEME,
        "server.address": host,
        "server.port": port,
        "server.allowedHosts": allowed_hosts(host),
    }


def allowed_hosts(host: str) -> list[str]:
    """Return the names that a browser may call us by, against DNS rebinding.

    Who binds every interface has put a name or a proxy of their own in front, and we cannot know it.
    """
    if host in ("0.0.0.0", "::"):  # noqa: S104
        return ["*"]
    return list(dict.fromkeys(["localhost", "127.0.0.1", "[::1]", host]))
