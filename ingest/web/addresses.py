"""Web addresses in one canonical form. Whatever could be read in two ways is refused, not guessed at."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from core.errors import RefusedDocument

_PORTS = {"http": 80, "https": 443}
_LONGEST = 2000
_STRIPPED = re.compile(r"[\t\r\n]")  # browsers take these out of an address
_DOUBTFUL = re.compile(r"[\x00-\x20\x7f\\]")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_PLAIN = re.compile(r"[A-Za-z0-9._~-]")
_SAFE = "/%:@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address: two addresses of the same page are equal."""

    scheme: str  # http or https
    host: str  # lower case ASCII, without the last dot; an IPv6 address without brackets
    port: int
    path: str  # begins with a slash, escaped in one way only
    query: str  # with its question mark, or empty

    @property
    def netloc(self) -> str:
        """The host as a Host header names it: with the port unless that is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The address of the whole site, without a slash at its end."""
        return f"{self.scheme}://{self.netloc}"

    def __str__(self) -> str:
        """The whole address, without a fragment."""
        return self.origin + self.path + self.query


def parse(url: str, base: Address | None = None) -> Address:
    """An address in its canonical form, relative ones seen from `base`; RefusedDocument says what is wrong with it."""
    text = _STRIPPED.sub("", url).strip().split("#", 1)[0].replace(" ", "%20")
    if _DOUBTFUL.search(text):
        raise _refused(url, "it holds a backslash or a control character")
    try:
        parts = urlsplit(urljoin(str(base), text) if base else text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused(url, f"it can't be read: {error}") from error
    if parts.scheme not in _PORTS:
        raise _refused(url, "only addresses that begin with http:// or https:// are fetched")
    if "@" in parts.netloc:
        raise _refused(url, "an address with a user name or password in it is not fetched; leave them out")
    address = Address(
        parts.scheme,
        _host(url, host),
        _PORTS[parts.scheme] if port is None else port,
        _path(parts.path),
        f"?{_escaped(parts.query, _SAFE + '?')}" if parts.query else "",
    )
    return _sane(url, address)


def _sane(url: str, address: Address) -> Address:
    """Mail, shells and their like listen below 1024: a page has no business there, and a request might do harm."""
    if address.port not in _PORTS.values() and address.port < 1024:
        raise _refused(url, f"port {address.port} is not one of a web server: 80, 443, or 1024 and above")
    if len(str(address)) > _LONGEST:
        raise _refused(url, f"it is longer than {_LONGEST:,} characters")
    return address


def _host(url: str, host: str) -> str:
    """Names in ASCII, numbers as the dotted form that everyone reads alike."""
    if ":" in host:
        return _ipv6(url, host)
    if not host.isascii():
        host = _ascii(url, host)
    host = host.lower().removesuffix(".")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError as error:
            raise _refused(url, "its host is a number in another form than four decimals with dots") from error
    if not _NAME.fullmatch(host) or len(host) > 253:
        raise _refused(url, "its host is not the name of a host" if host else "it names no host")
    return host


def _ipv6(url: str, host: str) -> str:
    try:
        if "%" in host:
            raise ValueError("it names a network interface")
        return str(ipaddress.IPv6Address(host))
    except ValueError as error:
        raise _refused(url, f"its host is not an IPv6 address: {error}") from error


def _ascii(url: str, host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise _refused(url, f"its host is not the name of a host: {error}") from error


def _path(path: str) -> str:
    """Dots resolved as RFC 3986 (5.2.4) says, escapes in one form."""
    kept: list[str] = []
    segments = _escaped(path, _SAFE).split("/")[1:] or [""]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _escaped(text: str, safe: str) -> str:
    """Escapes of plain characters are undone, others are in capitals, what needs one gets one."""
    quoted = quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text), safe=safe, errors="replace")
    return _ESCAPE.sub(_one_escape, quoted)


def _one_escape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if _PLAIN.fullmatch(character) else match[0].upper()


def _refused(url: str, reason: str) -> RefusedDocument:
    return RefusedDocument("bad_address", f"{url[:200]!r} can't be fetched: {reason}")
