"""Where a crawl may go: the hosts and the folder that the operator's address stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import RefusedDocument
from ingest.web.addresses import Address, parse
from ingest.web.pages import Site


@dataclass(frozen=True, slots=True)
class Scope:
    """The bounds of a crawl. http and https of a host are the same host; another port is another."""

    hosts: frozenset[str] | None = None  # None: any
    folder: str = "/"  # ends with a slash

    def holds(self, address: Address) -> bool:
        """Whether an address lies within."""
        return self.hosts is None or (address.netloc in self.hosts and address.path.startswith(self.folder))

    def within(self, urls: Iterable[str]) -> set[Address]:
        """Those of the addresses that lie within."""
        return {address for address in map(_parsed, urls) if address is not None and self.holds(address)}


def scope_of(site: Site, asked: Address, reached: Address) -> Scope:
    """The scope of a site whose first page was asked for at one address and reached at another.

    An address that ends with a slash names a folder: the crawl stays below it. That of the whole host is no folder.
    """
    if not site.same_host:
        return Scope()
    names_folder = asked.path.endswith("/") and asked.path != "/"
    folder = reached.path[: reached.path.rindex("/") + 1] if names_folder else "/"
    return Scope(frozenset({asked.netloc, reached.netloc}), folder)


def _parsed(url: str) -> Address | None:
    try:
        return parse(url)
    except RefusedDocument:
        return None
