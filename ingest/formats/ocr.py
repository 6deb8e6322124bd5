"""The one door to Tesseract, which reads the words in pictures: its program is run, where it is installed.

It is a program of its own and no part of Parapet; nothing is sent anywhere.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

from core.errors import RefusedDocument

if TYPE_CHECKING:
    import PIL.Image

PROGRAM = "tesseract"
HOW_TO_INSTALL = "install Tesseract (the package tesseract-ocr, or tesseract from Homebrew) and add it again"
_LONGEST_S = 25  # one page of a book takes a few seconds; twice this is less than a silent worker is given
_MOST_PIXELS = 25_000_000  # an A4 page at 600 dots an inch has 35 million; half of that reads as well
_SMALL = 1000  # pixels along the longer side: letters are then lower than Tesseract reads well
_LEAST_CONFIDENCE = 40  # of a paragraph, of 100: below it, speckles and drawings are taken for letters
_DOUBTFUL = 70  # of a page, of 100: a page that lies on its side has 45, a blurred one that doesn't 95
_FINDS_ITS_WAY_UP = "1"  # Tesseract's mode of page layout; takes half as long again as the usual one
_LANGUAGES = re.compile(r"[A-Za-z0-9_]+(?:/[A-Za-z0-9_]+)?(?:\+[A-Za-z0-9_]+(?:/[A-Za-z0-9_]+)?)*")
_LINE_END_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐¬]\n(?=[a-zß-öø-ÿ])")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as Tesseract read it."""

    text: str
    confidence: float  # of 100
    paragraph: tuple[str, str]
    line: str


def is_available(program: str = PROGRAM) -> bool:
    """Whether Tesseract is installed here."""
    return shutil.which(program) is not None


def recognise(image: PIL.Image.Image, languages: str = "eng", program: str = PROGRAM) -> str:
    """The words in a picture, an empty line between paragraphs; empty where there are none.

    RefusedDocument (`needs_ocr`) says what is missing where Tesseract can't work.
    """
    found = shutil.which(program)
    if found is None:
        raise RefusedDocument("needs_ocr", f"its words stand in a picture: {HOW_TO_INSTALL}")
    if not _LANGUAGES.fullmatch(languages):
        raise RefusedDocument("needs_ocr", f"{languages!r} are no languages as Tesseract names them, such as eng+deu")
    png = _prepared(image)
    words = _words(_run(found, png, languages))
    if _confidence(words) < _DOUBTFUL:
        words = max(words, _turned(found, png, languages), key=_confidence)
    return "\n\n".join(_paragraphs(words))


def _turned(program: str, png: bytes, languages: str) -> list[_Word]:
    """The words of a page that may lie on its side or upside down; none where Tesseract can't tell which way is up."""
    try:
        return _words(_run(program, png, languages, _FINDS_ITS_WAY_UP))
    except RefusedDocument:  # its data for that (osd) are not installed
        return []


def _run(program: str, png: bytes, languages: str, layout: str = "3") -> str:
    # The `env` program sets the one variable and leaves the rest, such as where the language files lie, as it is. A
    # second thread makes Tesseract slower on a busy machine and gains little on an idle one.
    command = [
        "/usr/bin/env",
        "OMP_THREAD_LIMIT=1",
        program,
        "stdin",
        "stdout",
        "-l",
        languages,
        "--psm",
        layout,
        "tsv",
    ]
    try:
        done = subprocess.run(command, input=png, capture_output=True, timeout=_LONGEST_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        reason = f"Tesseract took more than {_LONGEST_S} seconds over one page: split it or lower its resolution"
        raise RefusedDocument("ocr_failed", reason) from error
    except OSError as error:
        raise RefusedDocument("needs_ocr", f"Tesseract can't be started: {error.strerror or error}") from error
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode != 0 or "Failed loading language" in said:  # with one of several it goes on, reading worse
        raise _failure(done.returncode, said, languages)
    return done.stdout.decode("utf-8", "replace")


def _failure(status: int, said: str, languages: str) -> RefusedDocument:
    """What Tesseract's failure means, in words that help."""
    missing = re.findall(r"Failed loading language '([^']+)'", said) or re.findall(r"(\w+)\.traineddata", said)
    if missing:
        names = ", ".join(dict.fromkeys(missing))
        return RefusedDocument(
            "needs_ocr", f"Tesseract lacks the language {names} of {languages}: install tesseract-ocr-{missing[0]}"
        )
    last = said.strip().splitlines()[-1:] or ["it said nothing"]
    return RefusedDocument("ocr_failed", f"Tesseract failed (status {status}): {last[0]}")


def _prepared(image: PIL.Image.Image) -> bytes:
    """The picture as PNG in shades of grey, in a size that Tesseract reads well."""
    grey = _on_white(image).convert("L")
    longer = max(grey.size)
    factor = min(_SMALL * 2 / longer, 3.0) if longer < _SMALL else min(1.0, (_MOST_PIXELS / _pixels(grey)) ** 0.5)
    if factor != 1.0:
        grey = grey.resize((max(1, round(grey.width * factor)), max(1, round(grey.height * factor))))
    buffer = BytesIO()
    grey.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _pixels(image: PIL.Image.Image) -> int:
    return image.width * image.height


def _on_white(image: PIL.Image.Image) -> PIL.Image.Image:
    """What shows through a picture is white, as on paper."""
    from PIL import Image

    if not image.has_transparency_data:
        return image
    clear = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)


# --- what Tesseract says ----------------------------------------------------------------------------------------


def _words(table: str) -> list[_Word]:
    """The words in Tesseract's table, in the order they are read."""
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        _Word(row["text"].strip(), float(row["conf"]), (row["block_num"], row["par_num"]), row["line_num"])
        for row in rows
        if row.get("level") == "5" and (row.get("text") or "").strip()
    ]


def _confidence(words: Sequence[_Word]) -> float:
    return sum(word.confidence for word in words) / max(len(words), 1)


def _paragraphs(words: Sequence[_Word]) -> Iterator[str]:
    """The paragraphs that can be trusted, lines joined, words that a line end broke made whole."""
    for _, found in groupby(words, lambda word: word.paragraph):
        told = list(found)
        lines = [" ".join(word.text for word in line) for _, line in groupby(told, lambda word: word.line)]
        if _confidence(told) >= _LEAST_CONFIDENCE:
            yield _LINE_END_HYPHEN.sub("", "\n".join(lines)).replace("\n", " ")
