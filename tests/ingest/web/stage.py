"""A real web server on this machine that plays whatever a test writes for it, and notes what it was asked."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from ingest.web.crawling import FetchRules, Outcome, Page, Site, Unfetched, Validators, World, crawl
from ingest.web.rules import resolve

LOCAL = frozenset({"127.0.0.1"})


@dataclass
class Reply:
    """What the server answers."""

    body: bytes | Iterable[bytes] = b""
    status: int = 200
    type: str | None = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)


Play = Reply | Callable[[Mapping[str, str]], Reply]


@dataclass
class Stage:
    """The server: a reply for each path, or what makes one of the request's headers."""

    port: int
    plays: dict[str, Play] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  # paths in the order of the requests, without robots.txt
    all_asked: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)  # the Host header of each request
    agents: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address of the whole site."""
        return f"http://127.0.0.1:{self.port}"

    def html(self, path: str, *links: str, head: str = "", **headers: str) -> None:
        """Put a page with links in place."""
        anchors = "".join(f'<a href="{link}">{link}</a> ' for link in links)
        body = f"<html><head><title>{path}</title>{head}</head><body><p>Page {path}.</p>{anchors}</body></html>"
        self.plays[path] = Reply(body.encode(), headers={k.replace("_", "-"): v for k, v in headers.items()})


@contextmanager
def served(
    trust: ssl.SSLContext | None = None,
    *,
    host: str = "127.0.0.1",
    kind: type[ThreadingHTTPServer] = ThreadingHTTPServer,
) -> Iterator[Stage]:
    """A server on a free port for the length of the block."""
    server = kind((host, 0), _handler(stage := Stage(0)))
    server.daemon_threads = True
    stage.port = server.server_address[1]
    if trust is not None:
        server.socket = trust.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stage
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(stage: Stage) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stage.all_asked.append(self.path)
            stage.hosts.append(self.headers["Host"])
            stage.agents.append(self.headers["User-Agent"])
            if self.path != "/robots.txt":
                stage.asked.append(self.path)
            play = stage.plays.get(self.path, Reply(b"not here", 404))
            _send(self, play if isinstance(play, Reply) else play(dict(self.headers)))

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            with suppress(OSError):  # the client hung up, as several tests want it to
                super().handle()

    return Handler


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    pieces = [reply.body] if isinstance(reply.body, bytes) else reply.body
    handler.send_response_only(reply.status)  # a test's own Date counts
    if reply.type is not None:
        handler.send_header("Content-Type", reply.type)
    for name, value in reply.headers.items():
        for one in value.split("\n"):
            handler.send_header(name, one)
    if isinstance(reply.body, bytes) and "Content-Length" not in reply.headers:
        handler.send_header("Content-Length", str(len(reply.body)))
    handler.end_headers()
    for piece in pieces:
        handler.wfile.write(piece)
        handler.wfile.flush()


def rules(**changed: object) -> FetchRules:
    """Rules for a server on this machine: its address is allowed, and nothing waits."""
    return FetchRules(**{"allowed_hosts": LOCAL, "delay_seconds": 0, "timeout_seconds": 5, **changed})  # type: ignore[arg-type]


@dataclass
class Clock:
    """A clock that a test winds: sleeping only moves it on."""

    time: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        """What the clock shows."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Move on without waiting."""
        if seconds:
            self.slept.append(round(seconds, 3))
        self.time += seconds


@dataclass
class Names:
    """A resolver that answers from a list for each host, one entry a lookup, the last one for ever."""

    answers: Mapping[str, Sequence[Sequence[str]]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, port: int) -> Sequence[str]:
        """The next answer for a host; numbers are left to the system, as no network is needed for them."""
        if host not in self.answers:
            if host.replace(".", "").isdigit() or ":" in host:
                return resolve(host, port)
            raise OSError(f"{host} is not in this test's list")
        turns = self.answers[host]
        answer = turns[min(self.asked.count(host), len(turns) - 1)]
        self.asked.append(host)
        return answer


def run(
    site: Site | str,
    *,
    by: FetchRules | None = None,
    world: World | None = None,
    known: Mapping[str, Validators] | None = None,
    links: Mapping[str, Sequence[str]] | None = None,
) -> list[Outcome]:
    """Every outcome of a crawl."""
    return list(
        crawl(
            Site(site) if isinstance(site, str) else site,
            known=(known or {}).get,
            links_of=lambda url: (links or {}).get(url, ()),
            rules=by or rules(),
            world=world or World(sleep=Clock().sleep, resolve=Names({})),
        )
    )


def only(outcomes: Sequence[Outcome]) -> Outcome:
    """The one outcome of a crawl."""
    (outcome,) = outcomes
    return outcome


def page(outcomes: Sequence[Outcome]) -> Page:
    """The one page of a crawl."""
    outcome = only(outcomes)
    assert isinstance(outcome, Page), outcome
    return outcome


def refusal(outcomes: Sequence[Outcome]) -> Unfetched:
    """The one refusal of a crawl."""
    outcome = only(outcomes)
    assert isinstance(outcome, Unfetched), outcome
    return outcome
