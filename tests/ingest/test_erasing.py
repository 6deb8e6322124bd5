"""Erasure: nothing of a document is left in any file of the home, and the receipt says what was looked through."""

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from chains.turns import TurnStore
from core.clock import new_id
from core.database import Database
from core.domain import Answer, Citation, Decision, Outcome, Question, Sentence
from core.errors import UsageError
from core.scrubbing import ANSWER_ERASED
from core.tables import receipts as receipt_table
from guards.flags import FlagDesk
from ingest import traces
from ingest.erasing import erase
from ingest.index import Library
from ingest.pipeline import add
from ingest.reindexing import reindex, roll_back
from ingest.rows import receipts
from ingest.traces import Traces, search_files
from ingest.verifying import verify
from tests.ingest.hashed import HashedEmbedder
from tests.ingest.killable import open_library, sync

WORDS = "Mrs Zephyrine Quarlesworth keeps her spare key beneath the third blue flowerpot."
OTHER = "The lighthouse keeper lights the lamp at dusk every evening."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A document to erase and one to keep."""
    made = tmp_path / "docs"
    made.mkdir()
    (made / "secret.md").write_text(
        f"# Keys\n\n{WORDS} She told nobody of this.\n\nZürich: „Schlüssel“ in der Küche.\n"
    )
    (made / "keep.md").write_text(f"# Lamp\n\n{OTHER}\n")
    return made


def files_with(home: Path, *needles: bytes) -> list[str]:
    """The files of a home in which one of these bytes stands."""
    return [
        path.relative_to(home).as_posix()
        for path in home.rglob("*")
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    ]


def test_nothing_is_left_on_disk(library: Library, database: Database, folder: Path) -> None:
    """Text, vectors, stored answers and flags of the document are gone from every file; the rest answers as before."""
    add(library, [folder])
    (passage, *_) = library.search("Where is the spare key?")
    vector = Traces((), (library.embedder.embed([passage.chunk.embedded])[0][:16],))
    turns, flags = TurnStore(database), FlagDesk(database)
    quote = Citation(1, "secret.md", "Keys", None, WORDS, 8, 8 + len(WORDS))
    sentence = Sentence(WORDS, citations=(quote,))
    answer = Answer(new_id(), "Where?", Outcome.ANSWERED, WORDS, (sentence,), (passage,))
    question = Question("Where?", answer.turn, "c")
    turns.begin(question)
    turns.finish(answer.turn, answer)
    flag = flags.raise_flag(answer, WORDS, "local", Decision.HOLD)
    home = library.settings.home
    assert files_with(home, b"Quarlesworth")
    assert search_files(home, vector).found_in != ()

    (receipt,) = erase(library, ["secret.md"], collection="default", keepers=[turns, flags])

    assert files_with(home, b"Quarlesworth", b"flowerpot", "Schlüssel".encode()) == []
    assert search_files(home, vector).found_in == ()
    assert receipt.erased == {
        "documents": 1,
        "characters": 149,
        "chunks": 1,
        "set_aside": 0,
        "answers": 1,
        "flags": 1,
    }
    assert receipt.proof is not None
    assert receipt.proof["found_in"] == []
    assert receipt.proof["files_searched"] > 3
    assert receipt.proof["words_looked_for"] > 0
    assert receipt.proof["vectors_looked_for"] == 1
    assert receipt.ended_at is not None
    assert [row.source for row in library.documents()] == ["keep.md"]
    assert library.search("Who lights the lamp?")[0].chunk.source == "keep.md"
    (kept,) = turns.history("c")
    assert kept.answer is not None
    assert (kept.answer.text, kept.answer.sentences) == (ANSWER_ERASED, ())
    assert flags.get(flag).withheld == ""
    assert verify(library).findings == ()
    add(library, [folder / "keep.md"])  # writing goes on in the new index
    assert library.faults() == []


def test_a_document_that_is_not_there(library: Library, folder: Path) -> None:
    """Nothing is erased when one of the names is wrong."""
    add(library, [folder])
    with pytest.raises(UsageError, match=r"nothing\.md.*nothing was erased"):
        erase(library, ["secret.md", "nothing.md"], collection="default")
    assert library.size()[0] == 2


def test_what_another_document_holds_too_stays(library: Library, folder: Path) -> None:
    """A passage that stands in two documents is still found in the other, and is not looked for as a trace."""
    (folder / "copy.md").write_text((folder / "secret.md").read_text())
    add(library, [folder])
    (receipt,) = erase(library, ["secret.md"], collection="default")
    assert receipt.proof is not None
    assert (receipt.proof["words_looked_for"], receipt.proof["found_in"]) == (0, [])
    assert library.search("Where is the spare key?")[0].chunk.source == "copy.md"


def test_an_erasure_that_was_cut_short_is_ended(library: Library, database: Database, folder: Path) -> None:
    """When a run was killed between the rows and the bytes, verify says so and ends it."""
    add(library, [folder])
    erase(library, ["secret.md"], collection="default")
    with database.write() as connection:
        connection.execute(update(receipt_table).values(proof=None, ended_at=None))  # as the killed run leaves it
    found = verify(library)
    assert [(finding.where, finding.mended) for finding in found.findings] == [("secret.md", True)]
    with database.read() as connection:
        assert receipts.pending(connection) == []


def test_the_next_erasure_ends_one_that_was_cut_short(library: Library, database: Database, folder: Path) -> None:
    """Asked for again, or when another document is erased: the receipt of the first is ended too."""
    add(library, [folder])
    erase(library, ["secret.md"], collection="default")
    with database.write() as connection:
        connection.execute(update(receipt_table).values(proof=None, ended_at=None))  # as the killed run leaves it
    (again,) = erase(library, ["secret.md"], collection="default")
    assert (again.source, again.ended_at is not None) == ("secret.md", True)
    with database.write() as connection:
        connection.execute(update(receipt_table).values(proof=None, ended_at=None))
    assert [receipt.source for receipt in erase(library, ["keep.md"], collection="default")] == ["secret.md", "keep.md"]
    assert library.size() == (0, 0)
    with database.read() as connection:
        assert receipts.pending(connection) == []


def test_an_index_of_an_embedder_that_is_gone(tmp_path: Path, folder: Path) -> None:
    """An index that is only kept to go back to is rebuilt without its embedder: vectors are copied, not made."""
    foreign = open_library(tmp_path / "home", HashedEmbedder("foreign", 32))
    sync(foreign, folder)
    library = open_library(tmp_path / "home")
    reindex(library, "default")
    (receipt,) = erase(library, ["secret.md"], collection="default")
    assert receipt.proof is not None
    assert receipt.proof["indexes_rebuilt"] == 2
    assert files_with(tmp_path / "home", b"Quarlesworth") == []
    assert roll_back(foreign, "default").now.embedder == "foreign"
    assert [passage.chunk.source for passage in foreign.search("lamp")] == ["keep.md"]


def test_files_of_any_size_are_searched(tmp_path: Path) -> None:
    """Empty and tiny files are no trouble; what stands across two blocks is found."""
    vector = np.arange(16, dtype=np.float32) / 40 + 0.1
    for size in range(5):
        (tmp_path / f"tiny-{size}").write_bytes(b"x" * size)
    block = traces._BLOCK
    (tmp_path / "words").write_bytes(b"." * (block - 5) + b"the third blue flowerpot" + b"." * 50)
    (tmp_path / "numbers").write_bytes(b"." * (block - 3) + vector.tobytes() + b"." * 50)
    looked = search_files(tmp_path, Traces((b"the third blue flowerpot",), (vector,)))
    assert (looked.files, looked.found_in) == (7, ("numbers", "words"))
