"""From the outcomes of a crawl to candidates: a page is named by its address and read like a file of its type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from ingest.finding.candidate import Candidate, Lost, Refusal, Unchanged
from ingest.rows.roots import Root
from ingest.web.crawling import FetchRules, Gone, Page, Site, Unfetched, Validators, crawl

Kept = Callable[[str], Mapping[str, Any] | None]  # URL -> what was kept of the page's last fetch, None: not held

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def pages(root: Root, *, kept: Kept, rules: FetchRules) -> Iterator[Candidate | Refusal | Unchanged | Lost]:
    """What a site offers, page by page, as it is fetched."""

    def known(url: str) -> Validators | None:
        web = kept(url)
        return None if web is None else Validators(web.get("etag", ""), web.get("last_modified", ""))

    def links_of(url: str) -> tuple[str, ...]:
        return tuple((kept(url) or {}).get("links", ()))

    for came in crawl(Site(root.location, **root.options), known=known, links_of=links_of, rules=rules):
        if isinstance(came, Page):
            yield _candidate(came, root.location)
        elif isinstance(came, Unfetched):
            yield Refusal(came.url, came.code, came.reason, partial=came.partial)
        elif isinstance(came, Gone):
            yield Lost(came.url, came.code, came.reason)
        else:
            yield Unchanged(came.url)


def _candidate(page: Page, root: str) -> Candidate:
    content = _decoded(page)
    stem = PurePosixPath(urlsplit(page.url).path).stem or urlsplit(page.url).hostname or "page"
    web = {"etag": page.validators.etag, "last_modified": page.validators.last_modified, "links": list(page.links)}
    return Candidate(page.url, Path(stem + page.suffix), len(content), 0, page.url, root, content, web)


def _decoded(page: Page) -> bytes:
    """The body, in UTF-8 with a mark when the header tells its encoding: that goes before what the page declares."""
    if not page.charset or not page.content_type.startswith(("text/", "application/xhtml")):
        return page.content
    try:
        return _BYTE_ORDER_MARK + page.content.decode(page.charset).removeprefix("\ufeff").encode("utf-8")
    except (UnicodeDecodeError, LookupError):
        return page.content  # headers often say what is not so: the loader finds out
