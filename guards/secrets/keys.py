"""Private keys as blocks of text: PEM, OpenSSH, PGP, PuTTY, JSON Web Key. A block is found whole, also without its end.

A block without anything like a key in it (dots, a name in brackets, a word) is only talk about keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guards.secrets.found import Found
from guards.secrets.placeholder import is_dummy, is_pattern

_BEGIN = re.compile(r"-----BEGIN (?P<kind>[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----")
_MOST = 20_000  # characters of a block
_BODY = re.compile(r"(?:[A-Za-z0-9+/=\s\\,:;.()\"'`>|_#*{}<@-]|(?<=\S)-(?!----))*")
_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_HEADER = re.compile(r"(?m)^\W{0,8}(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash|Subject)\s?:[^\n]*$")
_RUN = re.compile(r"[A-Za-z0-9+/=]{4,}")
_PUTTY = re.compile(
    r"PuTTY-User-Key-File-\d: [\s\S]{0,4000}?Private-Lines: \d{1,3}\s(?P<value>(?:[A-Za-z0-9+/=]{4,90}\s{0,4}){1,120})"
)
_JWK = re.compile(r"\"(?:d|k|p|q|dp|dq|qi)\"\s{0,4}:\s{0,4}\"(?P<value>[A-Za-z0-9_-]{22,1400})\"")
_WIREGUARD = re.compile(
    r"(?i)\b(?:private|preshared)_?key\s{0,3}[=:]\s{0,3}[\"']?(?P<value>[A-Za-z0-9+/]{42}[A-Za-z0-9+/]=)"
)
_ENCODED = re.compile(r"(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi[A-Za-z0-9+/\s]{60,12000}={0,2}")


def blocks(text: str) -> Iterator[Found]:
    """Every private key."""
    begins = list(_BEGIN.finditer(text))
    for match, following in zip(begins, [*begins[1:], None], strict=False):
        limit = min(match.end() + _MOST, following.start() if following else len(text))
        end, body = _extent(text, match.end(), limit)
        if _holds_key(body):
            yield Found(match.start(), end, "private key", 1.0)
    if "PuTTY-User-Key-File" in text:
        yield from (Found(*m.span(), "private key", 1.0) for m in _PUTTY.finditer(text))
    if '"kty"' in text:
        yield from (
            Found(*m.span("value"), "private key", 1.0) for m in _JWK.finditer(text) if not is_dummy(m["value"])
        )
    if "LS0tLS1CRUdJTi" in text:
        yield from (Found(*m.span(), "private key", 1.0) for m in _ENCODED.finditer(text) if _is_encoded_key(m.group()))
    if "rivate" in text or "hared" in text or "PRIVATE" in text:
        yield from (
            Found(*m.span("value"), "private key", 1.0) for m in _WIREGUARD.finditer(text) if not is_pattern(m["value"])
        )


def _extent(text: str, start: int, limit: int) -> tuple[int, str]:
    """Where the block ends, and what stands between its lines: up to its last line, or as far as it looks so."""
    end = _END.search(text, start, limit)
    if end is not None:
        return end.end(), text[start : end.start()]
    stop = _BODY.match(text, start, limit)
    cut = text[start : stop.end() if stop is not None else start]
    return start + len(cut), cut


def _holds_key(body: str) -> bool:
    """Whether there are characters of a key, and not words that stand for one."""
    plain = _HEADER.sub("", body.replace("\\n", "\n").replace("\\r", ""))
    runs = _RUN.findall(plain)
    if not runs:
        return False
    joined = "".join(runs)
    if len(joined) < 40:
        return bool(re.match(r"\W*MI[A-Za-z0-9+/]|\W*b3Blbn", plain)) and not is_dummy(plain)
    longest = max(map(len, runs))
    return (
        longest >= 24
        and not is_pattern(joined[:200])
        and not re.search(r"(?i)\.{3}|…|your|example|redacted|placeholder|<[a-z]", plain)
    )


def _is_encoded_key(text: str) -> bool:
    import base64
    import binascii

    body = re.sub(r"\s", "", text).rstrip("=")
    try:
        return b"PRIVATE KEY" in base64.b64decode(body[: len(body) // 4 * 4])
    except (binascii.Error, ValueError):
        return False
