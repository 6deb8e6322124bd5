"""The pages that a site's sitemaps name. Hostile ones are bounded: no entities, so many bytes, so many files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from core.errors import RefusedDocument
from ingest.web.addresses import Address, parse
from ingest.web.asking import Client
from ingest.web.inflating import MAGIC, inflated
from ingest.web.pages import Unfetched
from ingest.web.robots import Robots

_MOST_BYTES = 50 * 1024 * 1024  # unpacked, as sitemaps.org says
_MOST_FILES = 50
_LOC = re.compile(r"(\{[^}]*/schemas/sitemap/[\d.]+\})?loc")  # not the addresses of pictures and films
_ENTRY = re.compile(r"(\{[^}]*\})?(url|sitemap)")


def sitemap_pages(site: Address, client: Client, robots: Robots) -> Iterator[Address | Unfetched]:
    """Every page that the sitemaps of a site name, file by file, each file read when its turn comes.

    robots.txt says where the sitemaps are; where it says nothing, /sitemap.xml is tried.
    """
    named = robots.sitemaps(site) or (f"{site.origin}/sitemap.xml",)
    waiting, begun = list(named), set[Address]()
    while waiting:
        url = waiting.pop(0)
        try:
            address = parse(url, site)
            if address in begun:
                continue
            if len(begun) == _MOST_FILES:
                raise RefusedDocument("sitemap", f"the site has more than {_MOST_FILES} sitemaps; the rest is not read")
            begun.add(address)
            for entry, is_index in _entries(_content(address, client)):
                if is_index:
                    waiting.append(entry)
                else:
                    yield from _page(entry, address)
        except RefusedDocument as refusal:
            yield Unfetched(url, "sitemap", refusal.reason)
            if len(begun) == _MOST_FILES:
                return


def _page(entry: str, sitemap: Address) -> Iterator[Address]:
    try:
        yield parse(entry, sitemap)
    except RefusedDocument:
        return  # no address of a page: as with links, a mistake of its author


def _content(address: Address, client: Client) -> bytes:
    answer = client.follow([address], max_bytes=_MOST_BYTES)
    if answer is None or answer.status != 200:
        raise RefusedDocument("sitemap", f"there is no sitemap: the server answers {answer.status if answer else 0}")
    return inflated(answer.body, _MOST_BYTES) if answer.body.startswith(MAGIC) else answer.body


def _entries(content: bytes) -> Iterator[tuple[str, bool]]:
    """Each address, and whether it is that of another sitemap."""
    from xml.etree.ElementTree import ParseError  # its name only; defusedxml parses

    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

    is_index = None
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
            if is_index is None:
                is_index = element.tag.rpartition("}")[2] == "sitemapindex"
            elif event == "end" and _LOC.fullmatch(element.tag):
                yield (element.text or "").strip(), is_index
            elif event == "end" and _ENTRY.fullmatch(element.tag):
                element.clear()
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise RefusedDocument("sitemap", f"the sitemap is not well-formed or not safe to read: {error}") from error
