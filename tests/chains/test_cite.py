"""Citations: from a mark to exact words, and no further."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.cite import cite, marks, without_marks
from chains.verbatim import find
from core.domain import Chunk, Citation, Passage
from tests.chains.quote_cases import SUPPORTED, UNSUPPORTED, Text, made

TEXT = "The office opens at nine. Staff get 25 days of\nholiday a year. Unused days lapse in March."
PASSAGES = (
    Passage(Chunk("a.md", "Handbook", TEXT, start=100, end=100 + len(TEXT)), score=0.9, rank=1),
    Passage(Chunk("b.md", "Rules", "Dogs are allowed on Fridays.", start=0, end=28), score=0.5, rank=2),
)


def test_a_quote_stands_at_its_offsets() -> None:
    """A sentence that stands in the passage is cited word for word, across a line break too."""
    (citation,) = cite("Staff get 25 days of holiday a year. [1]", PASSAGES)
    assert citation.quote == "Staff get 25 days of\nholiday a year."
    assert TEXT[citation.start - 100 : citation.end - 100] == citation.quote
    assert (citation.source, citation.passage) == ("a.md", 1)


def test_a_paraphrase_is_cited_by_the_sentence_that_says_it() -> None:
    """Words of one's own lead to the nearest sentence of the named passage."""
    (citation,) = cite("Days that are unused lapse in March [1].", PASSAGES)
    assert citation.quote == "Unused days lapse in March."


def test_an_invented_reference_is_dropped() -> None:
    """A passage that was not given is not cited, nor one whose words say something else."""
    assert cite("The moon is made of cheese [7].", PASSAGES) == ()
    assert cite("The moon is made of cheese [2].", PASSAGES) == ()


def test_a_wrong_reference_is_put_right() -> None:
    """A sentence that names the wrong passage gets the one whose words support it."""
    (citation,) = cite("Dogs are allowed on Fridays [1].", PASSAGES)
    assert citation.source == "b.md"


@pytest.mark.parametrize(
    ("text", "numbers", "shown"),
    [
        ("So it is [1][3], and [2, 3].", [1, 3, 2], "So it is, and."),
        ("So it is [1].", [1], "So it is."),
        ("So it is.[1]", [1], "So it is."),
        ("So it is. [1-3]", [1, 2, 3], "So it is."),
        ("So it is [1–2; 5].", [1, 2, 5], "So it is."),
        ("So it is [1 and 2].", [1, 2], "So it is."),
        ("So it is [passage 2].", [2], "So it is."),
        ("So it is【3】.", [3], "So it is."),
        ("So it is【3†handbook】.", [3], "So it is."),
        ("So it is (1), in 2020 [sic].", [], "So it is (1), in 2020 [sic]."),
        ("Read `argv[1]` first [2].", [2], "Read `argv[1]` first."),
        ("[3-1] is none.", [], " is none."),
    ],
)
def test_marks_are_read_and_taken_out(text: str, numbers: list[int], shown: str) -> None:
    """Marks may stand in a row, in one bracket, as a range, before or behind the full stop; code holds none."""
    assert marks(text) == numbers
    assert without_marks(text) == shown


@pytest.mark.parametrize(("name", "sentence", "texts", "quotes"), SUPPORTED, ids=[case[0] for case in SUPPORTED])
def test_supported_sentences_get_their_words(name: str, sentence: str, texts: list[Text], quotes: list[str]) -> None:
    """A sentence that a passage says, in whatever words, is cited by exactly the words that say it."""
    assert [citation.quote for citation in cite(sentence, made(texts))] == quotes


@pytest.mark.parametrize(("name", "sentence", "texts"), UNSUPPORTED, ids=[case[0] for case in UNSUPPORTED])
def test_unsupported_sentences_get_none(name: str, sentence: str, texts: list[Text]) -> None:
    """Another number or name, the opposite, or something invented is never cited, however many words are shared."""
    assert cite(sentence, made(texts)) == ()


def test_every_quote_names_its_passage_and_place() -> None:
    """A sentence of two parts is cited from both passages, each quote at its offsets in its own document."""
    said = "Unused days lapse in March, and dogs are allowed on Fridays [1][2]."
    found = cite(said, PASSAGES)
    assert [(c.passage, c.source) for c in found] == [(1, "a.md"), (2, "b.md")]
    assert all(_stands(citation) for citation in found)


WORDS = st.sampled_from(
    "staff days March 25 ten Ann Bob not leads lapse café “so” — ① ﬁne ß İ e\u0301 [3] | - # ** ` . ; :".split()
)
GAPS = st.sampled_from([" ", "  ", "\n", "\n\n", "\t", "\u00a0", " \r\n", "\u200b", ". ", ", ", "\n- ", "\n| "])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Words with white space and punctuation of every kind between them."""
    pieces = draw(st.lists(st.tuples(WORDS, GAPS), max_size=40))
    return "".join(part for pair in pieces for part in pair)


@given(st.lists(texts() | st.text(max_size=120), max_size=3), texts() | st.text(max_size=80), st.integers(0, 9))
@settings(deadline=None, max_examples=300)
def test_quotes_stand_at_their_offsets_whatever_the_text(held: list[str], said: str, cut: int) -> None:
    """Every quote of every citation is the exact text of its document between its offsets, and not empty."""
    passages = tuple(
        Passage(Chunk(f"{n}.txt", "", text[cut:], start=cut, end=max(cut, len(text))), score=1.0, rank=n)
        for n, text in enumerate(held, 1)
    )
    for citation in cite(f"{said} [1, 2][3]", passages):
        assert citation.quote.strip()
        assert held[citation.passage - 1][citation.start : citation.end] == citation.quote


PLAIN = st.sampled_from("staff days March 25 café e\u0301t\u00e9 ﬁne ß 12:30 “so” don’t re-index".split())
BLANKS = st.text(alphabet=" \n\t\u00a0\u2009\r", min_size=1, max_size=4)


@given(st.lists(st.tuples(PLAIN, BLANKS), min_size=3, max_size=30), st.data())
@settings(deadline=None, max_examples=200)
def test_words_are_found_whatever_white_space_lies_between_them(
    pieces: list[tuple[str, str]], data: st.DataObject
) -> None:
    """Any run of a document's words is found word for word when its white space is written otherwise."""
    begin = data.draw(st.integers(0, len(pieces) - 1))
    end = data.draw(st.integers(begin + 1, len(pieces)))
    text = "".join(word + blanks for word, blanks in pieces)
    words = [word for word, _ in pieces[begin:end]]
    found = find(" ".join(words), text)
    assert found is not None
    assert text[slice(*found)].split() == words or " ".join(words).strip("“”") in " ".join(text[slice(*found)].split())


def _stands(citation: Citation) -> bool:
    chunk = next(passage.chunk for passage in PASSAGES if passage.rank == citation.passage)
    return chunk.text[citation.start - chunk.start : citation.end - chunk.start] == citation.quote
