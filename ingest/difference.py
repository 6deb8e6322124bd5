"""What `sync` would do, without doing it: looks at files and hashes those whose time doesn't tell, reads none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from core.errors import RefusedDocument, UsageError
from ingest import asides, editions, reading, shelf
from ingest.candidate import Candidate, Refusal
from ingest.gathering import named
from ingest.index import Library
from ingest.shelf import DocumentRow
from ingest.standing import Standing, known_hash, standing
from ingest.walking import walk_one
from ingest.web.crawling import Site

_LOOKED_UP_AT_ONCE = 400


@dataclass(slots=True)
class Difference:
    """What a folder has that the collection has not, and the other way round."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    unchanged: int = 0

    @property
    def summary(self) -> str:
        """`+3 ~1 -2 =1198`: to add, to update, to remove, as it is."""
        return f"+{len(self.added)} ~{len(self.updated)} -{len(self.removed)} ={self.unchanged}"

    @property
    def is_empty(self) -> bool:
        """Whether sync would change nothing."""
        return not (self.added or self.updated or self.removed)


def difference(library: Library, folder: str | Path, *, collection: str, recipe: str) -> Difference:
    """What `sync FOLDER` would do; UsageError when the folder is not there."""
    what = named(folder, Site(""))
    if what.is_site:
        raise UsageError(f"{folder}: diff compares folders and files; `parapet ingest sync` asks a site what changed.")
    if not Path(what.root.location).exists():
        raise UsageError(f"{folder}: there is no such file or folder.")
    found = Difference()
    seen: set[str] = set()
    below: list[str] = []
    with library.database.read() as connection:
        of_name = editions.collection(connection, collection)
    number = of_name.id if of_name else -1
    walked = walk_one(folder)
    while group := list(islice(walked, _LOOKED_UP_AT_ONCE)):
        _compare(library, number, group, recipe, found)
        seen.update(item.source for item in group)
        below += [item.below for item in group if isinstance(item, Refusal) and item.below is not None]
    with library.database.read() as connection:
        held = shelf.document_rows(connection, collection_id=number, root=what.root.location)
    found.removed = sorted(_gone(held, seen, below))
    found.unchanged += sum(row.container is not None and row.source not in found.removed for row in held)
    return found


def _compare(
    library: Library, number: int, group: Sequence[Candidate | Refusal | object], recipe: str, found: Difference
) -> None:
    sources = [item.source for item in group if isinstance(item, Candidate)]
    with library.database.read() as connection:
        rows = {row.source: row for row in shelf.document_rows(connection, sources, collection_id=number)}
        aside = asides.of_sources(connection, number, sources)
    for item in group:
        if isinstance(item, Refusal):
            found.refused.append(item)
        elif isinstance(item, Candidate):
            row, set_aside = rows.get(item.source), aside.get(item.source)
            how = standing(item, row, set_aside, recipe, retry=False)
            if how is Standing.ASIDE and set_aside is not None:
                found.refused.append(Refusal(item.source, set_aside.code, set_aside.reason))
            elif how is Standing.NEW or (row is None and how is Standing.UNSURE):
                found.added.append(item.source)
            elif how is Standing.UNTOUCHED or _is_same(item, known_hash(row, set_aside, recipe, retry=False), library):
                found.unchanged += 1
            else:
                found.updated.append(item.source)


def _is_same(candidate: Candidate, known: str, library: Library) -> bool:
    if not known:
        return False
    try:
        content = reading.read(candidate.source, candidate.path, library.settings.max_file_bytes).content
    except RefusedDocument:
        return False
    return hashlib.sha256(content).hexdigest() == known


def _gone(held: Sequence[DocumentRow], seen: set[str], below: Sequence[str]) -> Iterator[str]:
    """What the folder brought before and has no more, with what was inside of it."""
    gone: set[str] = set()
    for row in sorted(held, key=lambda row: len(row.source)):  # what is inside of a document has a longer name
        stands = row.source in seen or any(not path or row.source.startswith(f"{path}/") for path in below)
        if row.container in gone or (row.container is None and not stands):
            gone.add(row.source)
            yield row.source
