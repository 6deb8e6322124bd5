"""What `sync` would do, without doing it: looks at files and hashes those whose time doesn't tell, reads none.

What a new or changed file will turn out to be only its reading shows: `sync` may refuse one that is `+` or `~` here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from core.errors import RefusedDocument, UsageError
from ingest import reading
from ingest.finding import presence
from ingest.finding.candidate import Candidate, Refusal
from ingest.finding.gathering import Named, named
from ingest.finding.standing import Standing, is_another, standing
from ingest.finding.walking import walk_one
from ingest.index import Library
from ingest.rows import asides, editions, roots, shelf
from ingest.rows.asides import Aside
from ingest.rows.shelf import DocumentRow
from ingest.run import reported
from ingest.run.remaining import Remaining

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
    """What `sync FOLDER` would do; UsageError where sync would raise it, and for an address."""
    what = named(folder)
    if what.is_site:
        raise UsageError(f"{folder}: diff compares folders and files; `parapet ingest sync` asks a site what changed.")
    presence.check(library.database, collection, [what], empty_too=False, home=library.settings.home)
    with library.database.read() as connection:
        of_name = editions.collection(connection, collection)
    return _Comparison(library, what, -1 if of_name is None else of_name.id, recipe).made()


class _Comparison:
    """One comparison in the making."""

    def __init__(self, library: Library, what: Named, collection_id: int, recipe: str) -> None:
        self._library = library
        self._what = what
        self._collection_id = collection_id
        self._recipe = recipe
        self._found = Difference()

    def made(self) -> Difference:
        what, remaining = self._what, Remaining()
        walked = walk_one(what.given, source=what.root.options.get("source"), home=self._library.settings.home)
        while group := list(islice(walked, _LOOKED_UP_AT_ONCE)):
            for item in group:
                remaining.note(item, in_folder=what.root.kind == roots.FOLDER)
            self._compare(group)
        with self._library.database.read() as connection:
            held = roots.held(connection, self._collection_id, what.root.location)
        self._found.removed = remaining.gone(held)
        return self._found

    def _compare(self, group: Sequence[Candidate | Refusal]) -> None:
        sources = [item.source for item in group]
        with self._library.database.read() as connection:
            found = shelf.document_rows(connection, sources, collection_id=self._collection_id)
            rows = {row.source: row for row in found}
            aside = asides.of_sources(connection, self._collection_id, sources)
        for item in group:
            row = rows.get(item.source)
            if isinstance(item, Candidate):
                self._look(item, row, aside.get(item.source))
            elif item.code != "missing" or row is None:
                self._found.refused.append(item)

    def _look(self, item: Candidate, row: DocumentRow | None, aside: Aside | None) -> None:
        found = self._found
        how = standing(item, row, aside, self._recipe, retry=False)
        if how is Standing.UNTOUCHED:
            found.unchanged += 1
            return
        digest = self._digest(item) if how is Standing.UNSURE else ""
        if isinstance(digest, Refusal):
            found.refused.append(digest)
        elif aside is not None and (how is Standing.ASIDE or self._is_same(digest, aside)):
            found.refused.append(Refusal(item.source, aside.code, aside.reason))
        elif row is None:
            found.added.append(item.source)
        elif self._is_same(digest, row):
            found.unchanged += 1
        elif digest != row.content_hash and is_another(item, row):
            found.refused.append(Refusal(item.source, "source_taken", reported.why_taken(row.origin)))
        else:
            found.updated.append(item.source)

    def _is_same(self, digest: str, known: DocumentRow | Aside) -> bool:
        return (known.content_hash, known.recipe) == (digest, self._recipe)

    def _digest(self, item: Candidate) -> str | Refusal:
        try:
            content = reading.read(item.source, item.path, self._library.settings.max_file_bytes).content
        except RefusedDocument as refusal:
            return Refusal(item.source, refusal.code, refusal.reason)
        return hashlib.sha256(content).hexdigest()
