"""From what an operator names to the candidates behind it: folders and files are walked, sites are crawled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ingest import roots
from ingest.candidate import Candidate, Lost, Refusal, Unchanged
from ingest.fetched import Kept, pages
from ingest.roots import Root
from ingest.walking import walk_one
from ingest.web.crawling import FetchRules, Site

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


def named(given: str | Path, site: Site) -> Named:
    """What a path or address is; nothing is opened. `site` says how far an address is followed."""
    text = str(given)
    if is_address(text):
        options = {
            "depth": site.depth,
            "same_host": site.same_host,
            "sitemap": site.sitemap,
            "most_pages": site.most_pages,
        }
        return Named(text, Root(roots.SITE, text.split("#", 1)[0], options))
    path = Path(given)
    kind = roots.FOLDER if path.is_dir() else roots.FILE
    resolved = path.resolve() if kind == roots.FOLDER else path.parent.resolve() / path.name
    return Named(text, Root(kind, str(resolved)))


def is_address(text: str) -> bool:
    """Whether this names a page rather than a path."""
    return urlsplit(text).scheme.lower() in {"http", "https"}


def items(what: Named, *, kept: Kept, rules: FetchRules) -> Iterator[Item]:
    """The candidates of a root, in order, and in their place what can't be one."""
    if what.is_site:
        return pages(what.root, kept=kept, rules=rules)
    return walk_one(what.given)
