"""IP addresses that may lead to a person: public ones, and others where a word calls them somebody's."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from guards.personal import beside
from guards.personal.found import Chosen, Found, Kind

_SIGN = re.compile(r"\d\.\d{1,3}\.\d|:[0-9a-fA-F]{0,4}:")
_IPV4 = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])")
_SOMEBODYS = beside.words(
    *"my ip,his ip,her ip,their ip,user ip,client ip,visitor ip,my address,from address,logged in from".split(",")
)
_ADDRESS = beside.words(*"ip,ips,ipv4,ipv6,address,addresses,host,client,visitor,blocked,banned,logged in".split(","))


def find(text: str, chosen: Chosen) -> Iterator[Found]:  # noqa: ARG001  every recogniser is asked alike
    """Addresses, and none that the words before call a version."""
    if not _SIGN.search(text):
        return
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(text):
            if risk := _risk(match):
                yield Found(*match.span(), Kind.IP_ADDRESS, "IP address", risk)


def _risk(match: re.Match[str]) -> float:
    try:
        address = ipaddress.ip_address(match.group())
    except ValueError:
        return 0.0
    before = beside.before(match.string, match.start(), 40)
    if beside.is_other(match.string, match.start()):
        return 0.0
    if address.is_global:
        return 0.9 if _ADDRESS.search(before) else 0.7
    unassigned = address.is_reserved or address.is_multicast  # nobody's, but as personal as the next one to a reader
    if unassigned and address.version == 4:
        return 0.6 if _ADDRESS.search(before) else 0.0
    return 0.6 if _SOMEBODYS.search(before) else 0.0
