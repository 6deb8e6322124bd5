"""The media types that become documents, and the suffix that a file of each would have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from core.errors import RefusedDocument

_OFFICE = "application/vnd.openxmlformats-officedocument"
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/pdf": ".pdf",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OFFICE}.presentationml.presentation": ".pptx",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
    "application/epub+zip": ".epub",
    "message/rfc822": ".eml",
    "application/json": ".json",
    "application/ld+json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/xml": ".xml",
    "text/xml": ".xml",
}
MARKUP = frozenset({"text/html", "application/xhtml+xml"})
_UNNAMED = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-download"})
# The first type of each suffix is the one that a file without a type is taken for.
_TYPES = {suffix: name for name, suffix in reversed(_SUFFIXES.items())} | {".htm": "text/html"}
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
# Links to these can't become documents: asking for them would only be a burden on the server.
_OTHER_FILES = frozenset(
    ".png .jpg .jpeg .gif .svg .webp .ico .bmp .tif .tiff .avif .css .js .mjs .map .woff .woff2 .ttf .otf .eot .mp3 "
    ".ogg .wav .flac .m4a .mp4 .webm .mov .avi .mkv .zip .gz .tgz .bz2 .xz .7z .rar .tar .zst .exe .msi .dmg .deb .rpm "
    ".apk .iso .jar .whl .bin".split()
)


@dataclass(frozen=True, slots=True)
class Media:
    """What a Content-Type header says."""

    name: str  # lower case, without parameters
    charset: str  # lower case, or empty


def media_of(header: str, path: str) -> Media:
    """The type that a server gave; from the path's suffix where it gave none. RefusedDocument when it is not taken."""
    name = header.split(";", 1)[0].split(",", 1)[0].strip().lower()
    if name in _UNNAMED:
        name = _TYPES.get(PurePosixPath(path).suffix.lower(), name)
    if name not in _SUFFIXES:
        what = name[:100] or "a type that it does not name"
        raise RefusedDocument("unsupported_type", f"it is of type {what}, which can't become a document")
    charset = _CHARSET.search(header)
    return Media(name, charset[1].lower() if charset else "")


def suffix_of(name: str) -> str:
    """The suffix of a file of this media type."""
    return _SUFFIXES.get(name, "")


def is_other_file(path: str) -> bool:
    """Whether a path names a picture, a sound, a program or an archive."""
    return PurePosixPath(path).suffix.lower() in _OTHER_FILES
