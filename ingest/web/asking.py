"""Asks servers with good manners: a pause between requests to a host, waiting when told to, redirects hop by hop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from core.errors import RefusedDocument
from ingest.web.addresses import Address, parse
from ingest.web.fetching import Answer, Fetcher
from ingest.web.rules import FetchRules, World

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
_TRIES = 3
_UNSAID_SECONDS = 5.0  # the wait when a busy server names none


class Client:
    """Sends what a crawl asks for, host by host at its pace."""

    def __init__(self, rules: FetchRules, world: World) -> None:
        self._rules = rules
        self._world = world
        self._fetcher = Fetcher(rules, world)
        self._delays: dict[str, float] = {}
        self._asked_at: dict[str, float] = {}

    def slow_down(self, host: str, seconds: float) -> None:
        """Note that a host wants longer pauses; they end where the rules' patience does."""
        if seconds > self._rules.delay_seconds:  # never so for what is no number
            self._delays[host] = min(seconds, self._rules.longest_wait_seconds)

    def follow(
        self,
        trail: list[Address],
        *,
        headers: Callable[[Address], Mapping[str, str]] = lambda _: {},
        enter: Callable[[Address], bool] = lambda _: True,
        judge: Callable[[Address, Answer], None] = lambda *_: None,
        max_bytes: int = 0,
    ) -> Answer | None:
        """The answer at the end of the redirects that begin at the trail's last address; each hop is added to it.

        `enter` is asked before each hop and ends the walk with None when it says no.
        """
        limit = max_bytes or self._rules.max_bytes
        for _ in range(self._rules.most_redirects + 1):
            address = trail[-1]
            if not enter(address):
                return None
            answer = self._patiently(address, headers(address), lambda head: judge(trail[-1], head), limit)
            if answer.status not in _REDIRECTS:
                return answer
            trail.append(_next(trail, answer))
        del trail[-1:]
        raise RefusedDocument("too_many_redirects", f"it leads on more than {self._rules.most_redirects} times")

    def _patiently(
        self, address: Address, headers: Mapping[str, str], judge: Callable[[Answer], None], limit: int
    ) -> Answer:
        for _ in range(_TRIES - 1):
            answer = self._paced(address, headers, judge, limit)
            wait = _retry_after(answer)
            if answer.status not in _BUSY or wait > self._rules.longest_wait_seconds:
                return answer
            self._world.sleep(wait)
        return self._paced(address, headers, judge, limit)

    def _paced(
        self, address: Address, headers: Mapping[str, str], judge: Callable[[Answer], None], limit: int
    ) -> Answer:
        if address.host in self._asked_at:
            due = self._asked_at[address.host] + self._delays.get(address.host, self._rules.delay_seconds)
            self._world.sleep(max(0.0, due - self._world.now()))
        try:
            return self._fetcher.fetch(address, headers, judge, limit)
        finally:
            self._asked_at[address.host] = self._world.now()


def _next(trail: list[Address], answer: Answer) -> Address:
    location = answer.header("location")
    if not location:
        raise RefusedDocument("broken", "it leads on without saying where")
    address = parse(location, trail[-1])
    if address in trail:
        raise RefusedDocument("too_many_redirects", f"it leads in a circle, back to {address}")
    return address


def _retry_after(answer: Answer) -> float:
    """Seconds that a busy server asks to wait; a date is measured by the server's own clock."""
    value = answer.header("retry-after")
    if value.isdecimal():
        return float(value)
    try:
        until, since = parsedate_to_datetime(value), parsedate_to_datetime(answer.header("date"))
    except ValueError:
        return _UNSAID_SECONDS
    return max(0.0, (_aware(until) - _aware(since)).total_seconds())


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
