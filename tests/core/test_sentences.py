"""Sentences: where they end, and how much of a growing text can be judged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sentences import complete, spans, split


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        (
            "Dr. Smith paid $3.50 in the U.S. in 1990. It rained.",
            ["Dr. Smith paid $3.50 in the U.S. in 1990.", "It rained."],
        ),
        ("Days lapse [1]. They do [2][3]. Yes.", ["Days lapse [1].", "They do [2][3].", "Yes."]),
        ("Days lapse. [1] They do.", ["Days lapse. [1]", "They do."]),
        ("Steps:\n1. Open it.\n2. Close it.", ["Steps:", "1. Open it.", "2. Close it."]),
        ('He said "no." Then he left.', ['He said "no."', "Then he left."]),
        ("J. R. R. Tolkien wrote it. It sold.", ["J. R. R. Tolkien wrote it.", "It sold."]),
        ("東京です。「はい！」次。", ["東京です。", "「はい！」", "次。"]),
        ("Wait... what?! Done." + "." * 100_000 + "x", ["Wait...", "what?!", "Done." + "." * 100_000 + "x"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    """Abbreviations, numbers, quotes, lists and citation marks do not mislead the cutter."""
    assert split(text) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One is so.[1] Two is so.[2][3] End.", ["One is so.[1]", "Two is so.[2][3]", "End."]),
        ("One is so. [1, 3] Two is so. [2-4] End.", ["One is so. [1, 3]", "Two is so. [2-4]", "End."]),
        ("One is so.【1】 Two is so.【2†rules】 End.", ["One is so.【1】", "Two is so.【2†rules】", "End."]),
        ("One is so [1]. Two.[a] b", ["One is so [1].", "Two.[a] b"]),
    ],
)
def test_a_citation_stays_with_its_sentence(text: str, sentences: list[str]) -> None:
    """However a citation is written, and without a blank before it, it ends the sentence that it stands behind."""
    assert split(text) == sentences


@given(st.text(max_size=300))
def test_spans_hold_every_visible_character_once(text: str) -> None:
    """Whatever the text, its sentences lie in order, do not overlap, and leave out only white space."""
    covered = 0
    for start, end in spans(text):
        assert start >= covered
        assert not text[covered:start].strip()
        assert start < end
        covered = end
    assert not text[covered:].strip()


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Hello", 0),
        ("Hello.", 0),
        ("Hello. ", 0),
        ("Hello. [1]", 0),
        ("Hello. [1] N", 10),
        ("A b. C", 4),
        ("x\n\nFoo", 1),
    ],
)
def test_a_sentence_is_whole_once_something_follows_it(text: str, whole: int) -> None:
    """The end of a stream's last sentence is not believed until a further word, not a citation, shows it."""
    assert complete(text) == whole
