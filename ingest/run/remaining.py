"""What still stands of a source once it was looked through, and so what is gone from it. `sync` and `diff` go by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.finding.candidate import Candidate, Lost, Refusal, Unchanged
from ingest.rows.asides import Aside
from ingest.rows.roots import Held


@dataclass(slots=True)
class Remaining:
    """What was seen of one root."""

    found: int = 0  # candidates and pages that are as they were: the root offers something
    _seen: set[str] = field(default_factory=set)
    _lost: set[str] = field(default_factory=set)  # pages that their server no longer has
    _below: list[str] = field(default_factory=list)  # folders that could not be looked into: what they hold stays
    _partial: bool = False  # something failed, so that what was not seen may stand all the same

    def note(self, item: Candidate | Refusal | Unchanged | Lost, *, in_folder: bool = False) -> None:
        """Take in what the root offers next."""
        if isinstance(item, Lost):
            self._partial |= not (self._seen or self._lost)  # the way in is gone: the rest was not looked for
            self._lost.add(item.source)
            return
        if not isinstance(item, Refusal):
            self.found += 1
            self._seen.add(item.source)
        elif item.code == "missing":
            self._partial |= in_folder  # it may have been unmounted between two looks at it
        else:
            self._seen.add(item.source)
            self._partial |= item.partial
            self._below += [] if item.below is None else [item.below]

    def gone(self, held: Sequence[Held]) -> list[str]:
        """Those of these documents that the root no longer has, with what was inside of them."""
        return [row.source for row in held if not self._holds(row)]

    def gone_aside(self, held: Sequence[Aside]) -> list[str]:
        """Those of the files set aside that the root no longer has."""
        return [one.source for one in held if not any(map(self._stands, _outer(one.source)))]

    def _holds(self, row: Held) -> bool:
        if row.container is None:
            return self._stands(row.source)
        return any(map(self._stands, _outer(row.source)))

    def _stands(self, source: str) -> bool:
        if source in self._lost:
            return False
        return (
            source in self._seen
            or self._partial
            or any(not below or source.startswith(f"{below}/") for below in self._below)
        )


def _outer(source: str) -> Iterator[str]:
    """What a document may be inside of, by its name: `a#b#c` is of `a`, of `a#b`, or a file of that very name."""
    for place, character in enumerate(source):
        if character == "#":
            yield source[:place]
    yield source
