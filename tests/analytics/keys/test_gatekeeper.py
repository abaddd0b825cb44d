"""Keys from the state database to the file that the receiver reads."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from analytics.api.models import KeyWanted
from analytics.keys.gatekeeper import Gatekeeper
from analytics.keys.ledger import KeyLedger
from collector.errors import Unauthenticated
from collector.keys.key import Rates
from collector.keys.key_file import KeyFile, read_keys
from tests.collector.keys.made import made

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ONLY_INGEST = KeyWanted(name="exporter")


@pytest.fixture
def ledger(engine: Engine) -> KeyLedger:
    return KeyLedger(engine)


@pytest.fixture
def gatekeeper(ledger: KeyLedger, tmp_path: Path) -> Gatekeeper:
    keeper = Gatekeeper(ledger, tmp_path / "keys.json", default=Rates(spans_per_s=50))
    keeper.refresh()
    return keeper


def test_a_key_is_kept_as_a_digest_alone(ledger: KeyLedger, engine: Engine) -> None:
    new = ledger.create("shop", ONLY_INGEST, NOW)

    with engine.connect() as connection:
        stored = str(connection.execute(text("SELECT * FROM api_keys")).all())
    assert new.key not in stored
    assert new.key.partition("_")[2].partition("_")[2] not in stored
    [shown] = ledger.list("shop")
    assert shown.model_dump() == new.model_dump(exclude={"key"})
    assert (shown.name, shown.scopes, shown.expires) == ("exporter", ["ingest"], None)


def test_projects_see_their_own_keys_and_revoke_no_others(ledger: KeyLedger) -> None:
    shop, bank = (ledger.create(project, ONLY_INGEST, NOW) for project in ("shop", "bank"))

    assert ledger.revoke("bank", shop.id, NOW) is None
    assert [key.id for key in ledger.list("bank")] == [bank.id]
    assert {key.id for key in ledger.list(None)} == {shop.id, bank.id}
    assert [key.revoked for key in ledger.list(None)] == [None, None]
    assert ledger.revoke(None, "nobody's\x00", NOW) is None


def test_a_key_is_revoked_once_and_for_ever(ledger: KeyLedger) -> None:
    new = ledger.create("shop", ONLY_INGEST, NOW)

    first = ledger.revoke("shop", new.id, NOW)
    again = ledger.revoke("shop", new.id, NOW + timedelta(days=1))

    assert first is not None
    assert first == again
    assert first.revoked == "2026-03-01T12:00:00.000000000Z"


def test_without_any_key_everybody_is_served_and_never_again_once_there_was_one(
    ledger: KeyLedger, gatekeeper: Gatekeeper, tmp_path: Path
) -> None:
    receiver = KeyFile(tmp_path / "keys.json", monotonic=iter(range(100)).__next__)
    assert receiver.authorise("", "ingest").rates == Rates(spans_per_s=50)

    new = ledger.create("shop", ONLY_INGEST, NOW)
    for revoked in (False, True):
        if revoked:
            ledger.revoke("shop", new.id, NOW)
        gatekeeper.refresh()
        for authority in (gatekeeper, receiver):
            with pytest.raises(Unauthenticated):
                authority.authorise("", "ingest")


@pytest.mark.parametrize(
    ("always", "at_first", "without_keys", "with_keys"),
    [(False, True, True, False), (True, False, True, True), (False, False, False, False)],
)
def test_who_shows_no_key(
    ledger: KeyLedger, tmp_path: Path, *, always: bool, at_first: bool, without_keys: bool, with_keys: bool
) -> None:
    path = tmp_path / "keys.json"
    keeper = Gatekeeper(ledger, path, anonymous_always=always, anonymous_at_first=at_first)
    for expected in (without_keys, with_keys):
        keeper.refresh()
        found = read_keys(path)
        assert found is not None
        assert (found.anonymous is not None) == expected
        ledger.create("shop", ONLY_INGEST, NOW)


def test_the_receiver_knows_a_key_with_its_limits_and_until_when(
    ledger: KeyLedger, gatekeeper: Gatekeeper, tmp_path: Path
) -> None:
    expires = datetime.now(UTC) + timedelta(days=1)
    wanted = KeyWanted(scopes=["query", "ingest"], expires=expires, spans_per_s=0, bytes_per_s=7)
    new = ledger.create("shop", wanted, NOW)
    old = ledger.create("shop", KeyWanted(expires=NOW), NOW)
    gatekeeper.refresh()
    receiver = KeyFile(tmp_path / "keys.json")

    key = receiver.authorise(new.key, "ingest")

    assert (key.project, key.scopes, key.rates) == ("shop", {"ingest", "query"}, Rates(0, 0, 7))
    assert key.expires_unix_s == pytest.approx(expires.timestamp())
    with pytest.raises(Unauthenticated, match="expired"):
        receiver.authorise(old.key, "ingest")


def test_the_services_own_keys_are_published_and_in_no_list(ledger: KeyLedger, tmp_path: Path) -> None:
    own, shown = made("default", "operator")
    keeper = Gatekeeper(ledger, tmp_path / "keys.json", [own])
    keeper.refresh()

    assert keeper.authorise(shown, "operator") == own
    assert KeyFile(tmp_path / "keys.json").authorise(shown, "operator") == own
    assert ledger.list(None) == []
    assert not keeper.any_was_made


def test_a_file_that_was_taken_away_or_changed_is_put_back(gatekeeper: Gatekeeper, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    before = path.read_bytes()
    spoilers: list[Callable[[], object]] = [path.unlink, lambda: path.write_text("{}")]

    for spoil in spoilers:
        spoil()
        gatekeeper.refresh()
        assert path.read_bytes() == before


def test_the_file_is_left_alone_when_nothing_changed(gatekeeper: Gatekeeper, tmp_path: Path) -> None:
    before = (tmp_path / "keys.json").stat()

    gatekeeper.refresh()

    assert (tmp_path / "keys.json").stat() == before
