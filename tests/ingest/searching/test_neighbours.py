"""Chunks side by side that both speak to the question become one passage, exactly as it stands in the document."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import sentences
from core.domain import Chunk
from ingest.index import Library
from ingest.searching import terms
from ingest.searching.candidates import Found
from ingest.searching.neighbours import AMONG, LEAST_ODDS, MOST_CHARACTERS, Joined, cosines, join
from tests.ingest.searching.conftest import Hold, paragraph

TEXT = "The otter eats fish.\n\nThe otter eats crabs.\n\nThe otter eats frogs.\n\nIt rained.\n\nThe otter sleeps."


def found(text: str, start: int, end: int, score: float = 0.5, *, source: str = "a.md", **more: object) -> Found:
    """A candidate that is a stretch of a document."""
    chunk = Chunk(source, source, text[start:end], start, end, **more)  # type: ignore[arg-type]
    held = terms.of_passage(chunk.heading, chunk.text)
    return Found((1, f"{source}:{start}"), chunk, held, (), score)


def piece(words: str, score: float = 0.5, **more: object) -> Found:
    """The stretch of TEXT with these words."""
    start = TEXT.index(words)
    return found(TEXT, start, start + len(words), score, **more)  # type: ignore[arg-type]


def slices(text: str) -> object:
    """What gives the text between two chunks, as the library does."""
    return lambda _chunk, start, end: text[start:end]


def joined(parts: Sequence[Found], text: str = TEXT) -> list[str]:
    """The texts of the passages."""
    made = join(parts, slices(text))  # type: ignore[arg-type]
    assert all(one.chunk.text == text[one.chunk.start : one.chunk.end] for one in made)
    return [one.chunk.text for one in made]


FISH, CRABS, FROGS = "The otter eats fish.", "The otter eats crabs.", "The otter eats frogs."


def test_two_chunks_side_by_side_become_one_passage(library: Library, hold: Hold) -> None:
    """In the whole library: text, offsets, sentences and scores of the passage are those of both chunks together."""
    first = paragraph("otter", "salmon", "trout", "perch", "pike", "roach")
    second = paragraph("otter", "crabs", "crayfish", "frogs", "newts", "mussels")
    hold({"otter.md": f"# Diet of the otter\n\n{first}\n\n{second}\n", "heron.md": paragraph("heron", "eels", "voles")})
    (row,) = [row for row in library.documents() if row.source == "otter.md"]
    chunks = library.chunks(row)
    assert len(chunks) == 2
    got = library.retrieve("What does the otter like along the river?")
    best = got.passages[0]
    document = library.document("otter.md")
    assert document is not None
    assert (best.chunk.start, best.chunk.end) == (chunks[0].start, chunks[1].end)
    assert best.chunk.text == document.text[best.chunk.start : best.chunk.end]
    assert best.chunk.heading == ("Diet of the otter",)
    assert len(best.cosines) == len(sentences.spans(best.chunk.text)) == 10
    assert best.sentence == max(best.cosines)
    parts = [one for one in got.trace.candidates if one.source == "otter.md"]
    assert [one.rank for one in parts] == [1, 1]
    assert best.score == max(one.score for one in parts)
    vectors = library.embedder.embed(["What does the otter like along the river?"])[0]
    starts = [a - best.chunk.start for a in (chunks[0].start, chunks[1].start)]
    for chunk, start in zip(chunks, starts, strict=True):
        before = len(chunk.embedded) - len(chunk.text)
        spans = [(before + a, before + b) for a, b in sentences.spans(chunk.text)]
        rows = library.embedder.embed_with_parts([chunk.embedded], [spans])[1][0]
        expected = [float(row @ vectors / (row @ row) ** 0.5) for row in rows]
        at = [a for a, _ in sentences.spans(best.chunk.text)].index(start)
        assert list(best.cosines[at : at + len(expected)]) == pytest.approx(expected, abs=0.01)


def test_neighbours_are_joined_in_any_order_of_their_scores() -> None:
    """The passage stands where its best part stood, and its parts are in the order of the document."""
    assert joined([piece(FISH), piece(CRABS)]) == [f"{FISH}\n\n{CRABS}"]
    assert joined([piece(CRABS), piece(FISH)]) == [f"{FISH}\n\n{CRABS}"]
    assert joined([piece(FROGS), piece(FISH), piece(CRABS)]) == [f"{FISH}\n\n{CRABS}\n\n{FROGS}"]
    far = piece("The otter sleeps.")
    assert joined([far, piece(CRABS), piece(FISH)]) == [far.chunk.text, f"{FISH}\n\n{CRABS}"]


@pytest.mark.parametrize(
    "other",
    [
        piece(CRABS, source="b.md"),
        piece(CRABS, heading=("Diet",)),
        piece(CRABS, page=2),
        piece(CRABS, collection="zoo"),
        piece(CRABS, version="0123"),
    ],
)
def test_what_is_of_another_place_is_not_joined(other: Found) -> None:
    """Not across documents, headings, pages, collections or versions."""
    assert joined([piece(FISH), other]) == [FISH, CRABS]


def test_what_has_other_text_between_is_not_joined() -> None:
    """A gap of words, or one that is longer than white space between paragraphs, keeps chunks apart."""
    assert joined([piece(FROGS), piece("The otter sleeps.")]) == [FROGS, "The otter sleeps."]
    assert joined([piece("The otter"), piece("fish.")]) == ["The otter", "fish."]
    wide = "One.\n\n\n\n\n\n\n\n\n\n\nTwo."
    assert joined([found(wide, 0, 4), found(wide, 15, 19)], wide) == ["One.", "Two."]
    assert joined([found(wide, 0, 4), found(wide, 3, 19)], wide) == ["One.", wide[3:]]  # one overlaps the other


def test_a_document_that_is_gone_joins_nothing() -> None:
    """Where the text between can't be had any more, the chunks stay as they were read."""
    made = join([piece(FISH), piece(CRABS)], lambda _chunk, _start, _end: "")
    assert [one.chunk.text for one in made] == [FISH, CRABS]


