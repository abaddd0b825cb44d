"""API keys in the state database: made, listed, revoked, never deleted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, and_, insert, select, update

from analytics.api import models
from analytics.rfc3339 import rfc3339
from analytics.state.tables import api_keys
from analytics.state.text import storable
from analytics.state.transaction import writing
from collector.keys.key import Key, Rates, digest, new_key

_RATES = ("requests_per_s", "spans_per_s", "bytes_per_s")


class KeyLedger:
    """Remembers every key that was made."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, project: str, wanted: models.KeyWanted, now: datetime) -> models.NewApiKey:
        """Make a key; its text is in the answer and nowhere else. Who keeps the keys reads too."""
        key_id, text = new_key()
        record = {
            "id": key_id,
            "project": project,
            "name": storable(wanted.name),
            "digest": digest(text),
            "scopes": sorted({*wanted.scopes, *(["query"] if "admin" in wanted.scopes else [])}),
            "created": now,
            "expires": wanted.expires,
            "revoked": None,
            **{name: getattr(wanted, name) for name in _RATES},
        }
        with writing(self._engine) as connection:
            connection.execute(insert(api_keys), record)
        return models.NewApiKey(key=text, **_shown(record).model_dump())

    def list(self, project: str | None) -> list[models.ApiKey]:
        """Return the keys of a project, or all, the newest first."""
        query = select(api_keys).order_by(api_keys.c.created.desc(), api_keys.c.id)
        if project is not None:
            query = query.where(api_keys.c.project == project)
        with self._engine.connect() as connection:
            return [_shown(dict(row)) for row in connection.execute(query).mappings()]

    def revoke(self, project: str | None, key_id: str, now: datetime) -> models.ApiKey | None:
        """Make a key worthless, now or earlier; None where the project, or anybody, has none of this id."""
        mine = api_keys.c.id == storable(key_id)
        if project is not None:
            mine = and_(mine, api_keys.c.project == project)
        with writing(self._engine) as connection:
            connection.execute(update(api_keys).where(mine, api_keys.c.revoked.is_(None)).values(revoked=now))
            row = connection.execute(select(api_keys).where(mine)).mappings().one_or_none()
        return None if row is None else _shown(dict(row))

    def good(self, default: Rates) -> tuple[Sequence[Key], bool]:
        """Return the keys that were not revoked, with their rates, and whether there ever was any."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(api_keys)).mappings().all()
        return [_key(dict(row), default) for row in rows if row["revoked"] is None], bool(rows)


def _key(row: Mapping[str, Any], default: Rates) -> Key:
    rates = {name: row[name] if row[name] is not None else getattr(default, name) for name in _RATES}
    return Key(
        id=row["id"],
        project=row["project"],
        digest=row["digest"],
        scopes=frozenset(row["scopes"]),
        expires_unix_s=row["expires"].timestamp() if row["expires"] else None,
        rates=Rates(**rates),
    )


def _shown(row: Mapping[str, Any]) -> models.ApiKey:
    return models.ApiKey(
        id=row["id"],
        project=row["project"],
        name=row["name"],
        scopes=row["scopes"],
        created=rfc3339(row["created"]),
        expires=rfc3339(row["expires"]) if row["expires"] else None,
        revoked=rfc3339(row["revoked"]) if row["revoked"] else None,
        **{name: row[name] for name in _RATES},
    )
