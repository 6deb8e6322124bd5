"""The web server: Streamlit's pages inside an ASGI application with our own gate, headers and health routes.

Answers and documents are data. The content policy lets the browser load nothing from anywhere but this server, so that
even markup that slipped through every escape could not send anything out.
"""

from __future__ import annotations

import base64
import gc
import hashlib
import importlib
import logging
import re
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from core.quiet import quiet

quiet()

import streamlit as st  # noqa: E402 - after quiet(), which switches its usage statistics off
import uvicorn  # noqa: E402
from anyio import to_thread  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import JSONResponse, Response  # noqa: E402
from starlette.routing import Route  # noqa: E402
from streamlit.web import bootstrap  # noqa: E402

from core.clock import new_id  # noqa: E402
from core.errors import ParapetError  # noqa: E402
from core.settings import Settings  # noqa: E402
from ui import state  # noqa: E402
from ui.address import is_loopback  # noqa: E402
from ui.gate import Gate  # noqa: E402

SCRIPT = Path(__file__).resolve().parent.parent / "app.py"
# What must hold whatever a configuration file says; the rest, such as the theme, is in .streamlit/config.toml.
OPTIONS: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,  # 0.5 s a script run with these libraries; see _preload
    "server.enableAgentApi": False,
    "server.enableStaticServing": False,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxUploadSize": 25,
}
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
GRACE_SECONDS = 3
_LOG = logging.getLogger("parapet")
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def serve(settings: Settings, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve on this socket until SIGINT or SIGTERM; `ready` is called once requests are answered."""
    application = create(settings, port=listener.getsockname()[1])
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


def create(settings: Settings, *, port: int) -> st.App:
    """The ASGI application for these settings."""
    names = [settings.host, *LOOPBACK_NAMES] if is_loopback(settings.host) else []
    application = st.App(
        SCRIPT,
        routes=[Route("/healthz", _alive), Route("/readyz", _ready)],
        middleware=[Middleware(Gate, hosts=frozenset(names), headers=_headers())],
        lifespan=_lifespan,
        on_script_error=_tell_page_failed,
        secrets={"none": ""},  # without any, each look at st.user parses the missing file anew
    )
    # only now is the folder of app.py known, whose .streamlit/config.toml holds the theme
    bootstrap.load_config_options(
        OPTIONS | {"server.address": settings.host, "server.port": port, "server.allowedHosts": sorted(set(names))}
    )
    return application


class _Server(uvicorn.Server):
    """uvicorn, telling when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


@asynccontextmanager
async def _lifespan(_application: st.App) -> AsyncIterator[None]:
    await to_thread.run_sync(_preload)
    try:
        yield
    finally:
        await to_thread.run_sync(_close)


def _preload() -> None:
    """Load all that the first question would wait for, then take it out of the garbage collector's sight."""
    importlib.import_module("pandas")  # Streamlit imports it at the first table or stream: 2 s
    parapet = state.parapet()
    parapet.turns.interrupt_running()  # left by a server that was killed: nobody makes them any more
    parapet.warm()
    gc.collect()
    gc.freeze()


def _close() -> None:
    state.parapet().close()


async def _alive(_request: Request) -> Response:
    return JSONResponse({"status": "alive"})


async def _ready(_request: Request) -> Response:
    try:
        documents, chunks = await to_thread.run_sync(_size)
    except ParapetError as error:
        return JSONResponse({"status": "not ready", "reason": str(error)}, status_code=503)
    return JSONResponse({"status": "ready", "documents": documents, "chunks": chunks})


def _tell_page_failed(error: Exception) -> bool:
    """Tell the operator what broke, and the reader that something did: details may hold what isn't theirs to read."""
    incident = new_id()
    _LOG.error("A page failed (incident %s)", incident, exc_info=error)
    st.error(f"Something broke on this page. Reload it; if that doesn't help, tell the operator: {incident}", icon="🧯")
    return True


def _size() -> tuple[int, int]:
    return state.parapet().library.size()


def _headers() -> dict[str, str]:
    """The security headers of every answer."""
    return {
        "Content-Security-Policy": content_policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",  # the address names the conversation
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }


def content_policy() -> str:
    """Everything from this server and nothing from elsewhere; Streamlit's inline scripts by their hashes."""
    index = Path(st.__file__).parent / "static" / "index.html"
    scripts = _INLINE_SCRIPT.findall(index.read_text(encoding="utf-8"))
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *(f"'sha256-{value}'" for value in hashes)]),
        "style-src": "'self' 'unsafe-inline'",  # Streamlit writes its styles into the page
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self' blob:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "frame-src": "'self'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
