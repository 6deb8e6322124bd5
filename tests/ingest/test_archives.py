"""Archives that can't be trusted are refused by name, before anything unpacks."""

from io import BytesIO
from zipfile import ZIP_BZIP2, ZipFile

import pytest

from core.errors import RefusedDocument
from ingest.formats import archives
from tests.ingest.bundles import zipped


def refused(content: bytes) -> str:
    """The code under which an archive is refused."""
    with pytest.raises(RefusedDocument) as refusal:
        archives.open_zip(content)
    assert len(refusal.value.reason) > 10
    return refusal.value.code


def test_a_sound_archive_opens() -> None:
    """Members are read whole; a missing one is told by name."""
    with archives.open_zip(zipped({"a/b.xml": "text"})) as archive:
        assert archives.read_member(archive, "a/b.xml") == b"text"
        with pytest.raises(RefusedDocument, match=r"c\.xml"):
            archives.read_member(archive, "c.xml")


def test_a_bomb_is_refused_by_its_ratio() -> None:
    """Thirty million zeros in a few kilobytes are a bomb, be the rest of the archive as large as it may."""
    assert refused(zipped({"a.xml": bytes(30_000_000)})) == "bomb"


def test_small_members_may_shrink_well() -> None:
    """Below twenty million bytes any ratio is fair: long empty tables are no attack."""
    archives.open_zip(zipped({"a.xml": bytes(10_000_000)})).close()


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting needs no trust in the archive's own word; the limit is lowered here to keep the test small."""
    monkeypatch.setattr(archives, "MOST_MEMBERS", 5)
    assert refused(zipped({f"{n}.xml": "x" for n in range(6)})) == "bomb"
    assert archives.members(zipped({f"{n}.xml": "x" for n in range(6)})) == frozenset()


def test_the_sum_of_members_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many members of fair size are a bomb together."""
    monkeypatch.setattr(archives, "MOST_BYTES", 1000)
    assert refused(zipped({f"{n}.xml": "x" * 300 for n in range(4)})) == "bomb"


@pytest.mark.parametrize("name", ["../up.xml", "a/../../up.xml", "/etc/passwd", "C:\\x", "a\\..\\..\\x"])
def test_paths_that_lead_out_are_refused(name: str) -> None:
    """No member may name a place outside of the archive."""
    assert refused(zipped({"a.xml": "x", name: "y"})) == "bad_path"


def test_names_with_dots_are_no_paths() -> None:
    """Two dots within a name lead nowhere."""
    archives.open_zip(zipped({"a..b/c...xml": "x"})).close()


def test_encrypted_members_are_refused() -> None:
    """The flag that Python's own writer never sets."""
    content = bytearray(zipped({"a.xml": "x"}))
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(content)) == "encrypted"


def test_unusual_packing_is_refused() -> None:
    """Other methods than those of documents could unpack without bound."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_BZIP2) as archive:
        archive.writestr("a.xml", "x" * 1000)
    assert refused(buffer.getvalue()) == "corrupt"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04" + b"x" * 100, "cut_off"),
        (zipped({"a.xml": "x" * 5000})[:80], "cut_off"),
        (b"<html>", "corrupt"),
        (b"PK\x03\x04PK\x05\x06" + b"\xff" * 18, "corrupt"),
    ],
)
def test_what_is_no_whole_archive_is_refused(content: bytes, code: str) -> None:
    """A cut off download is told from something else."""
    assert refused(content) == code


def test_a_damaged_member_is_refused() -> None:
    """Content whose sum is wrong does not come through."""
    content = zipped({"mimetype": "some stored words"}).replace(b"stored", b"st0red", 1)
    with archives.open_zip(content) as archive, pytest.raises(RefusedDocument, match="unpacked"):
        archives.read_member(archive, "mimetype")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_found_behind_anything(encoding: str) -> None:
    """Comments, declarations and encodings don't hide it; a mere mention in the text is none."""
    sly = "<?xml version='1.0'?><!-- <a> --><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".encode(encoding)
    with archives.open_zip(zipped({"a.xml": sly})) as archive, pytest.raises(RefusedDocument) as refusal:
        archives.refuse_doctypes(archive, ["a.xml"])
    assert refusal.value.code == "bomb"
    fair = "<a><![CDATA[<!DOCTYPE a>]]></a>".encode(encoding)
    with archives.open_zip(zipped({"a.xml": fair, "b.png": b"\x89PNG"})) as archive:
        archives.refuse_doctypes(archive, archive.namelist())
