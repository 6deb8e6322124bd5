"""Secrets behind base64 in the manifests of Kubernetes, where encoding protects nothing."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from guards.secrets.found import Found
from guards.secrets.placeholder import is_placeholder

_KIND = re.compile(r"(?m)^\s{0,8}[\"']?kind[\"']?:\s{0,3}[\"']?Secret\b")
_ENTRY = re.compile(
    r"(?m)^\s{1,12}[\"']?(?P<name>[\w.-]{1,80})[\"']?:\s{0,3}[\"']?(?P<value>[A-Za-z0-9+/]{8,4000}={0,2})[\"']?,?\s{0,3}$"
)
_DATA = re.compile(r"(?m)^\s{0,8}[\"']?data[\"']?:")
_TELLS_NOTHING = re.compile(
    r"(?i)(?:user(?:name)?|host|port|database|db|ca\.crt|tls\.crt|namespace|email|region|url|name)$"
)


def encoded(text: str) -> Iterator[Found]:
    """Values of a Secret that decode to a text which stands for nothing else."""
    if _KIND.search(text) is None:
        return
    data = _DATA.search(text)
    if data is None:
        return
    for match in _ENTRY.finditer(text, data.end()):
        plain = _plain(match["value"])
        if (match["name"].startswith(".docker") and '"auth' in plain) or (
            plain and not _TELLS_NOTHING.search(match["name"]) and not is_placeholder(plain)
        ):
            yield Found(*match.span("value"), "encoded secret", 0.8)


def _plain(code: str) -> str:
    """What the base64 says, when that is a line of text; else nothing."""
    try:
        plain = base64.b64decode(code, validate=True).decode("utf-8").strip()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    return plain if len(plain) >= 4 and all(c.isprintable() or c in "\r\n\t" for c in plain) else ""
