"""DATA_DIR/local-keys.json: keys of the service's own parts and of whoever may read the data folder.

Made anew at every start. They are not in the database, so that a key can always be made by a person
on this machine, whatever became of the others.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from collector.journal.durable import replace_file
from collector.keys.key import KEY_FORM, PROJECT_DEFAULT, Key, Scope, digest, new_key

_FILE_NAME = "local-keys.json"


@dataclass(frozen=True)
class LocalKeys:
    """Texts of keys; '' where no service has made any.

    Attributes
    ----------
    operator
        For commands on this machine: keys of every project.
    dashboard
        For reading one project.
    feed
        For sending the demo's spans.
    """

    operator: str = ""
    dashboard: str = ""
    feed: str = ""

    def keys(self, dashboard_project: str) -> list[Key]:
        """Return what is to be known of them by who lets callers in."""
        made = [
            _key(self.operator, PROJECT_DEFAULT, "ingest", "query", "admin", "operator"),
            _key(self.dashboard, dashboard_project, "query"),
            _key(self.feed, PROJECT_DEFAULT, "ingest"),
        ]
        return [key for key in made if key is not None]


def make_local_keys(data_dir: Path) -> None:
    """Write new keys, for the service's user alone."""
    texts = LocalKeys(*(new_key()[1] for _ in range(3)))
    replace_file(data_dir / _FILE_NAME, json.dumps(asdict(texts)).encode())


def read_local_keys(data_dir: Path) -> LocalKeys:
    """Return the keys that the service was started with; none when they cannot be read."""
    with suppress(OSError, ValueError, TypeError):
        return LocalKeys(**json.loads((data_dir / _FILE_NAME).read_bytes()))
    return LocalKeys()


def _key(text: str, project: str, *scopes: Scope) -> Key | None:
    form = KEY_FORM.fullmatch(text)
    return Key(form[1], project, digest(text), frozenset(scopes)) if form else None
