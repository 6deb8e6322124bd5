"""The gate in front of the server: foreign hosts and origins are refused, headers go out with everything."""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from core.settings import Settings
from ui import server
from ui.address import is_loopback, url
from ui.gate import Gate, name_of

HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


async def behind(scope: Scope, receive: Receive, send: Send) -> None:
    """The application behind the gate."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"ALLOWALL")]})
        await send({"type": "http.response.body", "body": b"in"})
    else:
        await send({"type": "websocket.accept"})


def knock(kind: str = "http", hosts: frozenset[str] = HOSTS, **headers: str) -> list[Message]:
    """What comes back for a request with these headers."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": f"{kind}.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, Any] = {"type": kind, "headers": raw, "method": "GET", "path": "/"}
    asyncio.run(Gate(behind, hosts=hosts, headers={"X-Frame-Options": "DENY"})(scope, receive, send))
    return sent


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "LOCALHOST", "[::1]:8501"])
def test_this_machine_comes_in(host: str) -> None:
    """Names of this machine pass, and our headers replace those of the application."""
    start = knock(host=host)[0]
    assert start["status"] == 200
    assert start["headers"] == [(b"x-frame-options", b"DENY")]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8501", "", "127.0.0.1.evil.example", "[::1", "a@b:c"])
def test_foreign_names_stay_out(host: str) -> None:
    """A name that is not ours, as a rebound one is, gets nothing; its websocket is closed."""
    assert knock(host=host)[0]["status"] == 403
    assert knock("websocket", host=host)[0]["type"] == "websocket.close"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:9999", "http://[::1"])
def test_foreign_origins_stay_out(origin: str) -> None:
    """A page of another origin can neither ask nor open the websocket."""
    assert knock(host="localhost:8501", origin=origin)[0]["status"] == 403
    assert knock("websocket", host="localhost:8501", origin=origin)[0]["type"] == "websocket.close"


def test_our_own_origin_comes_in() -> None:
    """The page itself opens its websocket; without a list of names, its origin must still match."""
    assert knock("websocket", host="localhost:8501", origin="http://localhost:8501")[0]["type"] == "websocket.accept"
    assert knock(hosts=frozenset(), host="a.example", origin="http://a.example")[0]["status"] == 200
    assert knock(hosts=frozenset(), host="a.example", origin="http://b.example")[0]["status"] == 403


@pytest.mark.parametrize(
    ("host", "name"), [("a:1", "a"), ("[::1]:1", "::1"), ("A.b", "a.b"), ("[", ""), ("", ""), ("u:p@a", "a")]
)
def test_name_of(host: str, name: str) -> None:
    """The name in a Host header, whatever is written there."""
    assert name_of(host) == name


def test_the_content_policy_lets_nothing_in_from_elsewhere() -> None:
    """Scripts are this server's own and Streamlit's by their hash: nothing inline, nothing evaluated."""
    rules = dict(rule.split(" ", 1) for rule in server.content_policy().split("; "))
    assert rules["default-src"] == "'self'"
    assert "unsafe" not in rules["script-src"]
    assert "sha256-" in rules["script-src"]
    assert rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"


def test_safety_options_are_the_same_under_streamlit_run() -> None:
    """What the server sets, .streamlit/config.toml says too, for `streamlit run app.py`."""
    config = tomllib.loads((Path(server.SCRIPT).parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    shipped = {f"{table}.{name}": value for table, values in config.items() for name, value in values.items()}
    assert {name: shipped.get(name) for name in server.OPTIONS} == server.OPTIONS


def test_addresses() -> None:
    """Loopback is told from the rest, and a browser gets an address that it can open."""
    assert [is_loopback(host) for host in ("127.0.0.1", "127.8.0.1", "::1", "localhost")] == [True] * 4
    assert [is_loopback(host) for host in ("0.0.0.0", "192.168.1.4", "::", "example.org")] == [False] * 4
    assert url("0.0.0.0", 80) == "http://127.0.0.1:80"
    assert url("::1", 80) == "http://[::1]:80"
    assert Settings().host == "127.0.0.1"
