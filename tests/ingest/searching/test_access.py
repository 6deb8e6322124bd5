"""What an asker may not read has no part in a search: it is not found, scored, counted, nor does it weigh on words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.database import Database
from core.domain import Filters, Retrieval
from core.settings import Settings
from core.words import stem
from ingest.index import Library
from tests.ingest.searching.conftest import hold_in

OFFICE = {
    "hours.md": "The office opens at eight in the morning and closes at six in the evening.",
    "keys.md": "Keys of the office are given out at the desk; a lost key is told to the desk at once.",
    "copy.md": "The safe has no window and stands on the ground floor of the north wing.",
}
BOARD = {
    "vault.md": "The vault opens with the numbers four, nine and two; Quarlesworth keeps the key of the vault.",
    "copy.md": "The safe has no window and stands on the ground floor of the north wing.",
    **{f"office-{n}.md": f"Note {n}: the office of the board opens late, says member {n * 7}." for n in range(30)},
}
QUESTIONS = (
    "When does the office open?",
    "Who keeps the key of the vault?",
    "Quarlesworth",
    "Where does the safe stand?",
    "the office opens",
)


@pytest.fixture
def without(tmp_path: Path, library: Library) -> Iterator[Library]:
    """A library that holds the open collection alone."""
    settings = Settings(home=tmp_path / "other")
    alone = Library(settings, Database(settings.database), library.embedder)
    hold_in(alone, tmp_path / "office", OFFICE, "office")
    yield alone
    alone.database.close()


@pytest.fixture
def mixed(tmp_path: Path, library: Library) -> Library:
    """A library that holds the board's papers too, which only ann may read."""
    hold_in(library, tmp_path / "board", BOARD, "board")
    hold_in(library, tmp_path / "office", OFFICE, "office")
    library.set_readers("board", ["ann"])
    return library


def alike(one: Retrieval, other: Retrieval) -> None:
    """Both found the same by the same scores, and tell the same of how."""
    assert one.trace == other.trace
    assert one.passages == other.passages


@pytest.mark.parametrize("reader", ["bob", ""])
def test_a_search_is_as_if_the_collection_were_not_there(mixed: Library, without: Library, reader: str) -> None:
    """Passages, scores, candidates, counts: all equal those of a library that lacks it."""
    for question in QUESTIONS:
        got = mixed.retrieve(question, 2, reader=reader)
        alike(got, without.retrieve(question, 2, reader=reader))
        assert {one.collection for one in got.trace.candidates} == {"office"}
        assert got.trace.chunks == len(got.trace.candidates) + got.trace.more == 3
        weighed = [one.values for one in mixed.weighed(question, reader=reader)]
        assert weighed == [one.values for one in without.weighed(question, reader=reader)]


def test_words_are_counted_in_what_may_be_read(mixed: Library, without: Library) -> None:
    """A word that stands in the board's papers alone stands nowhere for another asker."""
    stems = [stem(word) for word in ("quarlesworth", "office", "member", "nothing")]
    assert mixed.document_frequency(stems, "bob") == without.document_frequency(stems, "bob") == [0, 2, 0, 0]
    assert mixed.document_frequency(stems, "ann") == mixed.document_frequency(stems) == [1, 32, 30, 0]
    assert (mixed.size("bob"), mixed.size("ann")) == ((3, 3), (35, 35))


def test_naming_the_collection_does_not_open_it(mixed: Library) -> None:
    """Whoever narrows a search to what they may not read finds nothing, and nothing is counted."""
    for filters in (Filters(collections=("board",)), Filters(collections=("board",), sources=("vault.md",))):
        got = mixed.retrieve("Who keeps the key of the vault?", filters=filters, reader="bob")
        assert (got.passages, got.trace.candidates, got.trace.chunks, got.trace.more) == ((), (), 0, 0)
        assert mixed.weighed("Who keeps the key of the vault?", filters=filters, reader="bob") == []
    got = mixed.retrieve("Who keeps the key?", filters=Filters(sources=("vault.md",)), reader="bob")
    assert (got.passages, got.trace.chunks) == ((), 0)


def test_who_may_read_it_and_the_operator_find_it(mixed: Library) -> None:
    """A reader of the collection is answered from both; so is the operator, who is no reader."""
    for reader in ("ann", None):
        got = mixed.retrieve("Who keeps the key of the vault?", reader=reader)
        assert got.passages[0].chunk.source == "vault.md"
        assert got.trace.chunks == 35
        (safe, *_) = mixed.retrieve("Where does the safe stand?", reader=reader).passages
        assert (safe.chunk.collection, safe.chunk.source) in {("board", "copy.md"), ("office", "copy.md")}


def test_a_right_that_is_taken_away_ends_at_once(mixed: Library) -> None:
    """The next question already is asked without it."""
    assert mixed.retrieve("Quarlesworth", reader="ann").passages[0].chunk.source == "vault.md"
    mixed.set_readers("board", ["eve"])
    assert {one.collection for one in mixed.retrieve("Quarlesworth", reader="ann").trace.candidates} == {"office"}
