"""robots.txt, read once for each host of a run, as RFC 9309 says. The door of protego."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.errors import RefusedDocument
from ingest.web.addresses import Address, parse
from ingest.web.asking import Client
from ingest.web.rules import FetchRules

if TYPE_CHECKING:
    from protego import Protego

_MOST_BYTES = 1_000_000  # RFC 9309 asks for half of it at least

_OF_THE_HOST = frozenset({"private_address", "unknown_host", "unreachable", "certificate"})  # pages fail so as well


@dataclass(frozen=True, slots=True)
class _Policy:
    """What a site's robots.txt came to."""

    rules: Protego | None = None  # None: it has none, everything may be fetched
    failure: RefusedDocument | None = None  # why it can't be read: nothing may be fetched
    sitemaps: tuple[str, ...] = field(default=())


class Robots:
    """Knows what each site asks of robots; fetches its robots.txt when first asked."""

    def __init__(self, client: Client, rules: FetchRules) -> None:
        self._client = client
        self._rules = rules
        self._policies: dict[str, _Policy] = {}

    def check(self, address: Address) -> None:
        """RefusedDocument when the site does not want this address to be fetched."""
        if not self._rules.obey_robots:
            return
        policy = self._policy(address)
        if policy.failure is not None:
            raise RefusedDocument(policy.failure.code, policy.failure.reason)
        if policy.rules is not None and not policy.rules.can_fetch(str(address), self._rules.robot):
            raise RefusedDocument("robots", f"the robots.txt of {address.netloc} asks robots not to fetch it")

    def sitemaps(self, address: Address) -> tuple[str, ...]:
        """The sitemaps that a site's robots.txt names."""
        return self._policy(address).sitemaps

    def _policy(self, address: Address) -> _Policy:
        if address.origin not in self._policies:
            self._policies[address.origin] = self._read(address)
        return self._policies[address.origin]

    def _read(self, address: Address) -> _Policy:
        try:
            answer = self._client.follow([parse(f"{address.origin}/robots.txt")], max_bytes=_MOST_BYTES)
        except RefusedDocument as refusal:
            return _Policy(failure=refusal if refusal.code in _OF_THE_HOST else _unreadable(address, refusal.reason))
        if answer is None or answer.status >= 500 or answer.status == 429:
            return _Policy(failure=_unreadable(address, f"the server answers {answer.status if answer else 'nothing'}"))
        if answer.status != 200:
            return _Policy()
        return self._parsed(address, answer.body)

    def _parsed(self, address: Address, body: bytes) -> _Policy:
        from protego import Protego

        rules = Protego.parse(body.decode("utf-8-sig", "replace"))
        delay = rules.crawl_delay(self._rules.robot)
        if delay and self._rules.obey_robots:
            self._client.slow_down(address.host, delay)
        return _Policy(rules, sitemaps=tuple(dict.fromkeys(rules.sitemaps)))


def _unreadable(address: Address, why: str) -> RefusedDocument:
    reason = f"the robots.txt of {address.netloc} can't be read, so nothing is fetched there: {why}"
    return RefusedDocument("robots_unreachable", reason)
