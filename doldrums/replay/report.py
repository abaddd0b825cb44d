"""What `doldrums replay` tells its user."""

from dataclasses import dataclass

from rich.console import Console

# A wrong file has a complaint for each of its lines.
COMPLAINTS_MAX = 20


class Report:
    """Prints what is said about single requests: some lines of it, and then that there is more."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._left = COMPLAINTS_MAX

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        if self._left >= 0:
            line = text if self._left else "There is more like this, which is counted only."
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)
        self._left -= 1


@dataclass
class Tally:
    """What was sent and what was not."""

    requests: int = 0
    sent: int = 0
    rejected: int = 0
    faults: int = 0

    @property
    def complete(self) -> bool:
        """Whether everything went in."""
        return not self.rejected and not self.faults

    def sentence(self, url: str) -> str:
        """Return it in words."""
        sent = f"Sent {counted(self.sent, 'span')} in {counted(self.requests, 'request')} to {url}"
        text = f"{sent}; {self.rejected:,} rejected"
        return f"{text}; {self.faults:,} unreadable." if self.faults else f"{text}."


def counted(number: int, what: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
