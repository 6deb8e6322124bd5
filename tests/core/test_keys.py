"""Keys: made once, kept as hashes, revoked for good."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.clock import now
from core.database import Database
from core.errors import UsageError
from core.keys import KeyRing
from core.tables import api_keys


def test_a_key_lets_in_until_it_is_revoked(database: Database) -> None:
    """The key itself fits, nothing near it does, and once revoked it fits no more."""
    keys = KeyRing(database)
    identity, secret = keys.add("  night batch ")
    assert secret.startswith("pk-")
    assert len(secret) == 46
    assert keys.check(secret) == "night batch"
    assert [keys.check(text) for text in (secret[:-1], secret + "x", secret.lower(), "", "pk-", "\udcff")] == [None] * 6
    assert keys.revoke(identity).revoked_at is not None
    assert keys.check(secret) is None


def test_the_key_itself_is_nowhere_kept(database: Database) -> None:
    """Only its hash and first characters are in the database."""
    _, secret = KeyRing(database).add("batch")
    with database.read() as connection:
        (row,) = connection.execute(select(api_keys)).all()
    assert secret[9:] not in repr(row)
    assert row.prefix == secret[:9]


def test_a_revoked_key_still_counts(database: Database) -> None:
    """Taking the last key away does not open the door to everyone."""
    keys = KeyRing(database)
    assert not keys.any()
    identity, _ = keys.add("batch")
    keys.revoke(identity)
    assert keys.any()


def test_use_is_noted_now_and_then(database: Database) -> None:
    """The first use is noted, and a later one only after a while, so that calls seldom wait for a writer."""
    keys = KeyRing(database)
    _, secret = keys.add("batch")
    assert keys.list()[0].last_used_at is None
    keys.check(secret)
    first = keys.list()[0].last_used_at
    assert first is not None
    keys.check(secret)
    assert keys.list()[0].last_used_at == first
    with database.write() as connection:
        connection.execute(update(api_keys).values(last_used_at=now() - timedelta(hours=1)))
    keys.check(secret)
    again = keys.list()[0].last_used_at
    assert again is not None
    assert again >= first


def test_keys_of_one_name_stand_beside_each_other(database: Database) -> None:
    """A program changes its key without a gap: the new one is made before the old one is revoked."""
    keys = KeyRing(database)
    made = [keys.add("batch") for _ in range(2)]
    assert [keys.check(secret) for _, secret in made] == ["batch", "batch"]
    keys.revoke(made[0][0])
    assert [keys.check(secret) for _, secret in made] == [None, "batch"]


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 101, "\udcff"])
def test_a_name_must_be_readable(database: Database, name: str) -> None:
    """A name is shown to reviewers, so it is one short readable line."""
    with pytest.raises(UsageError, match="needs a name"):
        KeyRing(database).add(name)


def test_revoking_says_what_is_wrong(database: Database) -> None:
    """An unknown key and one that was revoked before are told apart."""
    keys = KeyRing(database)
    identity, _ = keys.add("batch")
    keys.revoke(identity)
    with pytest.raises(UsageError, match="already revoked"):
        keys.revoke(identity)
    with pytest.raises(UsageError, match="No key"):
        keys.revoke("nothing")
