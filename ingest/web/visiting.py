"""One visit to one page: asks politely, follows redirects, reads what came, and says what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.errors import RefusedDocument
from ingest.web.addresses import Address
from ingest.web.asking import Client
from ingest.web.fetching import Answer
from ingest.web.links import Markup, read_markup
from ingest.web.media import MARKUP, Media, media_of
from ingest.web.pages import Gone, Outcome, Page, Unchanged, Unfetched, Validators
from ingest.web.robots import Robots
from ingest.web.rules import FetchRules
from ingest.web.scope import Scope
from ingest.web.tags import Wishes, from_headers, from_meta

Known = Callable[[str], Validators | None]
LinksOf = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit came to."""

    outcome: Outcome
    reached: Address  # where the redirects ended
    links: Sequence[str] = ()  # to follow from here


class Visitor:
    """Visits pages, each address once in a run."""

    def __init__(self, client: Client, robots: Robots, rules: FetchRules, known: Known, links_of: LinksOf) -> None:
        self._client = client
        self._robots = robots
        self._rules = rules
        self._known = known
        self._links_of = links_of
        self.scope = Scope()  # redirects may not leave it
        self.visited: set[Address] = set()

    def visit(self, address: Address) -> Visit | None:
        """What became of a page; None when it leads to one that was visited before."""
        trail = [address]
        try:
            answer = self._client.follow(trail, headers=self._conditions, enter=self._enter, judge=_judge)
            return None if answer is None else self._visit(trail, answer)
        except RefusedDocument as refusal:
            return self._failed(trail, refusal.code, refusal.reason)

    def _enter(self, address: Address) -> bool:
        if address in self.visited:
            return False
        if not self.scope.holds(address):
            raise RefusedDocument("other_host", f"it leads to {address}, outside of the site; add that address itself")
        self.visited.add(address)
        self._robots.check(address)
        return True

    def _conditions(self, address: Address) -> Mapping[str, str]:
        known = self._known(str(address)) or Validators()
        asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in asked.items() if value}

    def _visit(self, trail: Sequence[Address], answer: Answer) -> Visit:
        reached = trail[-1]
        if answer.status == 200:
            return self._read(reached, answer)
        if answer.status == 304 and self._conditions(reached):
            return Visit(Unchanged(str(reached)), reached, self._links_of(str(reached)))
        if answer.status in {404, 410}:
            return Visit(
                Gone(str(self._kept(trail)), f"the server says that it is not there ({answer.status})"), reached
            )
        return self._failed(trail, *_meaning(answer.status))

    def _read(self, address: Address, answer: Answer) -> Visit:
        if not answer.body.strip():
            raise RefusedDocument("empty", "the page is empty")
        media = media_of(answer.header("content-type"), address.path)
        markup, wishes = self._markup(address, answer, media)
        links = () if wishes.nofollow else markup.links
        if wishes.noindex:
            reason = "it asks not to be kept in any index (noindex)"
            return Visit(Gone(str(address), reason, "noindex"), address, links)
        validators = Validators(answer.header("etag"), answer.header("last-modified"))
        page = Page(str(address), answer.body, media.name, media.charset, validators, links)
        return Visit(page, address, links)

    def _markup(self, address: Address, answer: Answer, media: Media) -> tuple[Markup, Wishes]:
        obeys = self._rules.obey_robots
        markup = Markup()
        if media.name in MARKUP:
            markup = read_markup(answer.body, media.charset, address, obey_nofollow=obeys)
        if not obeys:
            return markup, Wishes()
        robot = self._rules.robot
        return markup, from_headers(answer.all("x-robots-tag"), robot) | from_meta(markup.meta, robot)

    def _failed(self, trail: Sequence[Address], code: str, reason: str) -> Visit:
        """A failure hides no page: those that this one led to last time are visited all the same."""
        kept = self._kept(trail)
        return Visit(Unfetched(str(kept), code, reason), kept, self._links_of(str(kept)))

    def _kept(self, trail: Sequence[Address]) -> Address:
        """The address that the library has the page under; the one that was asked where it has none of them."""
        return next((address for address in reversed(trail) if self._known(str(address)) is not None), trail[0])


def _judge(address: Address, head: Answer) -> None:
    media_of(head.header("content-type"), address.path)


def _meaning(status: int) -> tuple[str, str]:
    """Code and reason of a status that gives no page."""
    if status in {401, 403, 407}:
        return "forbidden", f"the server refuses it or asks for a login ({status})"
    if status in {429, 503}:
        return "busy", f"the server is too busy ({status}); try again later"
    if status >= 500:
        return "server_error", f"the server failed ({status}); try again later"
    return "status", f"the server answers {status}, which gives no page"
