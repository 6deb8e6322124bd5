"""One request and its answer: the host checked, the body decompressed, all within the rules. Follows nothing."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.errors import RefusedDocument
from ingest.web.addresses import Address
from ingest.web.connecting import Deadline, exchange, trusted
from ingest.web.inflating import Inflater, check_size
from ingest.web.permits import addresses_of
from ingest.web.rules import FetchRules, World

ACCEPT = (
    "text/html,application/xhtml+xml,text/markdown;q=0.9,text/plain;q=0.9,application/pdf;q=0.9,"
    "application/json;q=0.8,application/xml;q=0.8,*/*;q=0.5"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Sequence[tuple[str, str]]  # names in lower case, in the order that they came
    body: bytes = b""  # decompressed; empty unless the status is 200

    def header(self, name: str) -> str:
        """A header's value, those of several joined by commas; or nothing."""
        return ", ".join(self.all(name))

    def all(self, name: str) -> Sequence[str]:
        """The values of all headers of a name."""
        return tuple(value.strip() for known, value in self.headers if known == name)


Judge = Callable[[Answer], None]  # looks at the head before the body is read; RefusedDocument when it is not wanted


class Fetcher:
    """Sends requests by the rules."""

    def __init__(self, rules: FetchRules, world: World) -> None:
        self._rules = rules
        self._world = world

    def fetch(self, address: Address, headers: Mapping[str, str], judge: Judge, max_bytes: int) -> Answer:
        """The answer to one GET, whatever its status; RefusedDocument when there is none or it is not wanted."""
        deadline = Deadline(self._rules.total_seconds, self._rules.timeout_seconds)
        with exchange(address, self._headers(address) | dict(headers), self._find, deadline, self._trust) as response:
            head = Answer(response.status, _text(response.headers))
            if response.status != 200:
                return head
            judge(head)
            return Answer(head.status, head.headers, _body(head, response.iter_stream(), max_bytes))

    def _headers(self, address: Address) -> dict[str, str]:
        return {
            "Host": address.netloc,
            "User-Agent": self._rules.user_agent,
            "Accept": ACCEPT,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }

    def _find(self, host: str, port: int) -> Sequence[str]:
        """The only place where a name becomes an address: what is checked here is what is connected to."""
        return addresses_of(host, port, self._rules, self._world.resolve)

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return trusted()


def _text(headers: Iterable[tuple[bytes, bytes]]) -> Sequence[tuple[str, str]]:
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)


def _body(head: Answer, pieces: Iterable[bytes], max_bytes: int) -> bytes:
    """The body, given up as soon as it is too large, on the wire or unpacked."""
    encoding = head.header("content-encoding").lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise RefusedDocument("broken", f"its body is compressed as {encoding!r}, which was not asked for")
    length = head.header("content-length")
    check_size(int(length) if length.isdecimal() and len(length) < 20 else 0, max_bytes)
    inflater = Inflater(max_bytes) if encoding.endswith("gzip") else None
    parts: list[bytes] = []
    received = unpacked = 0
    for piece in pieces:
        received += len(piece)
        part = inflater.feed(piece) if inflater else piece
        unpacked += len(part)
        check_size(max(received, unpacked), max_bytes)
        parts.append(part)
    if inflater and received:
        inflater.finish()
    return b"".join(parts)
