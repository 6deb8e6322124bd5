"""Crawls of a site: which pages are asked for, in which order, and what a second run costs."""

import gzip
from collections.abc import Mapping

import pytest

from ingest.web.crawling import Gone, Outcome, Page, Site, Unchanged, Unfetched, Validators, World
from tests.ingest.web.stage import Clock, Names, Reply, Stage, only, page, refusal, rules, run, served


def told(stage: Stage, outcomes: list[Outcome]) -> dict[str, str]:
    """Path of each outcome and what it is: its code, or the name of its kind."""
    return {
        outcome.url.removeprefix(stage.url): getattr(outcome, "code", type(outcome).__name__.lower())
        for outcome in outcomes
    }


def tree(stage: Stage) -> None:
    """A small site: two levels, a circle, and a link to itself."""
    stage.html("/", "/b", "/a", "/#top", "mailto:a@docs.example", "/logo.png")
    stage.html("/a", "/a/1", "/", "/a?page=2")
    stage.html("/b", "/a", "/b/1#x", "/b/1#y")
    for path in ("/a/1", "/b/1", "/a?page=2"):
        stage.html(path, "/deeper")
    stage.html("/deeper")


@pytest.mark.parametrize(
    ("depth", "asked"),
    [
        (0, ["/"]),
        (1, ["/", "/a", "/b"]),
        (2, ["/", "/a", "/b", "/a/1", "/a?page=2", "/b/1"]),
        (9, ["/", "/a", "/b", "/a/1", "/a?page=2", "/b/1", "/deeper"]),
    ],
)
def test_depth(stage: Stage, depth: int, asked: list[str]) -> None:
    """Links are followed level by level, in a fixed order, each page once."""
    tree(stage)
    outcomes = run(Site(stage.url, depth=depth))
    assert stage.asked == asked
    assert list(told(stage, outcomes)) == asked


def test_the_limit(stage: Stage) -> None:
    """Past the most pages the crawl stops and says so: what it did not see must not count as gone."""
    tree(stage)
    *pages, last = run(Site(stage.url, depth=9, most_pages=3))
    assert len(pages) == 3
    assert isinstance(last, Unfetched)
    assert (last.code, last.partial) == ("most_pages", True)
    assert len(stage.asked) == 3


def test_exactly_the_limit(stage: Stage) -> None:
    """A site with just as many pages as may be asked for is whole."""
    tree(stage)
    assert set(told(stage, run(Site(stage.url, depth=1, most_pages=3))).values()) == {"page"}


def test_same_host(stage: Stage) -> None:
    """Other hosts and ports are left alone, unless they are asked for; redirects don't lead there either."""
    with served() as other:
        other.html("/x")
        stage.html("/", f"{other.url}/x", "/away")
        stage.plays["/away"] = Reply(status=302, headers={"Location": f"{other.url}/x"})
        assert told(stage, run(Site(stage.url, depth=1))) == {"/": "page", "/away": "other_host"}
        assert other.all_asked == []
        outcomes = told(stage, run(Site(stage.url, depth=1, same_host=False)))
        assert outcomes == {"/": "page", f"{other.url}/x": "page"}
        assert other.all_asked == ["/robots.txt", "/x"]


def test_the_first_page_may_lead_elsewhere(stage: Stage) -> None:
    """What the operator named may be a redirect: where it leads is the site."""
    with served() as other:
        stage.plays["/"] = Reply(status=301, headers={"Location": f"{other.url}/home"})
        other.html("/home", "/x", f"{stage.url}/y")
        other.html("/x")
        stage.html("/y")
        assert {outcome.url for outcome in run(Site(stage.url, depth=1))} == {
            f"{other.url}/home",
            f"{other.url}/x",
            f"{stage.url}/y",
        }


def test_a_folder(stage: Stage) -> None:
    """An address that ends with a slash stands for its folder; one that doesn't, for the whole host."""
    for path in ("/docs/", "/docs/index"):
        stage.html(path, "/docs/a", "/blog", "/docs/../blog")
    stage.html("/docs/a")
    stage.html("/blog")
    assert set(told(stage, run(Site(f"{stage.url}/docs/", depth=1)))) == {"/docs/", "/docs/a"}
    assert set(told(stage, run(Site(f"{stage.url}/docs/index", depth=1)))) == {"/docs/index", "/docs/a", "/blog"}


