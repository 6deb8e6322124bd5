"""Chunks are exact slices that fit the embedder, and break where a reader would."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain import Chunk, Document, Section
from core.ports import Embedder
from ingest import reading
from ingest.chunks import MOST_TOKENS, chunk
from ingest.embed import BundledEmbedder
from ingest.packing import LEAST_TOKENS
from ingest.source import SourceFile

EMBEDDER = BundledEmbedder(Path("unused"))  # counting tokens loads the tokenizer only
SENTENCE = "The operator adds a folder of documents and the library keeps them in step with their source. "
PIECES = st.one_of(
    st.sampled_from(
        [
            "# Heading\n",
            "## Deeper `one`\n",
            "\n\n",
            "\r\n",
            "```\n",
            "| a | b |\n",
            "- item\n",
            "Title\n=====\n",
            SENTENCE,
        ]
    ),
    st.text(max_size=40),
    st.sampled_from(["x" * 3000, "é" * 400, "東京" * 300, "한국어" * 200, "a-b." * 300, SENTENCE * 12, "word " * 500]),
)


def cut(text: str, name: str = "a.md") -> list[Chunk]:
    """The chunks of a file's document."""
    return chunk(reading.load(SourceFile(name, Path(name), text.encode())), EMBEDDER.count_tokens)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from(["a.md", "a.txt"]))
def test_chunks_are_slices_in_order_that_hold_every_word(text: str, name: str) -> None:
    """Each chunk is its slice, none overlap, all fit, and no word outside heading lines is lost."""
    text = text.encode("utf-8", "ignore").decode() + "\nEnd."
    if any((ord(c) < 32 and c not in "\r\n\t") or 127 <= ord(c) < 160 for c in text):
        return  # control characters: not a text file
    document = reading.load(SourceFile(name, Path(name), text.encode()))
    chunks = chunk(document, EMBEDDER.count_tokens)
    last = 0
    for one in chunks:
        assert one.text == document.text[one.start : one.end]
        assert one.text == one.text.strip() != ""
        assert last <= one.start
        gap = document.text[last : one.start]
        headings = [s for s in document.sections if s.heading and s.start <= one.start and s.end > last]
        assert headings or not any(c.isalnum() for c in gap)
        last = one.end
    assert not chunks or not any(c.isalnum() for c in document.text[chunks[-1].end :]) or name == "a.md"
    counts = EMBEDDER.count_tokens([one.embedded for one in chunks])
    assert max(counts, default=0) <= EMBEDDER.max_tokens


def test_a_heading_ends_a_chunk_and_is_not_part_of_it() -> None:
    """Text under different headings is never joined; the heading stands in the path, not in the words."""
    chunks = cut("# A\nOne.\n\n## B\nTwo.\n\n## C\n\nThree.\n")
    assert [(c.heading, c.text) for c in chunks] == [(("A",), "One."), (("A", "B"), "Two."), (("A", "C"), "Three.")]


def test_a_heading_without_text_is_kept() -> None:
    """A section that is only its heading can still be found."""
    assert [c.text for c in cut("# Only a heading\n")] == ["# Only a heading"]


def test_fair_paragraphs_stand_alone_and_short_ones_are_joined() -> None:
    """A paragraph of a good size is one chunk; short ones share one, up to the limit."""
    fair = SENTENCE * 7
    assert [c.text for c in cut(f"{fair}\n\n{fair}\n")] == [fair.strip(), fair.strip()]
    assert len(cut("Short one.\n\nShort two.\n\nShort three.\n")) == 1


def test_a_long_paragraph_is_cut_between_sentences_into_like_pieces() -> None:
    """No sentence is torn, and no tail of a few words is left over."""
    chunks = cut(SENTENCE * 30, "a.txt")
    assert len(chunks) > 1
    assert all(c.text.endswith("source.") for c in chunks)
    counts = EMBEDDER.count_tokens([c.text for c in chunks])
    assert min(counts) >= LEAST_TOKENS


def test_code_is_kept_whole_where_it_fits() -> None:
    """An empty line in a code block is no border."""
    code = "```python\ndef one():\n    pass\n\n\ndef two():\n    pass\n```"
    assert any(code in c.text for c in cut(f"{SENTENCE * 8}\n\n{code}\n\n{SENTENCE * 8}"))


def test_long_tables_are_cut_between_rows() -> None:
    """A table past the limit breaks between rows, never inside one."""
    rows = [f"| setting number {n} | what it means and when to change it |" for n in range(60)]
    chunks = cut("\n".join(rows))
    assert len(chunks) > 1
    assert [line for c in chunks for line in c.text.splitlines()] == rows


def test_a_giant_sentence_is_cut() -> None:
    """A sentence without an end, and a word without a space, are cut to fit."""
    for text in ("word " * 3000, "x" * 50_000, "東" * 2000):
        chunks = cut(text, "a.txt")
        assert len(chunks) > 1
        assert sum(len(c.text.replace(" ", "")) for c in chunks) == len(text.replace(" ", ""))


def test_a_long_heading_path_leaves_room_for_the_text() -> None:
    """The innermost headings are kept, and the chunk still fits."""
    chunks = cut("# " + "very long heading " * 40 + "\n## " + "another " * 30 + "\n### Inner\n" + SENTENCE * 20)
    assert all(c.heading[-1] == "Inner" for c in chunks if c.text.startswith("The operator"))
    assert max(EMBEDDER.count_tokens([c.embedded for c in chunks])) <= MOST_TOKENS + 5


def test_pages_are_kept(embedder: Embedder) -> None:
    """A chunk knows its page and never runs over to the next."""
    document = Document("a", "a", "One.\n\nTwo.", (Section(0, 6, page=1), Section(6, 10, page=2)), 2)
    assert [(c.page, c.text) for c in chunk(document, embedder.count_tokens)] == [(1, "One."), (2, "Two.")]
