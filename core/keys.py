"""The keys by which programs are let in. Kept are their hashes: a key itself is seen once, when it is made."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, insert, select, update

from core.clock import new_id, now
from core.database import Database
from core.errors import UsageError
from core.tables import api_keys

PREFIX = "pk-"
SECRET_BYTES = 32
SHOWN_CHARACTERS = len(PREFIX) + 6  # of 46: enough to tell keys apart, far too few to guess the rest
MOST_NAME_CHARACTERS = 100
_SHAPE = re.compile(PREFIX + "[A-Za-z0-9_-]{43}")
NOTE_USE_EVERY = timedelta(minutes=10)  # a write for each call would make readers wait for writers


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key."""

    id: str
    name: str
    prefix: str  # its first characters, to recognise it by
    created_at: datetime
    last_used_at: datetime | None  # to within ten minutes
    revoked_at: datetime | None


Keys = list[Key]  # inside the class, `list` is its own method


class KeyRing:
    """The keys of a database."""

    def __init__(self, database: Database) -> None:
        """The keys in this database."""
        self._database = database

    def add(self, name: str) -> tuple[str, str]:
        """Make a key; its id and the key itself, which can't be had again."""
        name = name.strip()
        if not name or not name.isprintable() or len(name) > MOST_NAME_CHARACTERS:
            raise UsageError(
                f"A key needs a name of 1 to {MOST_NAME_CHARACTERS} printable characters: "
                "say which program or person it is for."
            )
        identity, secret = new_id(), PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        with self._database.write() as connection:
            connection.execute(
                insert(api_keys).values(
                    id=identity,
                    name=name,
                    hash=_hash(secret),
                    prefix=secret[:SHOWN_CHARACTERS],
                    created_at=now(),
                )
            )
        return identity, secret

    def list(self) -> Keys:
        """Every key, revoked ones too, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(api_keys).order_by(api_keys.c.created_at.desc(), api_keys.c.id)).all()
        return [_key(row) for row in rows]

    def revoke(self, key: str) -> Key:
        """Let a key in no more, from the next call on; UsageError when there is none or it was revoked before."""
        wanted = update(api_keys).where(api_keys.c.id == key, api_keys.c.revoked_at.is_(None)).values(revoked_at=now())
        with self._database.write() as connection:
            revoked = connection.execute(wanted).rowcount
            row = connection.execute(select(api_keys).where(api_keys.c.id == key)).one_or_none()
        if row is None:
            raise UsageError(f"No key with the id {key!r}; `parapet keys ls` shows them all.")
        if not revoked:
            raise UsageError(f"The key {key} was already revoked on {row.revoked_at:%Y-%m-%d %H:%M} UTC.")
        return _key(row)

    def check(self, secret: str) -> str | None:
        """The name of a key that lets in; None for any other text."""
        if not _SHAPE.fullmatch(secret):
            return None
        given = _hash(secret)
        wanted = select(api_keys).where(api_keys.c.prefix == secret[:SHOWN_CHARACTERS], api_keys.c.revoked_at.is_(None))
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        fitting = [row for row in rows if hmac.compare_digest(row.hash, given)]
        if not fitting:
            return None
        self._note_use(fitting[0])
        return str(fitting[0].name)

    def any(self) -> bool:
        """Whether there ever was a key. Revoked ones count: taking a key away must not open the door to all."""
        with self._database.read() as connection:
            return connection.execute(select(api_keys.c.id).limit(1)).first() is not None

    def _note_use(self, row: Row[tuple[object, ...]]) -> None:
        moment = now()
        if row.last_used_at is None or moment - row.last_used_at >= NOTE_USE_EVERY:
            with self._database.write() as connection:
                connection.execute(update(api_keys).where(api_keys.c.id == row.id).values(last_used_at=moment))


def _hash(secret: str) -> str:
    """SHA-256: a key has 256 random bits, so there is nothing to guess that a slow hash would protect."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: Row[tuple[object, ...]]) -> Key:
    return Key(row.id, row.name, row.prefix, row.created_at, row.last_used_at, row.revoked_at)
