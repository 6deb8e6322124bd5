"""Chunks are exact slices that fit the embedder, and break where a reader would."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain import Chunk, Document, Section
from core.ports import Embedder
from ingest import reading
from ingest.cutting.chunks import MOST_TOKENS, chunk
from ingest.cutting.packing import LEAST_TOKENS
from ingest.embed import BundledEmbedder
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


SHAPES = st.one_of(
    PIECES,
    st.text(st.characters(categories=["L", "M", "N", "P", "S", "Z", "Cf"]), max_size=60),
    st.sampled_from(["\r", "\r\n\r\n", "\u2028", "\x0c", "\x85", "~~~\n", "    indented code\n", "The steps are:\n\n"]),
    st.sampled_from(
        ["שלום עולם. " * 60, "👩‍👩‍👧‍👦" * 200, "e\u0301\u0323" * 300, "\u200b" * 5000, " " * 9000, "---\n"]
    ),
    st.sampled_from(
        ["Name: Smith | City: Paris\n" * 40, "computer\x0cscience" * 300, "東京。大阪" * 100, "x" * 99 + "-"]
    ),
)


def cut(text: str, name: str = "a.md") -> list[Chunk]:
    """The chunks of a file's document."""
    return chunk(reading.load(SourceFile(name, Path(name), text.encode())), EMBEDDER.count_tokens)


def plain(text: str) -> list[Chunk]:
    """The chunks of a document without headings, whatever its characters."""
    return chunk(Document("a", "a", text, (Section(0, len(text)),)), EMBEDDER.count_tokens)


def check(document: Document, chunks: list[Chunk]) -> None:
    """Fail unless each chunk is its slice, in order, whole, and short enough for the embedder as it sees it."""
    last = 0
    for one in chunks:
        assert one.text == document.text[one.start : one.end] == one.text.strip() != ""
        assert last <= one.start
        last = one.end
    assert max(EMBEDDER.count_tokens([one.embedded for one in chunks]), default=0) <= EMBEDDER.max_tokens


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from(["a.md", "a.txt"]))
def test_chunks_are_slices_in_order_that_hold_every_word(text: str, name: str) -> None:
    """Each chunk is its slice, none overlap, all fit, and no word outside heading lines is lost."""
    text = text.encode("utf-8", "ignore").decode() + "\nEnd."
    if any((ord(c) < 32 and c not in "\r\n\t") or 127 <= ord(c) < 160 for c in text):
        return  # control characters: not a text file
    document = reading.load(SourceFile(name, Path(name), text.encode()))
    chunks = chunk(document, EMBEDDER.count_tokens)
    check(document, chunks)
    edges = [0, *(edge for one in chunks for edge in (one.start, one.end)), len(document.text)]
    for begin, end in gaps(edges):
        headings = [s for s in document.sections if s.heading and s.start <= end and s.end > begin]
        assert headings or not any(c.isalnum() for c in document.text[begin:end])


@settings(max_examples=150, deadline=None)
@given(st.lists(SHAPES, max_size=20).map("".join))
def test_any_characters_are_cut_to_fit_and_none_is_lost(text: str) -> None:
    """Marks, emoji, right-to-left and control characters: all that can be seen is in one chunk; a second run agrees."""
    document = Document("a", "a", text, (Section(0, len(text)),))
    chunks = chunk(document, EMBEDDER.count_tokens)
    check(document, chunks)
    edges = [0, *(edge for one in chunks for edge in (one.start, one.end)), len(text)]
    assert not any(c.isprintable() and c not in " #=-*_~" for begin, end in gaps(edges) for c in text[begin:end])
    assert chunk(document, EMBEDDER.count_tokens) == chunks


def gaps(edges: list[int]) -> list[tuple[int, int]]:
    """The gaps between chunks, from the edges of all."""
    return list(zip(edges[::2], edges[1::2], strict=True))


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


def test_an_edit_moves_only_what_is_near_it() -> None:
    """A word more at the beginning of long prose, long data or a long line leaves nearly all chunks as they were."""
    numbers = range(1500)
    for text in (
        " ".join(f"Sentence {n * n} tells of the matter {n} and no other." for n in numbers),
        "\n\n".join(f"Paragraph {n * n} tells of the matter {n} and of no other one." for n in numbers),
        "\n".join(f"Name: Smith {n * n} | City: Paris | Row: {n}" for n in numbers),
        " ".join(f"word{n * n}" for n in numbers),
    ):
        before = {c.text for c in plain(text)}
        after = {c.text for c in plain("Inserted " + text)}
        assert len(before) > 20
        assert len(after - before) <= 5


def test_rows_and_items_are_never_torn() -> None:
    """Rows of data and items of a list that fit stay whole, also those of more than one sentence or line."""
    rows = [f"Name: Smith {n} | Told: He came. He saw. He went. | City: Paris" for n in range(60)]
    items = [f"- Step {n}. Open the folder.\n  Then close it again. Wait." for n in range(60)]
    for parts in (rows, items):
        assert "\n".join(c.text for c in plain("\n".join(parts))).splitlines() == "\n".join(parts).splitlines()
        assert all(c.text.startswith(parts[0][:3]) for c in plain("\n".join(parts)))


def test_indented_code_and_long_code_break_where_a_programmer_would() -> None:
    """Empty lines in indented code are no border; code that is too long breaks before a line that is not indented."""
    code = "    one = 1\n\n    two = 2\n\n    three = 3"
    assert any(code.strip() in c.text for c in plain(f"{SENTENCE * 7}\n\n{code}\n\n{SENTENCE * 7}"))
    functions = "\n".join(
        f"def function_{n}(first, second):\n    total = first + second\n    return total" for n in range(60)
    )
    chunks = plain(f"```python\n{functions}\n```")
    assert len(chunks) > 1
    assert all(c.text.startswith(("def ", "```python")) for c in chunks)


def test_what_introduces_a_list_stays_with_it() -> None:
    """A line that ends in a colon is not the end of a chunk while what it announces is the beginning of the next."""
    rows = "\n".join(f"- item {n} of the list that was announced above" for n in range(12))
    chunks = plain(f"{SENTENCE * 7}\n\nThe steps are:\n\n{rows}")
    assert [c.text.splitlines()[0] for c in chunks][1] == "The steps are:"
    assert len(chunks) == 2


def test_line_ends_of_windows_are_no_paragraphs() -> None:
    """The same text with either kind of line end is cut alike."""
    text = "\n".join([SENTENCE.strip()] * 4 + ["", ""] + ["- item"] * 5)
    assert [c.text.replace("\r\n", "\n") for c in plain(text.replace("\n", "\r\n"))] == [c.text for c in plain(text)]


def test_a_heading_over_headings_is_no_chunk() -> None:
    """What has no text of its own, and stands in the path of what follows, is told by that path."""
    assert [c.text for c in cut("# A\n\n---\n\n## B\nText.\n\n## C\n")] == ["Text.", "## C"]
