"""Opens what a sub-command works with, and closes it again. The heavy rooms are imported only here, when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chains.assemble import Parapet
    from core.keys import KeyRing
    from core.settings import Settings
    from ingest.index import Library


def settings(flags: Mapping[str, Any] | None = None) -> Settings:
    """The settings in force, policy and model checked with them; SettingsError tells every fault."""
    from chains.configuration import read_settings

    return read_settings(flags)


@contextmanager
def open_parapet(flags: Mapping[str, Any] | None = None) -> Iterator[Parapet]:
    """The whole of Parapet, wired."""
    chosen = settings(flags)
    from chains.assemble import assemble

    parapet = assemble(chosen)
    try:
        yield parapet
    finally:
        parapet.close()


@contextmanager
def open_library(flags: Mapping[str, Any] | None = None) -> Iterator[Library]:
    """The library of documents alone: what searching and ingesting take, without guards or a language model."""
    chosen = settings(flags)
    from chains import ingestion
    from core.database import Database

    database = Database(chosen.database)
    try:
        yield ingestion.open_library(chosen, database)
    finally:
        database.close()


@contextmanager
def open_keys() -> Iterator[KeyRing]:
    """The keys of the HTTP API, without anything that answers."""
    chosen = settings()
    from core.database import Database
    from core.keys import KeyRing

    database = Database(chosen.database)
    try:
        yield KeyRing(database)
    finally:
        database.close()
