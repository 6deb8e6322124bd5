"""Web pages: the main content with its headings; what its reader would not see is told apart."""

from __future__ import annotations

import re

from core.domain import Document
from core.errors import RefusedDocument
from core.quiet import quiet
from ingest.formats.decoding import decode
from ingest.formats.hypertext.concealed import take_out
from ingest.formats.hypertext.content import content_of
from ingest.formats.hypertext.flow import Block, flow_of
from ingest.formats.hypertext.tree import parsed
from ingest.formats.manuscript import Manuscript
from ingest.source import SourceFile

SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
DOC = "web pages: the main content with headings, lists, tables, code and links; hidden text is kept out and reported"
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)


def load(file: SourceFile) -> Document:
    """Blocks of the main content, an empty line between them; a section for each heading."""
    quiet()
    tree = parsed(_decoded(file.content))
    if tree is None:
        raise RefusedDocument("no_text", "the page holds no text")
    title = " ".join((tree.findtext(".//title") or "").split())
    hidden = take_out(tree)
    found = flow_of(content_of(tree))
    if not found:
        raise RefusedDocument("no_text", "the page holds no text: a script may fill it in, save it from a browser")
    written = _written(found)
    first = next((heading for level, heading in written.headings if level == 1), "")
    title = title or first or file.stem
    return Document(file.source, title, written.text, written.sections(), tables=written.tables, hidden=hidden)


def _decoded(content: bytes) -> str:
    declared = _CHARSET.search(content[:4096])
    if declared and not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode(declared[1].decode("ascii"))
        except (UnicodeDecodeError, LookupError):
            pass  # pages often declare what they are not
    return decode(content)


def _written(found: list[Block]) -> Manuscript:
    written = Manuscript()
    for block in found:
        if block.kind == "heading":
            written.heading(block.level, block.text)
        else:
            written.block(block.text, table=block.kind == "table")
    return written
