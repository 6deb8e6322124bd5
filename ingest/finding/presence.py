"""Whether what `sync` mirrors is there: a disk that is not mounted must not empty a collection."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from core.database import Database
from core.errors import UsageError
from ingest.finding.candidate import Refusal
from ingest.finding.gathering import Named
from ingest.finding.walking import climbs, walk_one
from ingest.rows import editions, roots


def check(database: Database, collection: str, chosen: Iterable[Named], *, empty_too: bool, home: Path) -> None:
    """UsageError when one of these folders and files is not there, or is empty although documents came from it."""
    with database.read() as connection:
        kinds = {root.location: root.kind for root in roots.listed(connection, collection)}
    for one in chosen:
        if one.is_site:
            continue
        _check_there(one, kinds.get(one.root.location))
        if empty_too or not _is_empty(one, home):
            continue
        held = _held(database, collection, one.root.location)
        if held:
            raise UsageError(
                f"{one.given} is empty, but {held:,} {'document' if held == 1 else 'documents'} came from it. Nothing "
                "was removed; if it is meant to be empty, run sync with --empty-too."
            )


def _check_there(one: Named, known_as: str | None) -> None:
    path = Path(one.root.location)
    if climbs(one.given):
        raise UsageError(f"{one.given}: its path climbs out of a folder with `..`: name it by its own path.")
    if roots.FOLDER in {one.root.kind, known_as}:
        if not path.is_dir():
            raise UsageError(f"{one.given}: there is no such folder. {_ENDED}")
    elif not path.parent.is_dir():
        raise UsageError(f"{one.given}: there is no such file, and its folder is not there either. {_ENDED}")
    elif known_as is None and not path.exists():
        raise UsageError(f"{one.given}: there is no such file or folder. {_ENDED}")


def _is_empty(one: Named, home: Path) -> bool:
    first = next(walk_one(one.given, home=home), None)
    return isinstance(first, Refusal) and first.code == "empty_folder"


def _held(database: Database, collection: str, location: str) -> int:
    with database.read() as connection:
        of_name = editions.collection(connection, collection)
        return 0 if of_name is None else len(roots.held(connection, of_name.id, location))


_ENDED = "Nothing was removed."
