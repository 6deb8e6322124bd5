"""What is read in a page's markup and in robots.txt holds against any content whatever."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.web.addresses import parse
from ingest.web.links import read_markup
from tests.ingest.web.stage import Reply, Stage, run, served

PAGE = parse("http://docs.example/a?b")
PIECES = (
    b"<a href=",
    b"<base href='",
    b"<meta name=robots content=",
    b"'>",
    b"\xff\xfe",
    b"&#xd800;",
    b"&#0;",
    b"<!--",
)
CHARSETS = ("", "utf-8", "utf-16", "utf-7", "shift_jis", "nonsense", "idna", "base64")


@settings(deadline=None)
@given(st.lists(st.binary(max_size=20) | st.sampled_from(PIECES), max_size=10), st.sampled_from(CHARSETS))
def test_any_markup(pieces: list[bytes], charset: str) -> None:
    """Links of any page are canonical addresses, in order, and never the page itself."""
    links = read_markup(b"<html>" + b"".join(pieces), charset, PAGE, obey_nofollow=True).links
    assert list(links) == sorted(set(links))
    assert all(str(parse(link)) == link for link in links)
    assert str(PAGE) not in links


FIELDS = st.sampled_from(["User-agent: *", "Disallow: ", "Allow: ", "Crawl-delay: ", "Request-rate: ", "Sitemap: ", ""])
LINES = st.lists(st.builds(str.__add__, FIELDS, st.text(max_size=15)), max_size=8)


def test_any_robots_txt() -> None:
    """Whatever robots.txt holds, the crawl tells what became of the page and goes on."""
    with served() as stage:
        stage.html("/")
        _any_robots_txt(stage)


def _any_robots_txt(stage: Stage) -> None:
    @settings(deadline=None, max_examples=25)
    @given(LINES)
    def check(lines: list[str]) -> None:
        stage.plays["/robots.txt"] = Reply("\n".join(lines).encode("utf-8", "surrogatepass"), type="text/plain")
        (outcome,) = run(stage.url)
        assert outcome.url == f"{stage.url}/"

    check()
