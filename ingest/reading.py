"""From a path to a Document: reads the file safely, chooses its loader by content and suffix. Refuses by name."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import replace
from functools import cache
from pathlib import Path

from core import plugins
from core.domain import Document
from core.errors import RefusedDocument
from ingest.formats.archives import unpacked
from ingest.formats.decoding import decode
from ingest.source import SourceFile

LOADERS = "ingest.loaders"
_GZIPPED = b"\x1f\x8b"
_MARKUP = re.compile(rb"\s*(?:<!doctype\s+html|<html\b)", re.IGNORECASE)
VERSION = 2  # rises when a loader's text of a file changes: documents are then read anew


@cache
def suffixes() -> dict[str, str]:
    """Which loader takes which suffix; importing the loaders is cheap, their libraries wait for `load`."""
    return {suffix: name for name in plugins.names(LOADERS) for suffix in plugins.load(LOADERS, name).SUFFIXES}


def read(source: str, path: Path, max_bytes: int) -> SourceFile:
    """The file's bytes; RefusedDocument when it is special, too large, empty or not readable."""
    try:
        # Not blocking: a named pipe that took the file's place since it was looked at must not hang the run.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise RefusedDocument("missing", "there is no such file") from error
    except OSError as error:
        raise RefusedDocument("unreadable", f"it can't be opened: {error.strerror or error}") from error
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise RefusedDocument("special", "it is not a regular file")
        check_size(found.st_size, max_bytes)
        try:
            content = file.read(max_bytes + 1)
        except OSError as error:
            raise RefusedDocument("unreadable", f"it can't be read: {error.strerror or error}") from error
    check_size(len(content), max_bytes)
    if not content.strip():
        raise RefusedDocument("empty", "the file is empty")
    return SourceFile(source, path, content)


def check_size(size: int, max_bytes: int) -> None:
    """Refuse what is larger than the setting allows."""
    if size > max_bytes:
        raise RefusedDocument(
            "too_large", f"it has {size:,} bytes; PARAPET_MAX_FILE_BYTES allows {max_bytes:,}: split it or raise that"
        )


def loader_of(file: SourceFile) -> str:
    """The name of the loader that takes this file. Content wins over the name: a PDF called `.txt` is a PDF."""
    for name in plugins.names(LOADERS):
        recognise = getattr(plugins.load(LOADERS, name), "recognise", None)
        if recognise is not None and recognise(file.content):
            return name
    named = suffixes().get(file.suffix)
    if named is not None:
        return named
    try:
        decode(file.content)
    except RefusedDocument as refusal:
        what = f"files of type {file.suffix}" if file.suffix else "files without a suffix"
        known = ", ".join(name for name in plugins.names(LOADERS) if name != "code")
        raise RefusedDocument(
            "unknown_type", f"{what} are not understood; what is: {known}, source code and any other text"
        ) from refusal
    return "html" if _MARKUP.match(file.content) else "text"


def load(file: SourceFile) -> Document:
    """The document in a file, by the loader that its content or its name asks for; RefusedDocument says why not.

    A single file that was packed by gzip, such as `changes.html.gz`, is read as what is in it.
    """
    if file.suffix == ".gz" and file.content.startswith(_GZIPPED):
        file = replace(file, path=file.path.with_suffix(""), content=unpacked(file.content))
    name = loader_of(file)
    try:
        document: Document = plugins.load(LOADERS, name).load(file)
    except RefusedDocument:
        raise
    except MemoryError:
        raise  # the process that reads has too little: for whoever gave it its limit to tell
    # The parsers of a hostile file raise whatever they come upon; one file must not stop the rest of its folder.
    except Exception as error:
        raise RefusedDocument("failed", f"its {name} reader failed: {type(error).__name__}: {error}") from error
    if not document.text.strip():
        raise RefusedDocument("no_text", "it holds no text")
    try:
        f"{document.title}{document.text}".encode()
    except UnicodeEncodeError as error:  # half a character pair, which no database takes
        raise RefusedDocument("encoding", "its text holds broken characters") from error
    return document
