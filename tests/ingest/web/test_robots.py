"""What sites ask of robots is done: robots.txt, tags, and pauses; unless the operator says that the site is theirs."""

import pytest

from ingest.web.crawling import Gone, Page, Site, World
from ingest.web.tags import Wishes, from_headers, from_meta
from tests.ingest.web.stage import Clock, Names, Reply, Stage, only, page, refusal, rules, run


def robots(stage: Stage, *lines: str) -> None:
    """Put a robots.txt in place."""
    stage.plays["/robots.txt"] = Reply("\n".join(lines).encode(), type="text/plain")


def world(clock: Clock) -> World:
    """A world with a clock that a test winds."""
    return World(resolve=Names({}), now=clock.now, sleep=clock.sleep)


def test_robots_txt(stage: Stage) -> None:
    """What it disallows is not asked for; rules for Parapet by name win over those for all; it is read once."""
    robots(stage, "User-agent: *", "Disallow: /", "User-agent: parapet", "Disallow: /private/", "Allow: /private/open")
    stage.html("/", "/private/a", "/private/open", "/b")
    stage.html("/private/open")
    stage.html("/b")
    outcomes = run(Site(stage.url, depth=1))
    assert [getattr(outcome, "code", "") for outcome in outcomes] == ["", "", "robots", ""]
    assert stage.all_asked == ["/robots.txt", "/", "/b", "/private/open"]


