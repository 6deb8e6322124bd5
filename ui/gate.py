"""The gate in front of every request: which hosts and origins may come in, and the headers that go out.

Pure ASGI, so that it holds for the pages, their websocket and our own routes alike.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose


class Gate:
    """Refuses foreign hosts (a rebound name) and foreign origins (another site's script), and adds headers."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], headers: dict[str, str]) -> None:
        """Stand before `app`. Only these host names may be asked for; an empty set allows every one."""
        self._app = app
        self._hosts = hosts
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(Headers(scope=scope))
        if refusal and scope["type"] == "websocket":
            await WebSocketClose(code=1008, reason=refusal)(scope, receive, send)
        elif refusal:
            await PlainTextResponse(refusal, status_code=403)(scope, receive, send)
        else:
            await self._app(scope, receive, self._with_headers(send))

    def _refusal(self, headers: Headers) -> str:
        host = headers.get("host", "")
        if self._hosts and name_of(host) not in self._hosts:
            return "This host name is not served here."
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2].lower() != host.lower():
            return "Requests from other origins are not served."
        return ""

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
            await send(message)

        return sending


def name_of(host: str) -> str:
    """The name in a Host header, without port and brackets."""
    try:
        parts: Any = urlsplit(f"//{host}")
        return parts.hostname or ""
    except ValueError:
        return ""
