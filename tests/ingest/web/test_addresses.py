"""Web addresses: one form for each page, and a refusal for whatever could be read in two ways."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RefusedDocument
from ingest.web.addresses import parse


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Docs.Example:80", "http://docs.example/"),
        ("https://docs.example:443/a/./b/../c#part", "https://docs.example/a/c"),
        ("https://docs.example:8443/?b=2&a=1", "https://docs.example:8443/?b=2&a=1"),
        ("http://docs.example./a/..", "http://docs.example/"),
        ("http://docs.example/%7euser/%e2%82%ac%2f", "http://docs.example/~user/%E2%82%AC%2F"),
        ("http://docs.example/a b/ü?q=é x", "http://docs.example/a%20b/%C3%BC?q=%C3%A9%20x"),
        ("http://docs.example/100%", "http://docs.example/100%25"),
        ("  http://docs.example/a\n", "http://docs.example/a"),
        ("http://Bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
        ("http://[0:0:0:0:0:0:0:1]:8080/", "http://[::1]:8080/"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("http://docs.example/../../etc/passwd", "http://docs.example/etc/passwd"),
        ("http://docs.example//double", "http://docs.example//double"),
    ],
)
def test_one_form(url: str, canonical: str) -> None:
    """Spellings of the same address come out as one."""
    assert str(parse(url)) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "ftp://docs.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://docs.example/",
        "docs.example/page",
        "",
        "http://",
        "http:///path",
        "http://user@docs.example/",
        "http://user:word@docs.example/",
        "http://@docs.example/",
        "http://docs.example\\@127.0.0.1/",
        "http://docs.example/\x00",
        "http://docs.example:22/",
        "http://docs.example:0/",
        "http://docs.example:65536/",
        "http://docs.example:x/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1.2/",
        "http://256.1.1.1/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://[docs]/",
        "http://docs..example/",
        "http://docs.example../",
        "http://-docs.example/",
        "http://do cs.example/",
        "http://docs.example%2f.other/",
        "http://docs.example/" + "a" * 2000,
    ],
)
def test_refused(url: str) -> None:
    """Other schemes, user names, odd ports, numbers in disguise and malformed hosts are refused, and told why."""
    with pytest.raises(RefusedDocument) as refusal:
        parse(url)
    assert refusal.value.code == "bad_address"
    assert refusal.value.reason


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("c", "http://docs.example/a/c"),
        ("../c?x", "http://docs.example/c?x"),
        ("//other.example/c", "http://other.example/c"),
        ("?y=1", "http://docs.example/a/b?y=1"),
        ("#part", "http://docs.example/a/b?x=1"),
    ],
)
def test_relative(link: str, canonical: str) -> None:
    """A link is read from the page that it stands on."""
    assert str(parse(link, parse("http://docs.example/a/b?x=1"))) == canonical


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(["", "http://", "http://docs.example/", "http://docs.example/?"]))
def test_any_text(text: str, before: str) -> None:
    """Whatever text is given, it is refused by name or comes out in a form that stays as it is."""
    try:
        address = parse(before + text)
    except RefusedDocument as refusal:
        assert refusal.code == "bad_address"
    else:
        assert parse(str(address)) == address
        assert str(address).isascii()
