"""The nouns of a crawl: what the operator asked for, and what became of each page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from ingest.web.media import suffix_of


@dataclass(frozen=True, slots=True)
class Site:
    """A page, or the site around it, as the operator asked for it."""

    url: str
    depth: int = 0  # links followed from the first page; 0: that page alone
    same_host: bool = True  # stay on the first page's host, and below its folder when the address ends with a slash
    sitemap: bool = False  # also every page that the site's sitemap names, within the same bounds
    most_pages: int = 1000  # addresses that are asked for; the rest is told of, not fetched


@dataclass(frozen=True, slots=True)
class Validators:
    """What the server gave last time for a page, for a conditional request."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was fetched."""

    url: str  # canonical address after redirects, without fragment: the document's source
    content: bytes  # the decompressed body
    content_type: str  # media type, lower case, without parameters; guessed from the name where the server gave none
    charset: str  # as the header says, in lower case, or empty
    validators: Validators
    links: tuple[str, ...] = ()  # canonical addresses that it links to, sorted; none when it asks not to be followed

    @property
    def suffix(self) -> str:
        """The suffix that a file of this type has, with its dot: it tells the loader."""
        return suffix_of(self.content_type)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says that the page is as it was: the library's copy still stands."""

    url: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The page is no longer there for us: a copy in the library is to be removed."""

    url: str
    reason: str
    code: str = "gone"  # or noindex: it asks not to be in any index


@dataclass(frozen=True, slots=True)
class Unfetched:
    """A page that was refused or failed; what the library has of it stays."""

    url: str  # that the library has it under, else that it was asked at: a redirect may lead from here
    code: str  # stable
    reason: str  # for people

    @property
    def partial(self) -> bool:
        """Whether another run might find more: pages that this run did not name must not count as gone."""
        return self.code not in _SETTLED


# Outcomes that trying again does not change, and that hide no page behind them.
_SETTLED = frozenset(
    {"bad_address", "private_address", "other_host", "unsupported_type", "robots", "too_large", "empty"}
)

Outcome: TypeAlias = Page | Unchanged | Gone | Unfetched
