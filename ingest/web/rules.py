"""What an operator allows when pages are fetched, and what of the outside world the fetching leans on."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Protocol


def _user_agent() -> str:
    return f"Parapet/{version('parapet')} (+document ingestion)"


@dataclass(frozen=True, slots=True)
class FetchRules:
    """Limits and manners of every request; a value that can be sent to another process."""

    allowed_hosts: frozenset[str] = frozenset()  # names or addresses that may be fetched though they are private
    delay_seconds: float = 1.0  # between two requests to a host; a longer Crawl-delay of its robots.txt wins
    longest_wait_seconds: float = 60.0  # no Crawl-delay or Retry-After is waited for longer
    timeout_seconds: float = 20.0  # to connect, and for each wait for more bytes
    total_seconds: float = 120.0  # for one request from its start to the last byte, however steadily it drips
    max_bytes: int = 50_000_000  # of a body, also after decompression
    user_agent: str = field(default_factory=_user_agent)
    obey_robots: bool = True  # robots.txt, robots meta tags, X-Robots-Tag and nofollow
    most_redirects: int = 5

    @property
    def robot(self) -> str:
        """The name that robots.txt and robots tags know this program by."""
        return self.user_agent.split("/", 1)[0].strip()

    def allows(self, host: str) -> bool:
        """Whether the operator named this host, given in its canonical form."""
        return host in {named.strip("[] ").rstrip(".").lower() for named in self.allowed_hosts}


class Resolver(Protocol):
    """Knows the network addresses of hosts."""

    def __call__(self, host: str, port: int) -> Sequence[str]:
        """Every address of a host; OSError when it has none."""
        ...


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address that the system's resolver gives for a host; OSError when it gives none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))


@dataclass(frozen=True, slots=True)
class World:
    """What lies outside of this program: who knows the names of hosts, and the clock."""

    resolve: Resolver = resolve  # asked once for each request, and nobody else is
    now: Callable[[], float] = time.monotonic  # for the pace between requests
    sleep: Callable[[float], None] = time.sleep
