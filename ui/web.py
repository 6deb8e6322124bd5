"""What every server of ours has: uvicorn on a socket, the names it goes by, health; and the one that has no pages."""

from __future__ import annotations

import gc
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING

import uvicorn
from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from core.errors import ParapetError
from core.settings import Settings
from ui.address import is_loopback
from ui.api import Api
from ui.gate import Gate

if TYPE_CHECKING:
    from chains.assemble import Parapet
    from guards.live import LivePolicy

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
GRACE_SECONDS = 3
# what every answer carries, pages or not
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # the address of a page names the conversation
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def serve_api(settings: Settings, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve the API without pages on this socket until SIGINT or SIGTERM; `ready` is called once it answers."""
    from chains.configuration import live_policy

    run(create_api(settings, live_policy()), listener, ready)


def create_api(settings: Settings, live: LivePolicy | None = None) -> Starlette:
    """The ASGI application without pages: health, metrics and the API. `live` is the policy where it follows a file."""

    @cache
    def opened() -> Parapet:
        from chains.assemble import assemble

        return assemble(settings, live)

    def prepare() -> None:
        opened().warm()
        settle()

    api = Api(opened, loopback=is_loopback(settings.host))

    @asynccontextmanager
    async def lifespan(_application: Starlette) -> AsyncIterator[None]:
        await to_thread.run_sync(prepare)
        try:
            yield
        finally:
            await api.close()
            await to_thread.run_sync(opened().close)

    gate = Middleware(Gate, hosts=frozenset(names(settings)), headers=HEADERS)
    return Starlette(routes=[*health_routes(opened), *api.routes()], middleware=[gate], lifespan=lifespan)


def run(application: ASGIApp, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Run an application on this socket until SIGINT or SIGTERM."""
    config = uvicorn.Config(
        application,
        access_log=False,  # addresses of pages name conversations
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws="websockets-sansio",
        ws_max_size=32_000_000,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn shuts down at these and raises them once more at the end: by then all is done
        signal.signal(number, lambda *_: None)
    server = _Server(config, ready)
    server.run(sockets=[listener])
    if not server.started:
        raise ParapetError("The server could not start; what went wrong is said above.")


def names(settings: Settings) -> list[str]:
    """The host names that may be asked for: those of this machine, or any when others can reach the address."""
    return [settings.host, *LOOPBACK_NAMES] if is_loopback(settings.host) else []


def settle() -> None:
    """Take what was loaded at the start out of the garbage collector's sight: it stays."""
    gc.collect()
    gc.freeze()


def health_routes(opened: Callable[[], Parapet]) -> list[BaseRoute]:
    """/healthz: the process answers. /readyz: the library does."""

    def size() -> tuple[int, int]:
        return opened().library.size()

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(_request: Request) -> Response:
        try:
            documents, chunks = await to_thread.run_sync(size)
        except ParapetError as error:
            return JSONResponse({"status": "not ready", "reason": str(error)}, status_code=503)
        live = opened().live
        faulty = {"policy_fault": live.fault} if live is not None and live.fault else {}
        return JSONResponse({"status": "ready", "documents": documents, "chunks": chunks, **faulty})

    return [Route("/healthz", alive), Route("/readyz", ready)]


class _Server(uvicorn.Server):
    """uvicorn, telling when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
