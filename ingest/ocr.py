"""The one door to Tesseract, which reads the words in pictures: its program is run, where it is installed.

It is a program of its own and no part of Parapet; nothing is sent anywhere.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

from core.errors import RefusedDocument

if TYPE_CHECKING:
    import PIL.Image

PROGRAM = "tesseract"
HOW_TO_INSTALL = "install Tesseract (the package tesseract-ocr, or tesseract from Homebrew) and add it again"
_LONGEST_S = 50  # one page of a book takes a few seconds; below what a silent worker is given
_MOST_PIXELS = 25_000_000  # an A4 page at 600 dots an inch has 35 million; half of that reads as well
_SMALL = 1000  # pixels along the longer side: letters are then lower than Tesseract reads well
_LEAST_CONFIDENCE = 40  # of a paragraph, of 100: below it, speckles and drawings are taken for letters
_LANGUAGES = re.compile(r"[A-Za-z0-9_]+(?:/[A-Za-z0-9_]+)?(?:\+[A-Za-z0-9_]+(?:/[A-Za-z0-9_]+)?)*")
_LINE_END_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐¬]\n(?=[a-zß-öø-ÿ])")


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
    return "\n\n".join(_paragraphs(_run(found, _prepared(image), languages)))


def _run(program: str, png: bytes, languages: str) -> str:
    # The `env` program sets the one variable and leaves the rest, such as where the language files lie, as it is. A
    # second thread makes Tesseract slower on a busy machine and gains little on an idle one.
    command = ["/usr/bin/env", "OMP_THREAD_LIMIT=1", program, "stdin", "stdout", "-l", languages, "tsv"]
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


@dataclass(slots=True)
class _Paragraph:
    """The lines of one paragraph as they were recognised."""

    lines: list[str] = field(default_factory=list)
    confidences: list[float] = field(default_factory=list)


def _paragraphs(table: str) -> Iterator[str]:
    """The paragraphs that can be trusted, lines joined, words that a line end broke made whole."""
    words = [row for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE) if _is_word(row)]
    for _, rows in groupby(words, lambda row: (row["block_num"], row["par_num"])):
        paragraph = _Paragraph()
        for _, line in groupby(rows, lambda row: row["line_num"]):
            told = list(line)
            paragraph.lines.append(" ".join(row["text"].strip() for row in told))
            paragraph.confidences += [float(row["conf"]) for row in told]
        if sum(paragraph.confidences) / len(paragraph.confidences) >= _LEAST_CONFIDENCE:
            yield _LINE_END_HYPHEN.sub("", "\n".join(paragraph.lines)).replace("\n", " ")


def _is_word(row: dict[str, str]) -> bool:
    return row.get("level") == "5" and bool((row.get("text") or "").strip())
