"""What a search is narrowed to, from options and from the lines of a file, checked before anything is searched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from core.domain import Filters
    from ingest.catalogue import Catalogue

KEYS = ("collections", "sources", "languages", "after")
Collections = Annotated[
    list[str] | None, typer.Option("--collection", "-c", help="Look only into this collection; may be repeated.")
]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help="Only this document, folder, or pattern with * and ?; may be repeated."),
]
Languages = Annotated[
    list[str] | None, typer.Option("--language", help="Only documents in this language, such as en; may be repeated.")
]
After = Annotated[
    str | None, typer.Option("--after", metavar="DATE", help="Only documents written or changed since, as 2026-01-31.")
]
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def filters(
    library: Catalogue,
    collections: Sequence[str] | None,
    sources: Sequence[str] | None,
    languages: Sequence[str] | None,
    after: str | None,
) -> Filters:
    """The filters of these options; UsageError says which of them can't be, and what can."""
    from core.domain import Filters

    return Filters(
        collections=_collections(library, collections or ()),
        sources=tuple(_named(source, "source") for source in sources or ()),
        languages=tuple(_language(code) for code in languages or ()),
        after=None if after is None else moment(after),
    )


def of_line(library: Catalogue, item: Mapping[str, Any], given: Filters) -> Filters:
    """The filters of a line, whose "filters" go before those `given` for all lines; UsageError when they can't be."""
    from core.errors import UsageError

    said = item.get("filters")
    if said is None:
        return given
    if not isinstance(said, Mapping) or not set(said) <= set(KEYS):
        raise UsageError(f'"filters" must be an object with some of {", ".join(KEYS)}, not {said!r:.80}')
    after = said.get("after")
    if after is not None and not isinstance(after, str):
        raise UsageError(f'"after" must be a date such as "2026-01-31", not {after!r:.40}')
    collections, sources, languages = (_texts(said.get(key), key) for key in KEYS[:3])
    made = filters(library, collections, sources, languages, after)
    return replace(given, **{key: getattr(made, key) for key in said})


def moment(text: str) -> datetime:
    """The moment of a date, or of a date and time; UTC where no zone is given. UsageError when it is none."""
    from core.errors import UsageError

    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"{text!r:.60} is no date: write it as 2026-01-31 or 2026-01-31T09:00.") from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _collections(library: Catalogue, names: Sequence[str]) -> tuple[str, ...]:
    from core.errors import UsageError

    known = sorted(collection.name for collection in library.collections()) if names else []
    if unknown := [name for name in names if name not in known]:
        there = f"there are {', '.join(known)}" if known else "there are none yet: add one with `parapet ingest add`"
        raise UsageError(f"There is no collection named {unknown[0]!r:.60}; {there}.")
    return tuple(names)


def _named(text: str, kind: str) -> str:
    from core.errors import UsageError

    if not text.strip():
        raise UsageError(f"The {kind} is empty: name a document, a folder, or a pattern such as policies/*.")
    return text.strip()


def _language(code: str) -> str:
    from core.errors import UsageError

    plain = code.strip().lower()
    if not _LANGUAGE.fullmatch(plain):
        raise UsageError(f"{code!r:.40} is no language: give its code of two letters, such as en, de or fr.")
    return plain


def _texts(value: object, key: str) -> list[str]:
    from core.errors import UsageError

    if value is None:
        return []
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    raise UsageError(f'"{key}" must be a list of texts, not {value!r:.60}')
