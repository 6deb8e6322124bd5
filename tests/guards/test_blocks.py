"""Long texts are cut at their seams, and stretches are kept apart."""

from hypothesis import given
from hypothesis import strategies as st

from guards.blocks import blocks
from guards.overlap import Untaken


@given(st.text(alphabet="ab. \n", max_size=400), st.integers(2, 60))
def test_blocks_are_the_text_in_pieces(text: str, most: int) -> None:
    """Together they are the text; none is empty or too long."""
    cut = list(blocks(text, most))
    assert "".join(text[start:end] for start, end in cut) == text
    assert all(0 < end - start <= most for start, end in cut)


def test_a_paragraph_is_kept_whole_where_it_fits() -> None:
    """An empty line is cut at before a line, a line before a sentence."""
    text = "One two.\nThree four.\n\nFive six. Seven eight."
    assert [text[start:end] for start, end in blocks(text, 30)] == [
        "One two.\nThree four.\n\n",
        "Five six. Seven eight.",
    ]


def test_characters_are_taken_once() -> None:
    """Whoever comes second gets nothing that overlaps, and what lies beside it."""
    untaken = Untaken(10)
    assert untaken.take(2, 5)
    assert not untaken.take(4, 6)
    assert untaken.take(5, 10)
