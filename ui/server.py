"""The web server: Streamlit's pages inside an ASGI application with our own gate and headers, the API beside them.

Answers and documents are data. The content policy lets the browser load nothing from anywhere but this server, so that
even markup that slipped through every escape could not send anything out.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import logging
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from core.quiet import quiet

quiet()

import streamlit as st  # noqa: E402 - after quiet(), which switches its usage statistics off
from anyio import to_thread  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from streamlit.web import bootstrap  # noqa: E402

from core.clock import new_id  # noqa: E402
from core.settings import Settings  # noqa: E402
from ui import state, web  # noqa: E402
from ui.address import is_loopback  # noqa: E402
from ui.api import Api  # noqa: E402
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
_LOG = logging.getLogger("parapet")
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def serve(settings: Settings, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve pages and API on this socket until SIGINT or SIGTERM; `ready` is called once requests are answered."""
    web.run(create(settings, port=listener.getsockname()[1]), listener, ready)


def create(settings: Settings, *, port: int) -> st.App:
    """The ASGI application for these settings."""
    names = web.names(settings)
    api = Api(state.parapet, loopback=is_loopback(settings.host))

    @asynccontextmanager
    async def lifespan(_application: st.App) -> AsyncIterator[None]:
        await to_thread.run_sync(_preload)
        try:
            yield
        finally:
            await api.close()
            await to_thread.run_sync(_close)

    application = st.App(
        SCRIPT,
        routes=[*web.health_routes(state.parapet), *api.routes()],
        middleware=[Middleware(Gate, hosts=frozenset(names), headers=_headers())],
        lifespan=lifespan,
        on_script_error=_tell_page_failed,
        secrets={"none": ""},  # without any, each look at st.user parses the missing file anew
    )
    # only now is the folder of app.py known, whose .streamlit/config.toml holds the theme
    bootstrap.load_config_options(
        OPTIONS | {"server.address": settings.host, "server.port": port, "server.allowedHosts": sorted(set(names))}
    )
    return application


def _preload() -> None:
    """Load all that the first question would wait for."""
    importlib.import_module("pandas")  # Streamlit imports it at the first table or stream: 2 s
    parapet = state.parapet()
    parapet.turns.interrupt_running()  # left by a server that was killed: nobody makes them any more
    parapet.warm()
    web.settle()


def _close() -> None:
    state.parapet().close()


def _tell_page_failed(error: Exception) -> bool:
    """Tell the operator what broke, and the reader that something did: details may hold what isn't theirs to read."""
    incident = new_id()
    _LOG.error("A page failed (incident %s)", incident, exc_info=error)
    st.error(f"Something broke on this page. Reload it; if that doesn't help, tell the operator: {incident}", icon="🧯")
    return True


def _headers() -> dict[str, str]:
    """The security headers of every answer."""
    return web.HEADERS | {"Content-Security-Policy": content_policy()}


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