def test_redirects(stage: Stage) -> None:
    """A page is called by where it is in the end; two ways to one page are one page."""
    stage.html("/", "/old", "/older", "/new")
    stage.plays["/old"] = Reply(status=301, headers={"Location": "new#part"})
    stage.plays["/older"] = Reply(status=308, headers={"Location": f"{stage.url}/old"})
    stage.html("/new")
    assert told(stage, run(Site(stage.url, depth=1))) == {"/": "page", "/new": "page"}
    assert stage.asked == ["/", "/new", "/old", "/older"]


def test_redirects_without_end(stage: Stage) -> None:
    """Circles, endless chains and redirects to nowhere are given up."""
    stage.plays["/self"] = Reply(status=302, headers={"Location": "/self"})
    stage.plays["/a"] = Reply(status=302, headers={"Location": "/b"})
    stage.plays["/b"] = Reply(status=302, headers={"Location": "/a"})
    stage.plays["/blank"] = Reply(status=302)
    for number in range(10):
        stage.plays[f"/{number}"] = Reply(status=302, headers={"Location": f"/{number + 1}"})
    assert refusal(run(f"{stage.url}/self")).code == "too_many_redirects"
    assert refusal(run(f"{stage.url}/a")) == Unfetched(
        f"{stage.url}/a", "too_many_redirects", f"it leads in a circle, back to {stage.url}/a"
    )
    assert refusal(run(f"{stage.url}/blank")).code == "broken"
    stage.asked.clear()
    assert refusal(run(f"{stage.url}/0", by=rules(most_redirects=3))).code == "too_many_redirects"
    assert stage.asked == ["/0", "/1", "/2", "/3"]


def versioned(stage: Stage, path: str, *links: str, etag: str = '"1"') -> None:
    """Put a page in place that answers conditional requests."""
    stage.html(path, *links, ETag=etag)
    full = stage.plays[path]
    assert isinstance(full, Reply)

    def reply(headers: Mapping[str, str]) -> Reply:
        return Reply(status=304, type=None) if headers.get("If-None-Match") == etag else full

    stage.plays[path] = reply


def test_a_second_run(stage: Stage) -> None:
    """A page that did not change is not sent again, and its links of last time are followed all the same."""
    versioned(stage, "/", "/a", "/b")
    versioned(stage, "/a")
    versioned(stage, "/b")
    pages = [outcome for outcome in run(Site(stage.url, depth=1)) if isinstance(outcome, Page)]
    known = {found.url: found.validators for found in pages}
    links = {found.url: found.links for found in pages}
    again = run(Site(stage.url, depth=1), known=known, links=links)
    assert again == [Unchanged(f"{stage.url}{path}") for path in ("/", "/a", "/b")]
    versioned(stage, "/a", etag='"2"')
    del stage.plays["/b"]
    assert told(stage, run(Site(stage.url, depth=1), known=known, links=links)) == {
        "/": "unchanged",
        "/a": "page",
        "/b": "gone",
    }


def test_last_modified(stage: Stage) -> None:
    """A server without entity tags is asked by date; what it said comes back to it as it was."""
    date = "Sun, 01 Nov 2026 10:00:00 GMT"
    asked: list[str] = []

    def reply(headers: Mapping[str, str]) -> Reply:
        asked.append(headers.get("If-Modified-Since", ""))
        return Reply(status=304, type=None)

    stage.plays["/"] = reply
    known = {f"{stage.url}/": Validators(last_modified=date)}
    assert only(run(stage.url, known=known)) == Unchanged(f"{stage.url}/")
    assert asked == [date]


def test_not_modified_behind_a_redirect(stage: Stage) -> None:
    """The condition is asked of the address that the library has the page under."""
    stage.plays["/"] = Reply(status=302, headers={"Location": "/home"})
    versioned(stage, "/home")
    assert only(run(stage.url, known={f"{stage.url}/home": Validators('"1"')})) == Unchanged(f"{stage.url}/home")


