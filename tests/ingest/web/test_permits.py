"""What may be asked: only the public internet, unless the operator allowed the host; each address is looked up once."""

import pickle
import socket
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RefusedDocument
from ingest.web.crawling import FetchRules, Gone, Page, Site, World
from ingest.web.permits import addresses_of
from tests.ingest.web.stage import Clock, Names, Reply, Stage, only, page, refusal, rules, run, served

NOBODY = FetchRules(delay_seconds=0)


def code(host: str, *answers: str, by: FetchRules = NOBODY) -> str:
    """The code that a host with these addresses is refused by, or nothing."""
    try:
        assert list(addresses_of(host, 80, by, lambda *_: answers)) == list(answers)
    except RefusedDocument as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2002:c0a8:101::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "5f00::1",
    ],
)
def test_what_is_not_public(address: str) -> None:
    """Loopback, private, link-local, multicast and unassigned addresses are refused, also inside other forms."""
    assert code("docs.example", address) == "private_address"


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"]
)
def test_what_is_public(address: str) -> None:
    """Public addresses may be asked, also where they stand inside an IPv6 address."""
    assert code("docs.example", address) == ""


def test_every_answer_is_checked() -> None:
    """One private address among public ones refuses the host: which of them is used is not left to chance."""
    assert code("docs.example", "1.1.1.1", "10.0.0.1") == "private_address"
    assert code("docs.example", "1.1.1.1", "no address") == "unknown_host"


@pytest.mark.parametrize(
    "host", ["localhost", "a.localhost", "printer.local", "metadata.google.internal", "wiki.lan", "x.home.arpa"]
)
def test_inner_names(host: str) -> None:
    """Names that mean this machine or network are refused without asking a resolver."""
    names = Names({host: [["1.1.1.1"]]})
    with pytest.raises(RefusedDocument) as refused:
        addresses_of(host, 80, NOBODY, names)
    assert refused.value.code == "private_address"
    assert names.asked == []


def test_an_allowed_host() -> None:
    """A host that the operator named may be private, but never multicast; other hosts stay refused."""
    by = FetchRules(allowed_hosts=frozenset({"Wiki.Internal.", "[::1]"}))
    assert code("wiki.internal", "10.0.0.1", by=by) == ""
    assert code("::1", "::1", by=by) == ""
    assert code("wiki.internal", "224.0.0.1", by=by) == "private_address"
    assert code("wiki.internal", "0.0.0.0", by=by) == "private_address"
    assert code("other.internal", "10.0.0.1", by=by) == "private_address"


def test_link_local_is_allowed_by_number_only() -> None:
    """Clouds hand out keys at a link-local address: a name that leads there is refused though it is allowed."""
    by = FetchRules(allowed_hosts=frozenset({"wiki.example", "169.254.1.1"}))
    assert code("wiki.example", "169.254.169.254", by=by) == "private_address"
    assert code("wiki.example", "::ffff:169.254.169.254", by=by) == "private_address"
    assert code("169.254.1.1", "169.254.1.1", by=by) == ""


@settings(deadline=None)
@given(st.ip_addresses())
def test_any_address(address: object) -> None:
    """Whatever the resolver answers, the host is refused by its code or may be asked."""
    assert code("docs.example", str(address)) in {"", "private_address"}


def test_loopback_is_refused_by_default(stage: Stage) -> None:
    """A server on this machine gets no request unless it is allowed, by number or by name."""
    stage.html("/")
    for url in (stage.url, f"http://localhost:{stage.port}/", f"http://[::1]:{stage.port}/"):
        assert refusal(run(url, by=NOBODY, world=World())).code == "private_address"
        assert refusal(run(url, by=rules(allowed_hosts=frozenset(), obey_robots=False))).code == "private_address"
    assert stage.all_asked == []


def test_a_name_that_leads_inside(stage: Stage) -> None:
    """A public name whose address is private is refused before a connection is made."""
    world = World(resolve=Names({"docs.example": [["127.0.0.1"]]}))
    outcome = refusal(run(f"http://docs.example:{stage.port}/", by=rules(obey_robots=False), world=world))
    assert outcome.code == "private_address"
    assert "docs.example" in outcome.reason
    assert "127.0.0.1" in outcome.reason
    assert stage.all_asked == []


