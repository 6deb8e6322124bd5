"""What the markup of a page says of other pages: its links, and the wishes of its meta tags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from core.errors import RefusedDocument
from ingest.web.addresses import Address, parse
from ingest.web.media import is_other_file

_MOST_LINKS = 10_000  # of one page: those that come first
_MOST_BYTES = 5_000_000  # of a page; a tree takes many times as much memory


@dataclass(frozen=True, slots=True)
class Markup:
    """What was found in a page."""

    links: tuple[str, ...] = ()  # canonical, sorted, each once; without those marked nofollow
    meta: tuple[tuple[str, str], ...] = ()  # name and content of each meta tag that has both


def read_markup(content: bytes, charset: str, address: Address, *, obey_nofollow: bool) -> Markup:
    """Links and meta tags of an HTML page; nothing of one that is no markup."""
    from lxml import etree, html  # type: ignore[import-untyped]

    try:
        tree = html.document_fromstring(content[:_MOST_BYTES], parser=_parser(charset))
    except (etree.LxmlError, ValueError):
        return Markup()
    meta = tuple((tag.get("name"), tag.get("content") or "") for tag in tree.iter("meta") if tag.get("name"))
    links = {str(link) for link in _links(tree, _base(tree, address), obey_nofollow=obey_nofollow)}
    return Markup(tuple(sorted(links - {str(address)})), meta)


def _parser(charset: str) -> Any:
    from lxml import html

    try:
        return html.HTMLParser(encoding=charset or None)
    except LookupError:  # a character set that nobody knows: the page's own word for it will do
        return html.HTMLParser()


def _base(tree: Any, address: Address) -> Address:
    for element in tree.iter("base"):
        if element.get("href"):
            return _parsed(element.get("href"), address) or address
    return address


def _links(tree: Any, base: Address, *, obey_nofollow: bool) -> Iterator[Address]:
    hrefs = {  # a dictionary keeps their order
        href.split("#", 1)[0]: None
        for element in tree.iter("a", "area")
        if (href := element.get("href"))
        and not (obey_nofollow and "nofollow" in element.get("rel", "").lower().split())
    }
    for href in islice(hrefs, _MOST_LINKS):
        address = _parsed(href, base)
        if address is not None and not is_other_file(address.path):
            yield address


def _parsed(href: str, base: Address) -> Address | None:
    try:
        return parse(href, base)
    except RefusedDocument:
        return None  # mail, telephone, scripts, mistakes: no page of anybody's
