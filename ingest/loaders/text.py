"""Plain text: the decoded file, unchanged."""

from core.domain import Document, Section
from ingest.formats.decoding import decode
from ingest.source import SourceFile

SUFFIXES = frozenset({".txt", ".text", ".log"})
DOC = "plain text in any common encoding; the text is kept as it stands"


def load(file: SourceFile) -> Document:
    """One section without a heading; the title is the file's name."""
    text = decode(file.content)
    return Document(file.source, file.stem, text, (Section(0, len(text)),))
