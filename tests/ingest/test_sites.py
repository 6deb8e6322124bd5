"""Web pages in a collection: followed as far as they were added, asked for only if they changed, gone when gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from chains.ingestion import open_inspector
from core.settings import Settings
from ingest.index import Library
from tests.ingest.folders import CountingIngester, states
from tests.ingest.papers import pdf
from tests.ingest.web.stage import Reply, Stage, served


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings by which a server on this machine may be asked, without waiting."""
    return settings.model_copy(update={"web_allow_hosts": "127.0.0.1", "web_delay_seconds": 0.0})


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A site of three pages, one behind the other, that answers 304 where it can."""
    with served() as stage:
        put(stage, "/", "The otter eats fish in the river.", "/a")
        put(stage, "/a", "The heron stands in the reeds.", "/b")
        put(stage, "/b", "The beaver builds a dam of wood.")
        yield stage


def put(stage: Stage, path: str, words: str, *links: str) -> None:
    """Put a page in place, or a new version of it."""
    anchors = "".join(f'<a href="{link}">more</a>' for link in links)
    body = f"<html><head><title>Page</title></head><body><main><p>{words}</p>{anchors}</main></body></html>".encode()

    def play(asked: Mapping[str, str]) -> Reply:
        tag = f'"{hash(words)}"'
        return Reply(b"", 304) if asked.get("If-None-Match") == tag else Reply(body, headers={"ETag": tag})

    stage.plays[path] = play


def follow(ingester: CountingIngester, url: str, depth: int) -> dict[str, str]:
    """Add a site, so far around."""
    ingester.crawl = {"depth": depth}
    report = ingester.add([url])
    ingester.crawl = {}
    return {source.removeprefix(url.rstrip("/")): state for source, state in states(report).items()}


def synced(ingester: CountingIngester, stage: Stage, *given: str) -> dict[str, str]:
    """What sync makes of each page."""
    return {source.removeprefix(stage.url): state for source, state in states(ingester.sync(given)).items()}


def test_a_site_is_followed_as_it_was_added(ingester: CountingIngester, stage: Stage) -> None:
    """Sources are addresses; sync goes as deep as add did, reads nothing that the server says is as it was."""
    assert follow(ingester, f"{stage.url}/", 2) == {"/": "added", "/a": "added", "/b": "added"}
    assert ingester.library.search("Who builds a dam?")[0].chunk.source == f"{stage.url}/b"
    ingester.taken_jobs()
    for given in ([], [f"{stage.url}/"]):
        assert set(synced(ingester, stage, *given).values()) == {"unchanged"}
    assert follow(ingester, f"{stage.url}/", 2)["/b"] == "unchanged"
    assert ingester.taken_jobs() == []
    assert [dict(root.options) for root in ingester.library.sources()] == [{"depth": 2}]


def test_changed_and_gone_pages(ingester: CountingIngester, stage: Stage) -> None:
    """A changed page behind unchanged ones is read anew, one that answers 404 goes."""
    follow(ingester, f"{stage.url}/", 2)
    put(stage, "/b", "The beaver sleeps all day.")
    assert synced(ingester, stage) == {"/": "unchanged", "/a": "unchanged", "/b": "updated"}
    del stage.plays["/b"]
    assert synced(ingester, stage) == {"/": "unchanged", "/a": "unchanged", "/b": "removed"}
    put(stage, "/", "The otter sleeps.")  # no longer links to /a
    assert synced(ingester, stage) == {"/": "updated", "/a": "removed"}


def test_a_page_that_is_gone_is_refused_by_add(ingester: CountingIngester, stage: Stage) -> None:
    """`add` removes nothing; a site that gave nothing is not followed from then on."""
    assert follow(ingester, f"{stage.url}/nothing", 0) == {"": "gone"}
    assert ingester.library.sources() == []


def test_where_the_way_in_is_gone_the_rest_stays(ingester: CountingIngester, stage: Stage) -> None:
    """The first page of the second source answers 404: only that page goes."""
    put(stage, "/other/", "The first site of two.")
    follow(ingester, f"{stage.url}/other/", 0)
    follow(ingester, f"{stage.url}/", 2)
    del stage.plays["/"]
    found = synced(ingester, stage, f"{stage.url}/other/", f"{stage.url}/")
    assert found == {"/other/": "unchanged", "/": "removed"}
    assert len(ingester.library.documents()) == 3


def test_a_server_that_is_down_removes_nothing(ingester: CountingIngester) -> None:
    """It is told by name and the pages stay."""
    with served() as stage:
        put(stage, "/", "The otter eats fish in the river.", "/a")
        put(stage, "/a", "The heron stands in the reeds.")
        follow(ingester, f"{stage.url}/", 1)
    report = ingester.sync()
    assert {document.code for document in report.documents} == {"unreachable"}
    assert all("can't be reached" in (document.reason or "") for document in report.documents)
    assert len(ingester.library.documents()) == 2


def test_another_way_of_reading_reads_unchanged_pages_anew(library: Library, stage: Stage) -> None:
    """The server is not asked whether the page changed when it would have to be read again anyway."""
    with CountingIngester(library) as before:
        follow(before, f"{stage.url}/", 1)
    with CountingIngester(library, inspector=open_inspector(library.settings)) as after:
        assert synced(after, stage) == {"/": "updated", "/a": "updated"}
        assert synced(after, stage) == {"/": "unchanged", "/a": "unchanged"}


def test_charsets_and_pdf(ingester: CountingIngester, stage: Stage) -> None:
    """The charset of the header, and that of the page, are honoured; a PDF is read as one, whatever it is called."""
    words = "Zażółć gęślą jaźń, powiedział kot do psa."
    head = '<meta charset="iso-8859-2">'
    stage.plays["/header"] = Reply(f"<p>{words}</p>".encode("iso-8859-2"), type="text/html; charset=iso-8859-2")
    stage.plays["/meta"] = Reply(f"<html><head>{head}</head><p>{words}</p></html>".encode("iso-8859-2"))
    stage.plays["/paper"] = Reply(pdf("The harvest was rich."), type="application/pdf")
    report = ingester.add([f"{stage.url}/{name}" for name in ("header", "meta", "paper")])
    assert [d.pages for d in report.documents] == [None, None, 1]
    for name in ("header", "meta"):
        document = ingester.library.document(f"{stage.url}/{name}")
        assert document is not None
        assert document.text.strip() == words


def test_refusals_say_what_to_do(ingester: CountingIngester, library: Library, stage: Stage) -> None:
    """robots.txt, and a private address without leave, which names the setting that would give it."""
    stage.plays["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /a", type="text/plain")
    assert follow(ingester, f"{stage.url}/", 1) == {"/": "added", "/a": "robots"}
    strict = library.settings.model_copy(update={"web_allow_hosts": ""})
    with CountingIngester(Library(strict, library.database, library.embedder)) as other:
        report = other.add([f"{stage.url}/b"])
    assert report.documents[0].code == "private_address"
    assert "PARAPET_WEB_ALLOW_HOSTS" in (report.documents[0].reason or "")
