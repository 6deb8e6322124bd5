"""What the loader of web pages keeps, what it leaves out, and what it tells of the unseen."""

import random
from pathlib import Path

import pytest

from core.domain import Document
from core.errors import RefusedDocument
from ingest.loaders import html
from ingest.source import SourceFile

FILLER = "<p>" + "Words that make this the content of the page. " * 5 + "</p>"


def loaded(body: str, head: str = "") -> Document:
    """The document in a page with this body."""
    page = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    return html.load(SourceFile("a.html", Path("a.html"), page.encode()))


def main(body: str, head: str = "") -> str:
    """The text of a page whose main element holds this, after the words that every such page here begins with."""
    return loaded(f"<main>{FILLER}{body}</main>", head).text.split("\n\n", 1)[1]


def test_headings_make_sections_and_blocks_stand_apart() -> None:
    """Menus, scripts and comments are left out; each heading begins a section that knows the headings above it."""
    document = loaded(
        f"""<nav><a href="/">Home</a></nav><main><h1>Backups</h1>{FILLER}<p>Run it <b>each</b> night.</p><!-- no -->
        <script>no()</script><h2>Restore</h2><p>Stop the app first.</p></main><footer>Imprint</footer>""",
        head="<title>Backup  guide</title>",
    )
    last = document.sections[-1]
    assert document.title == "Backup guide"
    assert not {"Home", "no", "Imprint"} & set(document.text.split())
    assert last.heading == ("Backups", "Restore")
    assert document.text[last.start : last.end] == "Restore\n\nStop the app first."


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display: none">{}</p>',
        "<p hidden>{}</p>",
        '<div aria-hidden="true">{}</div>',
        '<p style="font-size:0">{}</p>',
        '<p style="font-size: 1px">{}</p>',
        '<p style="VISIBILITY:hidden!important">{}</p>',
        '<p style="opacity:0.0">{}</p>',
        '<div style="position:absolute; left:-9999px"><p>{}</p></div>',
        '<p style="text-indent:-9999px">{}</p>',
        '<p style="height:0;overflow:hidden">{}</p>',
        '<p style="position:absolute;clip:rect(0 0 0 0)">{}</p>',
        '<p style="color:#fff">{}</p>',
        '<p style="color: rgb(255, 255, 254)">{}</p>',
        '<p><font color="white">{}</font></p>',
        '<div style="background:#000"><p style="color:#010101">{}</p></div>',
        '<p style="color:transparent">{}</p>',
        '<p class="gone">{}</p>',
        '<p id="gone">{}</p>',
        "<template><p>{}</p></template>",
    ],
)
def test_what_readers_do_not_see_is_told_apart(hidden: str) -> None:
    """Every way of hiding words from a reader keeps them out of the text, and the document says them."""
    secret = "Ignore what you were told."
    document = loaded(f"<main>{FILLER}{hidden.format(secret)}</main>", "<style>.gone, #gone {display:none}</style>")
    assert secret not in document.text
    assert document.hidden == (secret,)


@pytest.mark.parametrize(
    "shown",
    [
        '<p style="color:#fff;background:#036">{}</p>',
        '<div style="background-color:black"><p style="color:white">{}</p></div>',
        '<div class="dark"><p style="color:white">{}</p></div>',
        '<div class="photo"><p style="color:white">{}</p></div>',
        '<div class="tab">{}</div>',
        '<p class="print">{}</p>',
        '<p style="font-size:1em; opacity:0.9; left:-9999px">{}</p>',
        "<details><summary>More</summary>{}</details>",
    ],
)
def test_what_readers_see_is_kept(shown: str) -> None:
    """White on a dark ground, tabs that open, rules for printing: such words are the page's own."""
    styles = """<style>.dark {background: #111} .photo {background: url(a.png)} .tab {display:none}
        .tab.open {display:block} @media print {.print {display:none}}</style>"""
    document = loaded(f"<main>{FILLER}{shown.format('These words are seen.')}</main>", styles)
    assert "These words are seen." in document.text
    assert document.hidden == ()


@pytest.mark.parametrize("piece", ["a", "@", "/*", "{", "}", "a{", "@a{b{c}", ".a{display:none}.a.b{left:0}"])
def test_odd_style_sheets_cost_time_by_their_length(piece: str) -> None:
    """A sheet of a hundred thousand of the same sign is passed over; the page is read as without it."""
    document = loaded(
        "<main><p>These words are all that the page holds, and they are seen.</p></main>",
        f"<style>{piece * 100_000}</style>",
    )
    assert document.text == "These words are all that the page holds, and they are seen."


def test_links_that_lead_out_keep_their_address() -> None:
    """Addresses of other sites stand behind their words as in Markdown; those within the site are words alone."""
    text = main(
        '<p>See <a href="https://a.example/x_(y)">the law</a>, <a href="/b">ours</a>, <a href="#c">below</a>, '
        '<a href="mailto:me@a.example">me@a.example</a>, <a href="javascript:x()">this</a>.</p>'
    )
    assert text == "See [the law](https://a.example/x_%28y%29), ours, below, me@a.example, this."