@pytest.mark.parametrize("host", ["localhost", "inner.example", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"])
def test_a_redirect_that_leads_inside(stage: Stage, host: str) -> None:
    """A host that may be asked can't send the crawl to one that may not, whatever it calls it."""
    stage.plays["/"] = Reply(status=302, headers={"Location": f"http://{host}:{stage.port}/secret"})
    stage.html("/secret")
    world = World(resolve=Names({"inner.example": [["127.0.0.1"]]}))
    outcome = refusal(run(stage.url, by=rules(obey_robots=False), world=world))
    assert outcome.code == "private_address"
    assert stage.asked == ["/"]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://127.1:{port}/secret", "http://u:p@127.0.0.1:{port}/"])
def test_a_redirect_to_no_web_address(stage: Stage, target: str) -> None:
    """A redirect to another scheme, a number in disguise or a login is refused as such an address always is."""
    stage.plays["/"] = Reply(status=302, headers={"Location": target.format(port=stage.port)})
    assert refusal(run(stage.url)).code == "bad_address"
    assert stage.asked == ["/"]


def test_a_name_is_looked_up_once_for_a_request(stage: Stage) -> None:
    """The address that was checked is the one connected to: a second, different answer is never asked for."""
    stage.html("/")
    names = Names({"wiki.example": [["127.0.0.1"], ["127.0.0.2"]]})
    by = rules(allowed_hosts=frozenset({"wiki.example"}), obey_robots=False)
    found = page(run(f"http://wiki.example:{stage.port}/", by=by, world=World(resolve=names)))
    assert found.url == f"http://wiki.example:{stage.port}/"
    assert names.asked == ["wiki.example"]
    assert stage.hosts == [f"wiki.example:{stage.port}"]


def test_a_name_that_changes_between_requests(stage: Stage) -> None:
    """Each request is checked anew: a name that turns private after the first answer is refused."""
    turns: list[Sequence[str]] = [["127.0.0.1"], ["169.254.169.254"]]
    stage.html("/", "/next")
    stage.html("/next")
    by = rules(allowed_hosts=frozenset({"wiki.example"}), obey_robots=False)
    world = World(resolve=Names({"wiki.example": turns}))
    first, second = run(Site(f"http://wiki.example:{stage.port}/", depth=1), by=by, world=world)
    assert isinstance(first, Page)
    assert refusal([second]).code == "private_address"
    assert stage.asked == ["/"]


def test_the_systems_resolver_is_asked_by_nobody_else(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind our own resolver no name is resolved again: the system sees numbers only."""
    seen: list[str] = []
    system = socket.getaddrinfo

    def watched(host: str, *args: object, **named: object) -> object:
        seen.append(host)
        return system(host, *args, **named)  # type: ignore[arg-type]

    stage.html("/")
    monkeypatch.setattr(socket, "getaddrinfo", watched)  # the one way to see what lies below the vendor
    by = rules(allowed_hosts=frozenset({"wiki.example"}), obey_robots=False)
    world = World(resolve=Names({"wiki.example": [["127.0.0.1"]]}))
    page(run(f"http://wiki.example:{stage.port}/", by=by, world=world))
    assert set(seen) == {"127.0.0.1"}


def test_the_next_address_is_tried(stage: Stage) -> None:
    """Where a host has several addresses and the first takes no connection, the next does."""
    stage.html("/")
    world = World(resolve=Names({"wiki.example": [["127.0.0.9", "127.0.0.1"]]}))
    by = rules(allowed_hosts=frozenset({"wiki.example"}), obey_robots=False)
    page(run(f"http://wiki.example:{stage.port}/", by=by, world=world))


def test_no_proxy_of_the_environment(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies that the environment names are not used: they would make the connections that were checked here."""
    stage.html("/")
    with served() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        page(run(stage.url))
        assert proxy.all_asked == []


def test_unknown_names() -> None:
    """A name that nobody knows is told so."""
    outcome = refusal(run("http://nowhere.example/", by=rules(obey_robots=False)))
    assert outcome.code == "unknown_host"
    assert outcome.partial


def test_no_port_of_mail(stage: Stage) -> None:
    """Links to ports of other services are not followed: they are no addresses of pages."""
    stage.html("/", "http://127.0.0.1:25/", "/next")
    assert page(run(stage.url)).links == (f"{stage.url}/next",)


def test_rules_travel() -> None:
    """The rules can be sent to another process."""
    by = rules(user_agent="Parapet/1")
    assert pickle.loads(pickle.dumps(by)) == by
    assert by.robot == FetchRules().robot == "Parapet"


def test_ipv6() -> None:
    """A server on an IPv6 address is fetched when it is allowed, its Host header in brackets."""
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    from http.server import ThreadingHTTPServer

    class Six(ThreadingHTTPServer):
        address_family = socket.AF_INET6

    try:
        with served(host="::1", kind=Six) as stage:
            stage.html("/")
            url = f"http://[::1]:{stage.port}/"
            assert (
                page(run(url, by=rules(allowed_hosts=frozenset({"::1"})), world=World(sleep=Clock().sleep))).url == url
            )
            assert set(stage.hosts) == {f"[::1]:{stage.port}"}
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")


def test_gone_is_told_apart(stage: Stage) -> None:
    """A page that is not there is no refusal: the library drops it."""
    assert only(run(f"{stage.url}/missing")) == Gone(
        f"{stage.url}/missing", "the server says that it is not there (404)"
    )
