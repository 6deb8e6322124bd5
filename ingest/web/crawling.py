"""A crawl: from the address that an operator named to what became of each page. Breadth first, in a fixed order."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from itertools import islice

from core.errors import RefusedDocument
from ingest.web.addresses import Address, parse
from ingest.web.asking import Client
from ingest.web.pages import Gone, Outcome, Page, Site, Unchanged, Unfetched, Validators
from ingest.web.robots import Robots
from ingest.web.rules import FetchRules, World
from ingest.web.scope import scope_of
from ingest.web.sitemaps import sitemap_pages
from ingest.web.visiting import Known, LinksOf, Visit, Visitor

__all__ = ["FetchRules", "Gone", "Outcome", "Page", "Site", "Unchanged", "Unfetched", "Validators", "World", "crawl"]


def crawl(
    site: Site, *, known: Known, links_of: LinksOf, rules: FetchRules, world: World | None = None
) -> Iterator[Outcome]:
    """What became of each page of a site, each told once, as soon as it is known. Raises nothing of its own.

    `known` gives what the server said last time of a page that the library has, empty validators when it said
    nothing, and None for a page that the library has not. `links_of` gives the links that a page had then.
    """
    try:
        first = parse(site.url)
    except RefusedDocument as refusal:
        yield Unfetched(site.url, refusal.code, refusal.reason)
        return
    yield from _Crawl(site, first, known, links_of, rules, world or World()).outcomes()


class _Crawl:
    """The state of one crawl."""

    def __init__(
        self, site: Site, first: Address, known: Known, links_of: LinksOf, rules: FetchRules, world: World
    ) -> None:
        self._site = site
        self._first = first
        self._client = Client(rules, world)
        self._robots = Robots(self._client, rules)
        self._visitor = Visitor(self._client, self._robots, rules, known, links_of)
        self._asked = 0
        self._depth = 0  # of the pages that are being visited
        self._below: set[Address] = set()  # pages for the next level

    def outcomes(self) -> Iterator[Outcome]:
        """The first page, then those that the sitemap names, then level by level those that are linked to."""
        visit = self._visitor.visit(self._first)
        reached = visit.reached if visit else self._first
        self._visitor.scope = scope_of(self._site, self._first, reached)
        yield from self._told(visit)
        level: list[Address] = []
        if self._site.sitemap:
            level = yield from self._named(reached)
        while level or self._below:
            for place, address in enumerate(level):
                if address in self._visitor.visited:
                    continue
                if self._asked >= self._site.most_pages:
                    yield self._stopped(level[place:])
                    return
                yield from self._told(self._visitor.visit(address))
            level, self._below, self._depth = sorted(self._below, key=str), set(), self._depth + 1

    def _told(self, visit: Visit | None) -> Iterator[Outcome]:
        if visit is not None:
            self._asked += 1
            if self._depth < self._site.depth:
                self._note(visit.links)
            yield visit.outcome

    def _note(self, links: Iterable[str]) -> None:
        """Links for the next level, no more than could ever be asked for."""
        new = self._visitor.scope.within(links) - self._visitor.visited - self._below
        room = self._site.most_pages + 1 - len(self._below)
        self._below.update(islice(sorted(new, key=str), max(0, room)))

    def _named(self, site: Address) -> Generator[Outcome, None, list[Address]]:
        """Yields what is wrong with the sitemaps; returns the pages that they name, as many as may be asked for."""
        named: set[Address] = set()
        for found in sitemap_pages(site, self._client, self._robots):
            if isinstance(found, Unfetched):
                yield found
            elif self._visitor.scope.holds(found):
                named.add(found)
            if len(named) > self._site.most_pages:
                break
        return sorted(named, key=str)

    def _stopped(self, left: Iterable[Address]) -> Unfetched:
        count = sum(address not in self._visitor.visited for address in left)
        reason = f"stopped after {self._asked:,} pages; {count:,} more or further ones were found: raise the limit"
        return Unfetched(self._site.url, "most_pages", reason)