def test_a_failing_page_hides_none(stage: Stage) -> None:
    """Where a page fails that led to others last time, those are visited; it is told under the name it is kept by."""
    stage.plays["/"] = Reply(status=302, headers={"Location": "/home"})
    stage.plays["/home"] = Reply(status=500)
    stage.html("/a")
    home = f"{stage.url}/home"
    outcomes = run(Site(stage.url, depth=1), known={home: Validators()}, links={home: [f"{stage.url}/a"]})
    assert told(stage, outcomes) == {"/home": "server_error", "/a": "page"}


def test_gone(stage: Stage) -> None:
    """Pages that are not there or were taken away are gone."""
    stage.html("/", "/missing", "/removed")
    stage.plays["/removed"] = Reply(status=410)
    assert told(stage, run(Site(stage.url, depth=1))) == {"/": "page", "/missing": "gone", "/removed": "gone"}


@pytest.mark.parametrize("url", ["ftp://docs.example/", "no address", "http://u:p@127.0.0.1/", ""])
def test_no_web_address(url: str) -> None:
    """An address that is none is told under the name that was given."""
    outcome = refusal(run(url))
    assert (outcome.url, outcome.code) == (url, "bad_address")


def test_links(stage: Stage) -> None:
    """Links start from the page's base; broken markup gives those that can be read."""
    stage.plays["/a/b"] = Reply(
        b"<base href='/c/'><a href=' d '>1<a href=\"e f\">2<a href='//[bad'>3<a>4<map><area href=g></map>"
        b"<a href='javascript:x()'>5<a href='data:text/html,x'>6<a href='/a/b'>itself<a href='film.mp4'>7"
    )
    assert page(run(f"{stage.url}/a/b")).links == tuple(f"{stage.url}/c/{name}" for name in ("d", "e%20f", "g"))


@pytest.mark.parametrize(
    "body", [b"\x00\x01\x02", b"<" * 5000, b"<a>" * 100_000, "<a href='/\ud800'>".encode("utf-16", "surrogatepass")]
)
def test_broken_markup(stage: Stage, body: bytes) -> None:
    """Markup that can't be read is a page without links."""
    stage.plays["/"] = Reply(body, type="text/html; charset=nonsense")
    assert page(run(stage.url)).links == ()


def sitemap(stage: Stage, path: str, *locs: str, index: bool = False) -> None:
    """Put a sitemap in place."""
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    entries = "".join(f"<{inner}><loc> {loc} </loc><lastmod>2026-11-01</lastmod></{inner}>" for loc in locs)
    body = f'<?xml version="1.0"?><{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{outer}>'
    raw = body.encode()
    stage.plays[path] = Reply(gzip.compress(raw) if path.endswith(".gz") else raw, type="application/xml")


def test_a_sitemap(stage: Stage) -> None:
    """The pages that it names are asked for, on the site only, whatever the first page links to."""
    sitemap(
        stage,
        "/sitemap.xml",
        f"{stage.url}/b",
        f"{stage.url}/a",
        "http://other.example/",
        "not/absolute%",
        f"{stage.url}/",
    )
    for path in ("/", "/a", "/b"):
        stage.html(path, "/c")
    stage.html("/c")
    stage.html("/not/absolute%25")
    assert list(told(stage, run(Site(stage.url, sitemap=True)))) == ["/", "/a", "/b", "/not/absolute%25"]
    stage.asked.clear()
    run(Site(stage.url, sitemap=True, depth=1))
    assert stage.asked == ["/", "/sitemap.xml", "/a", "/b", "/not/absolute%25", "/c"]


def test_sitemaps_of_robots_txt(stage: Stage) -> None:
    """Where robots.txt names sitemaps, those are read: an index, packed ones, each once."""
    stage.plays["/robots.txt"] = Reply(f"Sitemap: {stage.url}/index.xml\nSitemap: /index.xml".encode())
    sitemap(
        stage, "/index.xml", f"{stage.url}/one.xml", f"{stage.url}/two.xml.gz", f"{stage.url}/index.xml", index=True
    )
    sitemap(stage, "/one.xml", f"{stage.url}/a")
    sitemap(stage, "/two.xml.gz", f"{stage.url}/b")
    for path in ("/", "/a", "/b"):
        stage.html(path)
    assert set(told(stage, run(Site(stage.url, sitemap=True)))) == {"/", "/a", "/b"}
    assert stage.asked == ["/", "/index.xml", "/one.xml", "/two.xml.gz", "/a", "/b"]


