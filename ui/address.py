"""Addresses to listen on: what is loopback, what a browser is told, and the socket itself."""

from __future__ import annotations

import errno
import ipaddress
import socket

from core.errors import UsageError

BACKLOG = 128


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def url(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; UsageError when the port is taken or the address is not ours."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise UsageError(_why(error, host, port)) from error
    return listener


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken, perhaps by a Parapet that already runs. "
            "Stop that one, or choose another with --port or PARAPET_PORT."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this account: choose one above 1023 with --port or PARAPET_PORT."
    return f"{host}:{port} can't be listened on: {error.strerror or error}. Check --host or PARAPET_HOST."
