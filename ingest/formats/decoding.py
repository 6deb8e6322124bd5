"""Bytes to text: byte order mark, UTF-8, Windows-1252, then a guess that must be a good one; else a refusal."""

from __future__ import annotations

import codecs
import re
import unicodedata

from core.errors import RefusedDocument

_MARKS = (  # longest first: the mark of UTF-32-LE begins with that of UTF-16-LE
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_HIRAGANA = re.compile("[\u3041-\u3096]")
_SAMPLE = 20_000
_UNREADABLE = "the encoding of its text can't be recognised; save it as UTF-8"


def decode(content: bytes) -> str:
    """The text of these bytes, line ends untouched; RefusedDocument when they are no text."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\0" in content:
        raise RefusedDocument("binary", "it holds binary data, not text")
    try:
        return _plausible(content.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
        if _is_western(text):
            return text
    except UnicodeDecodeError:
        pass
    return _guessed(content)


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return _plausible(content.decode(encoding))
    except UnicodeDecodeError as error:
        raise RefusedDocument("encoding", f"it is marked as {encoding.upper()} but is not: {error.reason}") from error


def _plausible(text: str) -> str:
    """UTF-8 proves itself, but a stream of control characters is still no text."""
    sample = text[:_SAMPLE]
    if "\0" in text or len(_CONTROL.findall(sample)) > len(sample) / 50:
        raise RefusedDocument("binary", "it holds binary data, not text")
    return text


def _is_western(text: str) -> bool:
    """Windows-1252 decodes almost anything: believe it where most letters are plain and no control character stands."""
    sample = text[:_SAMPLE]
    letters = [c for c in sample if not c.isascii() or c.isalpha()]
    foreign = sum(not c.isascii() for c in letters)
    return not _CONTROL.search(sample) and foreign <= len(letters) / 4


def _guessed(content: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:200_000], threshold=0.1).best()
    # Coherence is how well the letters fit a language; of Japanese it knows nothing, whose syllables show themselves.
    if best is None or (best.coherence < 0.1 and len(_HIRAGANA.findall(str(best))) < len(str(best)) / 10):
        raise RefusedDocument("encoding", _UNREADABLE)
    try:
        text = content.decode(best.encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise RefusedDocument("encoding", _UNREADABLE) from error
    sample = text[:_SAMPLE]
    readable = sum(unicodedata.category(c)[0] in "LNPZ" or c.isspace() for c in sample)
    if _CONTROL.search(sample) or readable < len(sample) * 0.9:
        raise RefusedDocument("encoding", _UNREADABLE)
    return text