def test_pictures_in_a_sitemap(stage: Stage) -> None:
    """Addresses of pictures that a page's entry names besides are no pages."""
    stage.plays["/sitemap.xml"] = Reply(
        f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:i="http://www.google.com/schemas/sitemap-image/1.1">
        <url><loc>{stage.url}/a</loc><i:image><i:loc>{stage.url}/picture</i:loc></i:image></url></urlset>""".encode()
    )
    stage.html("/")
    stage.html("/a")
    assert set(told(stage, run(Site(stage.url, sitemap=True)))) == {"/", "/a"}


BOMB = (
    b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><urlset><url><loc>&b;</loc></url></urlset>"
)
OUTSIDE = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>&a;</loc></url></urlset>"


@pytest.mark.parametrize(
    "body", [BOMB, OUTSIDE, b"<urlset><url>", b"no xml", b"", b"\x1f\x8bno gzip", gzip.compress(bytes(60_000_000))]
)
def test_hostile_sitemaps(stage: Stage, body: bytes) -> None:
    """A sitemap with entities, cut off or swelling is told of; the rest of the crawl goes on."""
    stage.html("/")
    stage.plays["/sitemap.xml"] = Reply(body, type="application/xml")
    outcomes = run(Site(stage.url, sitemap=True))
    assert told(stage, outcomes) == {"/": "page", "/sitemap.xml": "sitemap"}
    assert isinstance(outcomes[1], Unfetched)
    assert outcomes[1].partial


def test_no_sitemap(stage: Stage) -> None:
    """A site without the sitemap that was asked for is told so."""
    stage.html("/")
    assert told(stage, run(Site(stage.url, sitemap=True))) == {"/": "page", "/sitemap.xml": "sitemap"}


def test_sitemaps_that_lead_inside(stage: Stage) -> None:
    """Sitemaps, too, are read only where pages may be."""
    sitemap(stage, "/sitemap.xml", f"http://localhost:{stage.port}/inner.xml", index=True)
    stage.html("/")
    last = run(Site(stage.url, sitemap=True))[-1]
    assert isinstance(last, Unfetched)
    assert "localhost" in last.reason
    assert "/inner.xml" not in stage.asked


def test_sitemaps_without_end(stage: Stage) -> None:
    """An index that names ever more sitemaps is not followed for ever; pages past the limit are not asked for."""
    sitemap(stage, "/sitemap.xml", *(f"{stage.url}/{number}.xml" for number in range(80)), index=True)
    for number in range(80):
        sitemap(stage, f"/{number}.xml", f"{stage.url}/page{number}")
    stage.html("/")
    outcomes = run(Site(stage.url, sitemap=True, most_pages=200))
    assert sum(path.endswith(".xml") for path in stage.asked) == 50
    assert [outcome.code for outcome in outcomes if isinstance(outcome, Unfetched)] == ["sitemap"]
    outcomes = run(Site(stage.url, sitemap=True, most_pages=5))
    assert sum(isinstance(outcome, Gone | Page) for outcome in outcomes) == 5
    assert isinstance(outcomes[-1], Unfetched)
    assert outcomes[-1].code == "most_pages"


def test_pages_come_one_by_one(stage: Stage) -> None:
    """A page is handed on before the next one is asked for."""
    from ingest.web.crawling import crawl

    tree(stage)
    world = World(resolve=Names({}), sleep=Clock().sleep)
    outcomes = crawl(Site(stage.url, depth=1), known=lambda _: None, links_of=lambda _: (), rules=rules(), world=world)
    next(outcomes)
    assert stage.asked == ["/"]


def test_a_page_of_links_without_end(stage: Stage) -> None:
    """Of a page with more links than any reader follows, the first ones count."""
    stage.plays["/"] = Reply(b"".join(b"<a href=/%07d>x</a>" % number for number in range(20_000)))
    assert page(run(stage.url)).links == tuple(f"{stage.url}/{number:07d}" for number in range(10_000))
