"""Pictures of words: recognised where Tesseract is installed, refused with what to do where it is not."""

import random
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from core.domain import Document
from core.errors import RefusedDocument
from ingest import reading
from ingest.formats import ocr
from ingest.source import ReadOptions, SourceFile
from tests.ingest.papers import encoded, picture

with_tesseract = pytest.mark.skipif(not ocr.is_available(), reason="Tesseract is not installed")
LETTER = picture("The committee met on Monday and", "approved the plan.", "", "The harbour opens in spring.")


def loaded(name: str, content: bytes, options: ReadOptions | None = None) -> Document:
    """The document in a picture of this name."""
    return reading.load(SourceFile(name, Path(name), content, options or ReadOptions()))


def refusal(name: str, content: bytes, options: ReadOptions | None = None) -> RefusedDocument:
    """Why a picture is refused."""
    with pytest.raises(RefusedDocument) as raised:
        loaded(name, content, options)
    return raised.value


@with_tesseract
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF"])
def test_words_of_a_picture(kind: str) -> None:
    """Pictures of every kind are known by their content; lines of a paragraph are joined, paragraphs stand apart."""
    document = loaded("letter.unheard-of", encoded(LETTER, kind))
    assert document.text == "The committee met on Monday and approved the plan.\n\nThe harbour opens in spring."
    assert (document.title, document.pages) == ("letter", None)


@with_tesseract
def test_pages_of_a_tiff() -> None:
    """Each page of a fax is a section with its number; one without words is said; each is a sign of life."""
    signs: list[int] = []
    content = encoded(picture("First page."), "TIFF", picture(""), picture("Third page."))
    file = SourceFile("fax.tif", Path("fax.tif"), content, alive=lambda: signs.append(1))
    document = reading.load(file)
    assert (document.pages, document.empty_pages, len(signs)) == (3, (2,), 3)
    assert [(s.page, document.text[s.start : s.end].strip()) for s in document.sections] == [
        (1, "First page."),
        (3, "Third page."),
    ]


@with_tesseract
def test_pages_that_lie_on_their_side_are_read() -> None:
    """A page that was scanned sideways or upside down is turned, where Tesseract can tell which way is up."""
    page = picture(*["The harbour was built in the year of the flood."] * 12)
    if "osd" not in subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=True).stdout:
        pytest.skip("Tesseract's data for the way up (osd) are not installed")
    for turn in (90, 180):
        assert ocr.recognise(page.rotate(turn, expand=True)).count("built in the year") == 12


@with_tesseract
def test_a_clear_ground_is_white() -> None:
    """Black words on a ground that shows through are read as on paper."""
    page = Image.new("RGBA", LETTER.size, "black")
    page.putalpha(ImageOps.invert(LETTER.convert("L")))
    assert "The harbour opens in spring." in loaded("a.png", encoded(page)).text


@with_tesseract
def test_words_broken_at_a_line_end_are_made_whole() -> None:
    """A hyphen at the end of a line goes where the word goes on in lower case."""
    assert ocr.recognise(picture("A long voyage of explo-", "ration began.")) == "A long voyage of exploration began."


@with_tesseract
def test_a_picture_without_words_is_refused() -> None:
    """A drawing has nothing to be quoted."""
    assert refusal("a.png", encoded(Image.new("L", (400, 300), 255))).code == "no_text"


@with_tesseract
def test_a_language_that_is_not_installed_is_named() -> None:
    """The refusal says which language data to install, and what names no language never reaches the program."""
    missing = refusal("a.png", encoded(LETTER), ReadOptions(ocr_languages="eng+tlh"))
    assert (missing.code, "tesseract-ocr-tlh" in missing.reason) == ("needs_ocr", True)
    assert "no languages" in refusal("a.png", encoded(LETTER), ReadOptions(ocr_languages="--help")).reason


def test_without_tesseract_pictures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the program is not installed, the refusal says what to install; nothing else is tried."""
    monkeypatch.setenv("PATH", "")
    told = refusal("a.png", encoded(LETTER))
    assert (told.code, "install Tesseract" in told.reason) == ("needs_ocr", True)
    with pytest.raises(RefusedDocument, match="install Tesseract"):
        ocr.recognise(LETTER, program="no-such-program")


def test_a_program_that_fails_is_told(tmp_path: Path) -> None:
    """What the program says before it fails is in the refusal; one that can't be started is told too."""
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\necho 'Out of luck' >&2\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(RefusedDocument, match=r"status 3.*Out of luck"):
        ocr.recognise(LETTER, program=str(program))


def test_recognising_can_be_switched_off() -> None:
    """An operator who switched it off is told so."""
    assert "switched off" in refusal("a.png", encoded(LETTER), ReadOptions(ocr=False)).reason


@with_tesseract
def test_bombs_and_damaged_pictures_are_refused() -> None:
    """A picture of more pixels than memory holds is refused by its size alone; damaged ones by name."""
    assert refusal("a.png", encoded(Image.new("1", (10_000, 9_001)))).code == "bomb"
    assert refusal("a.png", encoded(Image.new("1", (20_000, 10_000)))).code == "bomb"
    assert refusal("a.png", encoded(LETTER)[:500]).code == "corrupt"
    assert refusal("a.png", b"\x89PNG\r\n\x1a\nnothing").code == "corrupt"


@with_tesseract
def test_pictures_with_bytes_changed_are_read_or_refused() -> None:
    """Whatever bytes are changed, nothing but a refusal comes out of the loader."""
    chance = random.Random(3)
    small = Image.new("L", (60, 40), 255)
    for kind in ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF") * 12:
        buffer = BytesIO()
        small.save(buffer, kind)
        raw = bytearray(buffer.getvalue())[: chance.randrange(12, 4000)]
        for _ in range(chance.randrange(1, 5)):
            raw[chance.randrange(8, len(raw))] = chance.randrange(256)
        try:
            loaded("a.png", bytes(raw))
        except RefusedDocument as refused:
            assert refused.code != "failed", (kind, refused.reason)