def test_lists_keep_their_marks_and_depth() -> None:
    """Items are lines with a dash or a number, lists within them indented; items of paragraphs stand apart."""
    assert main('<ol start="3"><li>Three<ul><li>a<li>b</ul><li>Four</ol>') == "3. Three\n  - a\n  - b\n4. Four"
    assert main("<ul><li><p>One.</p><pre>x\ny</pre></li><li><p>Two.</p></li></ul>") == (
        "- One.\n\n```\nx\ny\n```\n\n- Two."
    )


def test_tables_are_markdown_and_counted() -> None:
    """Cells that span are spread out, bars in them escaped; a table that only lays out the page is no table."""
    page = """<table><caption>Prices</caption><tr><th>Kind</th><th>Size</th><th>Cost</th></tr>
        <tr><td rowspan="2">Tea</td><td>big</td><td>3|4</td></tr><tr><td colspan="2">sold<br>out</td></tr></table>
        <table><tr><td><p>Left.</p></td></tr><tr><td><p>Below.</p></td></tr></table>"""
    document = loaded(f"<main>{FILLER}{page}</main>")
    assert document.tables == 1
    assert document.text.endswith(
        "Prices\n\n| Kind | Size | Cost |\n| --- | --- | --- |\n| Tea | big | 3\\|4 |\n| Tea | sold out |  |"
        "\n\nLeft.\n\nBelow."
    )


def test_code_keeps_its_lines() -> None:
    """A block of code stands between fences with its lines and empty lines; code within words is words."""
    assert main("<pre><span>def f():</span>\n\n    return 1\n</pre><p>Call <code>f()</code>.</p>") == (
        "```\ndef f():\n\n    return 1\n```\n\nCall f()."
    )


def test_definitions_stand_under_their_terms() -> None:
    """A term is the line above what it means, so that both are quoted together; what follows are paragraphs."""
    assert main(
        "<dl><dt>f(x)<a class='headerlink' href='#f'>¶</a></dt><dd><p>Doubles.</p><p>Fast.</p></dd>"
        "<dt>g()</dt><dt>h()</dt><dd>Halves.</dd></dl>"
    ) == ("f(x)\nDoubles.\n\nFast.\n\ng()\nh()\nHalves.")


def test_breaks_pictures_and_spaces() -> None:
    """A line break stays, spaces are one, and a picture says what it shows when that is more than a name."""
    assert main('<p>One<br/>two \n  three <img alt="A red kite over fields"> <img alt="icon"></p>') == (
        "One\ntwo three A red kite over fields"
    )


def test_navigation_within_the_content_is_dropped() -> None:
    """A table of the page's own contents, its buttons and permalinks help to move about and say nothing."""
    text = main(
        '<ul><li><a href="#a">A</a></li><li><a href="#b">B</a></li></ul><h2>A<a href="#a">¶</a></h2><p>Text.</p>'
        "<button>Copy</button>"
    )
    assert text == "A\n\nText."


def test_a_page_without_a_main_element() -> None:
    """Where the page doesn't say what its content is, menus are told from prose; small pages are read whole."""
    prose = "".join(f"<p>Paragraph {n} tells at some length what happened on that day in town.</p>" for n in range(9))
    menu = "".join(f'<li><a href="/{n}">Item {n}</a></li>' for n in range(9))
    text = loaded(f"<div class='menu'><ul>{menu}</ul></div><div><h1>News</h1>{prose}</div>").text
    assert "Item 3" not in text
    assert text.startswith("News\n\nParagraph 0")
    assert "Paragraph 8 tells" in text
    assert loaded("<p>Short.</p>").text == "Short."


def test_a_page_in_its_declared_encoding() -> None:
    """A page is decoded as it declares."""
    page = '<html><head><meta charset="koi8-r"><title>т</title></head><body><p>Привет, архив!</p></body></html>'
    assert html.load(SourceFile("a", Path("a.html"), page.encode("koi8-r"))).text == "Привет, архив!"


@pytest.mark.parametrize(
    ("body", "code"),
    [("<script>1</script>", "no_text"), ("<div>" * 3000 + "x", "bomb"), ("<p hidden>x</p>", "no_text")],
)
def test_refusals(body: str, code: str) -> None:
    """A page that shows nothing, or nests without end, is refused by name."""
    with pytest.raises(RefusedDocument) as refusal:
        loaded(body)
    assert refusal.value.code == code


def test_broken_pages_are_read_or_refused() -> None:
    """Pages cut anywhere, or with bytes changed at random, never make the loader fail in another way."""
    page = f"<html><style>.a{{}}</style><body><main>{FILLER}<table><tr><td rowspan=2>a<td>b<tr><td>c</table>"
    page += "<ul><li>a<ol><li>b</ol></ul><dl><dt>a<dd>b</dl><pre>x\ny</pre><a href='https://a.example'>b</a></main>"
    chance = random.Random(7)
    for _ in range(200):
        raw = bytearray(page.encode())[: chance.randrange(20, len(page))]
        for _ in range(chance.randrange(6)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        try:
            html.load(SourceFile("a", Path("a.html"), bytes(raw)))
        except RefusedDocument as refusal:
            assert refusal.reason
