"""Which hosts and network addresses may be asked: what is not on the public internet is refused unless allowed."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from core.errors import RefusedDocument
from ingest.web.rules import FetchRules, Resolver

# Names that stand for this machine or this network whatever a resolver says of them.
_INNER_NAMES = ("localhost", "localdomain", "local", "internal", "intranet", "lan", "home.arpa", "onion")
_PUBLIC_IPV6 = IPv6Network("2000::/3")  # everything else is special, or not given out yet
# Older versions of Python's ipaddress take these for public.
_SPECIAL_IPV4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
_SPECIAL_IPV6 = (IPv6Network("2001::/23"), IPv6Network("2001:db8::/32"), IPv6Network("3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


def addresses_of(host: str, port: int, rules: FetchRules, resolve: Resolver) -> Sequence[str]:
    """The addresses of a host, resolved once and every one of them fit to connect to; RefusedDocument otherwise."""
    allowed = rules.allows(host)
    if not allowed:
        _check_name(host)
    try:
        answers = resolve(host, port)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that the resolver can't even write
        raise RefusedDocument("unknown_host", f"{host} is not known to the resolver: {error}") from error
    for answer in answers:
        _check(host, answer, allowed=allowed)
    return answers


def _check_name(host: str) -> None:
    """Refuse a name that can only mean something inside; the resolver need not even be asked."""
    for inner in _INNER_NAMES:
        if host == inner or host.endswith(f".{inner}"):
            raise _refused(host, f"{inner} names this machine or its own network")


def _check(host: str, answer: str, *, allowed: bool) -> None:
    try:
        address = _meant(ipaddress.ip_address(answer.split("%", 1)[0]))
    except ValueError as error:
        raise RefusedDocument("unknown_host", f"the resolver's answer for {host} is no address: {answer!r}") from error
    if address.is_unspecified or address.is_multicast or address == IPv4Address("255.255.255.255"):
        raise RefusedDocument("private_address", f"{host} leads to {answer}, which is not the address of one machine")
    if allowed and not (address.is_link_local and host != answer):
        return  # link-local: clouds hand out keys there, so a name that leads there is not enough
    if not _public(address):
        raise _refused(host, f"it leads to {answer}, which is not on the public internet")


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv6 address that stands for one."""
    if isinstance(address, IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _NAT64:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is None and address in _COMPATIBLE and int(address) > 1:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address


def _public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _SPECIAL_IPV4)
    return (
        address.is_global
        and address in _PUBLIC_IPV6
        and not address.is_site_local
        and not any(address in network for network in _SPECIAL_IPV6)
    )


def _refused(host: str, reason: str) -> RefusedDocument:
    return RefusedDocument(
        "private_address", f"{host} is refused: {reason}; if it may be fetched, name it in PARAPET_WEB_ALLOW_HOSTS"
    )