def test_a_neighbour_that_says_little_is_not_joined() -> None:
    """What is far less probable than what it would be joined to stays apart, and so does what stands far down."""
    little = 1 / (1 + 2.718281828 ** (LEAST_ODDS + 0.01))
    assert joined([piece(FISH, 0.5), piece(CRABS, little)]) == [FISH, CRABS]
    assert joined([piece(FISH, 0.5), piece(CRABS, little + 0.01)]) == [f"{FISH}\n\n{CRABS}"]
    between = [piece("It rained.", source=f"{number}.md") for number in range(AMONG)]
    assert joined([piece(FISH), *between, piece(CRABS)])[0] == FISH


def test_cosines_of_parts_are_those_of_the_passage_or_none() -> None:
    """They are given only when there is one a sentence of the text that was made."""
    (both,) = join([piece(FISH), piece(CRABS)], slices(TEXT))  # type: ignore[arg-type]
    assert cosines(both, [[0.1], [0.2]]) == (0.1, 0.2)
    assert cosines(both, [[0.1], []]) == ()
    half = "The otter eats"
    (cut,) = join([piece(half), piece("fish.")], slices(TEXT))  # type: ignore[arg-type]
    assert cut.chunk.text == FISH
    assert cosines(cut, [[0.1], [0.2]]) == ()  # two halves are one sentence


@given(st.data())
def test_passages_are_slices_and_hold_every_candidate_once(data: st.DataObject) -> None:
    """Whatever the cuts and the scores: bounded slices of the text, each candidate in one of them, best first."""
    lengths = data.draw(st.lists(st.integers(1, 900), min_size=1, max_size=12))
    scores = data.draw(st.lists(st.floats(0, 1), min_size=len(lengths), max_size=len(lengths)))
    text, parts = "", []
    for length, score in zip(lengths, scores, strict=True):
        gap = data.draw(st.sampled_from(["", "\n\n", " ", "x"]))
        start = len(text) + len(gap)
        text += gap + "w" * length
        parts.append((start, start + length, score))
    given_ = sorted((found(text, *part) for part in parts), key=lambda one: -one.score)
    made: list[Joined] = join(given_, slices(text))  # type: ignore[arg-type]
    assert all(one.chunk.text == text[one.chunk.start : one.chunk.end] for one in made)
    assert all(len(one.chunk.text) <= max(MOST_CHARACTERS, len(one.best.chunk.text)) for one in made)
    assert sorted(p.place for one in made for p in one.parts) == sorted(one.place for one in given_)
    bests = [one.best.score for one in made]
    assert bests == sorted(bests, reverse=True)
