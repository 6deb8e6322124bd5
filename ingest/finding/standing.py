"""How a candidate stands to what the library holds: new, untouched, set aside before, or to be looked into."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from ingest.finding.candidate import Candidate
from ingest.rows import asides
from ingest.rows.asides import Aside
from ingest.rows.shelf import DocumentRow

_PASSING = frozenset({"needs_ocr", "unreadable", "missing"})  # refusals that depend on the machine: always tried again


class Standing(Enum):
    """What is known of a candidate before it is opened."""

    NEW = auto()  # nothing stands under its source
    UNTOUCHED = auto()  # the same file, size and time: not worth a look inside
    ASIDE = auto()  # refused or set aside before, and untouched since
    UNSURE = auto()  # its content decides


@dataclass(frozen=True, slots=True)
class Known:
    """A candidate that must be looked into, with what is held under its source."""

    candidate: Candidate
    row: DocumentRow | None
    aside: Aside | None
    place: int  # among the reports


def standing(
    candidate: Candidate, row: DocumentRow | None, aside: Aside | None, recipe: str, *, retry: bool
) -> Standing:
    """How a candidate stands; `retry`: what was refused before is tried again."""
    if aside is not None:
        refused = aside.state == asides.REFUSED
        again = aside.code in _PASSING or (refused and retry)
        if not again and _is_untouched(candidate, aside, recipe):
            return Standing.ASIDE
        return Standing.UNSURE
    if row is None:
        return Standing.NEW
    return Standing.UNTOUCHED if _is_untouched(candidate, row, recipe) else Standing.UNSURE


def known_hash(row: DocumentRow | None, aside: Aside | None, recipe: str, *, retry: bool) -> str:
    """The hash of the content that need not be read anew; empty when any must be."""
    if aside is not None:
        again = aside.code in _PASSING or (aside.state == asides.REFUSED and retry)
        return aside.content_hash if aside.recipe == recipe and not again else ""
    return row.content_hash if row is not None and row.recipe == recipe else ""


def is_another(candidate: Candidate, row: DocumentRow) -> bool:
    """Two different files must not take turns under one name; a file that has moved may take its old place."""
    return candidate.content is None and row.origin != candidate.origin and Path(row.origin).exists()


def _is_untouched(candidate: Candidate, known: DocumentRow | Aside, recipe: str) -> bool:
    """Same file, size and time; what is too fresh to tell, and every page, is looked into."""
    return candidate.modified_ns != 0 and (known.origin, known.bytes, known.modified_ns, known.recipe) == (
        candidate.origin,
        candidate.size,
        candidate.modified_ns,
        recipe,
    )