def test_redirects_are_asked_about_as_well(stage: Stage) -> None:
    """A redirect does not lead around robots.txt."""
    robots(stage, "User-agent: *", "Disallow: /private/")
    stage.plays["/"] = Reply(status=301, headers={"Location": "/private/a"})
    outcome = refusal(run(stage.url))
    assert (outcome.code, outcome.partial) == ("robots", False)
    assert stage.asked == ["/"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_robots_txt_that_fails(stage: Stage, status: int) -> None:
    """A server that can't say what it wants is left alone."""
    stage.plays["/robots.txt"] = Reply(status=status)
    outcome = refusal(run(stage.url))
    assert (outcome.code, outcome.partial) == ("robots_unreachable", True)
    assert stage.asked == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_no_robots_txt(stage: Stage, status: int) -> None:
    """A server without one allows everything."""
    stage.plays["/robots.txt"] = Reply(status=status)
    stage.html("/")
    page(run(stage.url))


def test_robots_txt_that_leads_inside(stage: Stage) -> None:
    """robots.txt may be elsewhere, but not where no page may be."""
    stage.plays["/robots.txt"] = Reply(status=302, headers={"Location": f"http://localhost:{stage.port}/r"})
    assert refusal(run(stage.url)).code == "private_address"
    assert stage.all_asked == ["/robots.txt"]


def test_robots_txt_without_end(stage: Stage) -> None:
    """One that is larger than any real one is not read on."""
    stage.plays["/robots.txt"] = Reply((b"#" * 65536 for _ in range(10_000)), type="text/plain")
    assert refusal(run(stage.url)).code == "robots_unreachable"


def test_disobedience(stage: Stage) -> None:
    """For a site of one's own all of it can be set aside."""
    robots(stage, "User-agent: *", "Disallow: /", "Crawl-delay: 9")
    markup = b'<meta name="robots" content="noindex, nofollow"><a rel="nofollow" href="/b">b</a>'
    stage.plays["/"] = Reply(markup, headers={"X-Robots-Tag": "none"})
    clock = Clock()
    assert page(run(stage.url, by=rules(obey_robots=False), world=world(clock))).links == (f"{stage.url}/b",)
    assert clock.slept == []


@pytest.mark.parametrize(
    ("lines", "slept"),
    [
        ([], [2.0, 2.0]),
        (["User-agent: *", "Crawl-delay: 1"], [2.0, 2.0]),
        (["User-agent: *", "Crawl-delay: 7.5"], [7.5, 7.5]),
        (["User-agent: *", "Crawl-delay: 86400"], [30.0, 30.0]),
        (["User-agent: *", "Crawl-delay: nan"], [2.0, 2.0]),
    ],
)
def test_pauses(stage: Stage, lines: list[str], slept: list[float]) -> None:
    """Between requests to a host there is the operator's pause or the site's longer one, within reason."""
    robots(stage, *lines)
    stage.html("/", "/b")
    stage.html("/b")
    clock = Clock()
    run(Site(stage.url, depth=1), by=rules(delay_seconds=2.0, longest_wait_seconds=30.0), world=world(clock))
    assert clock.slept == slept


@pytest.mark.parametrize(
    ("header", "slept"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Sun, 01 Nov 2026 10:00:20 GMT", "Date": "Sun, 01 Nov 2026 10:00:00 GMT"}, 20.0),
        ({}, 5.0),
        ({"Retry-After": "soon"}, 5.0),
    ],
)
def test_a_busy_server(stage: Stage, header: dict[str, str], slept: float) -> None:
    """One that asks for patience gets as much as it asks for, and is then asked again."""
    replies = iter([Reply(status=503, headers=header), Reply(status=429, headers=header), Reply(b"<p>text</p>")])
    stage.plays["/"] = lambda _: next(replies)
    clock = Clock()
    page(run(stage.url, world=world(clock)))
    assert clock.slept == [slept, slept]


@pytest.mark.parametrize(("after", "tries"), [("1", 3), ("86400", 1), ("9" * 400, 1)])
def test_patience_ends(stage: Stage, after: str, tries: int) -> None:
    """After three tries, or when the wait would be too long, the page is left for another run."""
    stage.plays["/"] = Reply(status=429, headers={"Retry-After": after})
    outcome = refusal(run(stage.url))
    assert (outcome.code, outcome.partial) == ("busy", True)
    assert len(stage.asked) == tries


@pytest.mark.parametrize(
    ("head", "header"),
    [
        ('<meta name="ROBOTS" content="NoIndex">', ""),
        ('<meta name="parapet" content="none">', ""),
        ("", "noindex"),
        ("", "otherbot: nofollow\nnoindex"),
        ("", "parapet: noindex, nofollow"),
        ("", "unavailable_after: 25 Jun 2030 15:00:00 PST, noindex"),
    ],
)
def test_noindex(stage: Stage, head: str, header: str) -> None:
    """A page that asks not to be in any index is not handed on, and one in the library goes."""
    stage.html("/", head=head, **({"X_Robots_Tag": header} if header else {}))
    outcome = only(run(stage.url))
    assert isinstance(outcome, Gone)
    assert outcome.code == "noindex"


def test_noindex_is_still_followed(stage: Stage) -> None:
    """A page that is not to be kept may still lead to others."""
    stage.html("/", "/b", head='<meta name="robots" content="noindex">')
    stage.html("/b")
    kinds = [type(outcome) for outcome in run(Site(stage.url, depth=1))]
    assert kinds == [Gone, Page]


def test_nofollow(stage: Stage) -> None:
    """Links of a page, and single links, that are not to be followed are none."""
    stage.html("/a", "/b", head='<meta name="robots" content="nofollow">')
    stage.plays["/c"] = Reply(b"<a href=/d rel='ugc NoFollow'>d</a><a href=/e rel=next>e</a>")
    assert page(run(f"{stage.url}/a")).links == ()
    assert page(run(f"{stage.url}/c")).links == (f"{stage.url}/e",)


def test_wishes_of_others() -> None:
    """What is asked of other robots, or asked about the display of results, concerns no crawl."""
    assert from_headers(["otherbot: noindex, nofollow", "max-snippet: 20, all"], "Parapet") == Wishes()
    assert from_meta([("otherbot", "noindex"), ("description", "noindex")], "Parapet") == Wishes()
    assert from_headers(["otherbot: noindex, parapet: nofollow"], "Parapet") == Wishes(nofollow=True)
