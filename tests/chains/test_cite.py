"""Citations: from a mark to exact words, and no further."""

from chains.cite import cite, marks, without_marks
from core.domain import Chunk, Passage

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


def test_marks_are_read_and_taken_out() -> None:
    """Marks may come in a row or in one bracket."""
    assert marks("So it is [1][3], and [2, 3].") == [1, 3, 2]
    assert without_marks("So it is [1][3].") == "So it is."
