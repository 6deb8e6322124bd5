"""Files inside of files: an e-mail's attachments are documents of their own and share its fate."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.index import Library
from ingest.pipeline import remove
from ingest.quarantine import Quarantine
from ingest.rows import asides
from tests.ingest.folders import PLANTED, CountingIngester, states, write
from tests.ingest.papers import pdf

FILES = {"plan.pdf": pdf("The harvest was rich this year."), "notes.txt": b"Ships anchor here.", "blob.xyz": b"\0\1"}


def mail(files: Mapping[str, bytes], body: str = "Please find the papers attached.") -> bytes:
    """A message with these files."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ann@example.org", "bob@example.org", "Papers"
    message.set_content(body)
    for name, content in files.items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A message with a PDF, a text and a file of no known kind."""
    return write(tmp_path / "docs", {"mail.eml": mail(FILES)})


def kept_aside(library: Library) -> dict[str, int]:
    """How many files are set aside."""
    with library.database.read() as connection:
        return {state: number for state, number in asides.counts(connection).items() if number}


def test_attachments_are_documents_of_their_own(ingester: CountingIngester, library: Library, folder: Path) -> None:
    """Each is named after its message and itself, knows what it came in, and is found; an unknown one is refused."""
    assert states(ingester.add([folder])) == {
        "mail.eml": "added",
        "mail.eml#plan.pdf": "added",
        "mail.eml#notes.txt": "added",
        "mail.eml#blob.xyz": "unknown_type",
    }
    row = library.document_row("mail.eml#plan.pdf")
    assert row is not None
    assert (row.container, row.pages) == ("mail.eml", 1)
    assert library.search("How was the harvest?")[0].chunk.source == "mail.eml#plan.pdf"
    ingester.taken_jobs()
    assert states(ingester.sync([folder])) == {"mail.eml": "unchanged"}
    assert ingester.taken_jobs() == []


def test_they_change_with_their_message(ingester: CountingIngester, library: Library, folder: Path) -> None:
    """A new version replaces what it still holds, and what it holds no more goes, set aside or not."""
    ingester.sync([folder])
    write(folder, {"mail.eml": mail({"notes.txt": b"Ships leave."})})
    assert states(ingester.sync([folder])) == {
        "mail.eml": "updated",
        "mail.eml#notes.txt": "updated",
        "mail.eml#plan.pdf": "removed",
    }
    assert kept_aside(library) == {}
    (folder / "mail.eml").rename(folder / "other.eml")
    assert set(states(ingester.sync([folder])).items()) == {
        ("other.eml", "added"),
        ("other.eml#notes.txt", "added"),
        ("mail.eml", "removed"),
        ("mail.eml#notes.txt", "removed"),
    }


def test_what_waits_inside_of_a_message(ingester: CountingIngester, library: Library, folder: Path) -> None:
    """An attachment that waits for a person is admitted as part of the message, which is as it was after that."""
    write(folder, {"mail.eml": mail({"planted.txt": PLANTED.encode()})})
    assert states(ingester.sync([folder])) == {"mail.eml": "added", "mail.eml#planted.txt": "quarantined"}
    Quarantine(library).admit("mail.eml#planted.txt", reviewer="ann")
    row = library.document_row("mail.eml#planted.txt")
    assert row is not None
    assert row.container == "mail.eml"
    assert states(ingester.sync([folder])) == {"mail.eml": "unchanged"}


def test_a_message_that_waits_does_not_keep_its_attachments_out(
    ingester: CountingIngester, library: Library, folder: Path
) -> None:
    """They go in, stay while the message's file stands, and go with it."""
    write(folder, {"mail.eml": mail({"notes.txt": b"Ships anchor here."}, PLANTED), "other.md": "Another document."})
    assert states(ingester.sync([folder])) == {
        "mail.eml": "quarantined",
        "mail.eml#notes.txt": "added",
        "other.md": "added",
    }
    ingester.sync([folder])
    assert library.document_row("mail.eml#notes.txt") is not None
    (folder / "mail.eml").unlink()
    assert states(ingester.sync([folder])) == {"other.md": "unchanged", "mail.eml#notes.txt": "removed"}
    assert kept_aside(library) == {}


def test_removing_a_message_removes_what_is_inside(ingester: CountingIngester, library: Library, folder: Path) -> None:
    """Documents, refused files and those that wait."""
    write(folder, {"mail.eml": mail(FILES | {"planted.txt": PLANTED.encode()})})
    ingester.sync([folder])
    assert kept_aside(library) == {"refused": 1, "quarantined": 1}
    assert set(states(remove(library, ["mail.eml"])).values()) == {"removed"}
    assert (library.documents(), kept_aside(library), library.faults()) == ([], {}, [])
