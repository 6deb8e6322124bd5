"""From what an operator names to the candidates behind it: folders and files are walked, sites are crawled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ingest.finding.candidate import Candidate, Lost, Refusal, Unchanged
from ingest.finding.fetched import Kept, pages
from ingest.finding.walking import walk_one
from ingest.rows import roots
from ingest.rows.roots import Root
from ingest.web.crawling import FetchRules

Item = Candidate | Refusal | Unchanged | Lost


@dataclass(frozen=True, slots=True)
class Named:
    """A path or address as it was given, and the root that it is."""

    given: str
    root: Root

    @property
    def is_site(self) -> bool:
        """Whether it is fetched rather than walked."""
        return self.root.kind == roots.SITE


def named(given: str | Path, options: Mapping[str, Any] | None = None) -> Named:
    """What a path or address is; nothing is opened. `options` say how far an address is followed."""
    text = str(given)
    if is_address(text):
        return Named(text, Root(roots.SITE, text.split("#", 1)[0], dict(options or {})))
    path = Path(given)
    if path.is_dir():
        return Named(text, Root(roots.FOLDER, str(path.resolve())))
    return Named(text, Root(roots.FILE, str(path.parent.resolve() / path.name), {"source": path.as_posix()}))


def again(root: Root) -> Named:
    """A root that the collection knows, as if it were named anew."""
    return Named(root.location, root)


def is_address(text: str) -> bool:
    """Whether this names a page rather than a path."""
    return urlsplit(text).scheme.lower() in {"http", "https"}


def items(what: Named, *, kept: Kept, rules: FetchRules, home: Path) -> Iterator[Item]:
    """The candidates of a root, in order, and in their place what can't be one; `home` is left out."""
    if what.is_site:
        return pages(what.root, kept=kept, rules=rules)
    return walk_one(what.given, source=what.root.options.get("source"), home=home)
