"""Word documents: the body in order, as its reader sees it. Comments, deletions and hidden text are no part of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.domain import Document
from core.errors import RefusedDocument
from ingest.formats.manuscript import Manuscript
from ingest.formats.markdown_table import markdown_table
from ingest.formats.office import files
from ingest.formats.office.looks import Looks, W, is_shaded
from ingest.formats.office.numbering import BULLET, Numbering
from ingest.source import SourceFile

SUFFIXES = frozenset({".docx", ".docm"})
DOC = "Word documents with headings, numbered lists, tables, text boxes and footnotes; hidden text is kept apart"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DRAWN = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_INK = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WRAPPERS = {
    f"{W}{name}" for name in "sdt sdtContent customXml smartTag ins moveTo hyperlink fldSimple bdo dir".split()
}
_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


def recognise(content: bytes) -> bool:
    """Whether this is a Word document, be it of the old kind that is refused."""
    return files.kind(content) == "docx"


def load(file: SourceFile) -> Document:
    """Blocks in the order of the body; a section for each heading."""
    stream = files.checked(file.content, "docx")
    from docx.opc.exceptions import OpcError
    from docx.package import Package

    with files.damage_refused(OpcError):
        package = Package.open(stream)
        body = _root(package.main_document_part).find(f"{W}body")
        if body is None:
            raise RefusedDocument("corrupt", "it is not a Word document, although its name says so")
        reader = _Reader(package.main_document_part)
        written = reader.read(body)
        title = files.own_title(package.core_properties.title)
    return Document(
        file.source,
        title or reader.title or file.stem,
        written.text,
        written.sections(),
        tables=written.tables,
        hidden=tuple(reader.hidden),
    )


def _root(part: Any) -> Any:
    """The element of a part; of kinds that the library doesn't know, such as footnotes, only bytes are at hand."""
    from docx.oxml.parser import parse_xml

    return part.element if hasattr(part, "element") else parse_xml(part.blob)


def _related(part: Any, name: str) -> Any:
    """The element of the part that is related by this name; None where there is none."""
    found = (relation for relation in part.rels.values() if relation.reltype == f"{_RELATED}{name}")
    relation = next((relation for relation in found if not relation.is_external), None)
    return None if relation is None else _root(relation.target_part)


class _Reader:
    """Walks a body and writes what a reader sees."""

    def __init__(self, part: Any) -> None:
        self.hidden: list[str] = []
        self._written = Manuscript()
        self._items: list[str] = []  # of the list that is being read
        self._looks = Looks(_related(part, "styles"))
        self._numbering = Numbering(_related(part, "numbering"))
        self._notes = {
            (kind, note.get(f"{W}id")): note
            for kind in ("footnote", "endnote")
            for note in _children(_related(part, f"{kind}s"), f"{W}{kind}")
        }
        self._noted = 0
        self._later: list[tuple[str, Any]] = []  # notes and text boxes that follow the block that names them

    @property
    def title(self) -> str:
        """What the document calls itself; empty where it doesn't."""
        titles = [words for wanted in (0, 1) for level, words in self._written.headings if level == wanted]
        return titles[0] if titles else ""

    def read(self, body: Any) -> Manuscript:
        """All that shows."""
        self._walk(body, on_white=True)
        self._block("")
        return self._written

    def _walk(self, parent: Any, *, on_white: bool) -> None:
        for child in parent:
            if child.tag == f"{W}p":
                self._paragraph(child, on_white)
                self._write_later(on_white)
            elif child.tag == f"{W}tbl":
                self._table(child, on_white)
                self._write_later(on_white)
            elif child.tag in _WRAPPERS:
                self._walk(child, on_white=on_white)

    def _paragraph(self, paragraph: Any, on_white: bool) -> None:
        text = self._seen(paragraph, on_white).strip()
        level = self._looks.level(paragraph)
        list_id, depth = self._looks.list_of(paragraph)
        mark = self._numbering.mark(list_id, depth) if text and list_id else ""
        if text and level is not None:
            self._block("")
            self._written.heading(level, text if mark == BULLET else f"{mark} {text}")
        elif mark:
            self._items.append(f"{'  ' * depth}{mark} {text}")
        elif text:
            self._block(text)

    def _block(self, text: str, *, table: bool = False) -> None:
        """Write a block, after the list that was being read."""
        items, self._items = self._items, []
        self._written.block("\n".join(items))
        self._written.block(text, table=table)

    def _table(self, table: Any, on_white: bool) -> None:
        """A table of one column only places text on the page: its cells are read as the body is."""
        on_white = on_white and not self._looks.table_is_shaded(table)
        rows = [list(_children(row, f"{W}tc")) for row in _children(table, f"{W}tr")]
        if all(len(row) <= 1 for row in rows):
            for cell in (cell for row in rows for cell in row):
                self._walk(cell, on_white=on_white and not _cell_is_shaded(cell))
            return
        grid = [[text for cell in row for text in self._cell(cell, on_white)] for row in rows]
        self._block(markdown_table(grid), table=True)

    def _cell(self, cell: Any, on_white: bool) -> Iterator[str]:
        """A cell's text, then an empty one for each further column that it spans."""
        on_white = on_white and not _cell_is_shaded(cell)
        paragraphs = (self._seen(paragraph, on_white) for paragraph in cell.iter(f"{W}p") if not _is_boxed(paragraph))
        yield " ".join(paragraphs)
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        width = "" if span is None else str(span.get(f"{W}val", ""))
        yield from [""] * (min(int(width), 100) - 1 if width.isdecimal() else 0)

    def _seen(self, paragraph: Any, on_white: bool) -> str:
        """The text of a paragraph that shows; what does not is put aside."""
        shown: list[str] = []
        unseen: list[str] = []
        for run in _runs(paragraph):
            text = self._text(run)
            hides = run.tag == f"{W}r" and self._looks.is_hidden(run, paragraph, on_white=on_white)
            (unseen if hides else shown).append(text)
        if "".join(unseen).strip():
            self.hidden.append("".join(unseen).strip())
        return "".join(shown)

    def _text(self, run: Any) -> str:
        if run.tag != f"{W}r":
            return "".join(part.text or "" for part in run.iter(f"{_MATH}t"))
        return "".join(self._piece(child) for child in run)

    def _piece(self, child: Any) -> str:
        if child.tag == f"{W}t":
            return child.text or ""
        if child.tag in {f"{W}footnoteReference", f"{W}endnoteReference"}:
            return self._note(child)
        if child.tag in {f"{W}drawing", f"{W}pict", f"{_ALTERNATIVES}AlternateContent"}:
            self._later.extend(("", box) for box in child.iter(f"{W}txbxContent") if not _is_fallback(box))
        return _SIGNS.get(child.tag, "")

    def _note(self, reference: Any) -> str:
        note = self._notes.get((reference.tag.removeprefix(W).removesuffix("Reference"), reference.get(f"{W}id")))
        if note is None:
            return ""
        self._noted += 1
        self._later.append((f"[{self._noted}]", note))
        return f"[{self._noted}]"

    def _write_later(self, on_white: bool) -> None:
        waiting, self._later = self._later, []
        for mark, element in waiting:
            if mark:
                paragraphs = (self._seen(paragraph, on_white) for paragraph in element.iter(f"{W}p"))
                self._block(" ".join(f"{mark} {' '.join(paragraphs)}".split()))
            else:
                self._walk(element, on_white=_box_is_white(element))


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Children of a tag, also those inside content controls and insertions."""
    for child in () if parent is None else parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)


def _runs(parent: Any) -> Iterator[Any]:
    """Runs and formulas in order; deleted ones and those moved away are not among them."""
    for child in parent:
        if child.tag in {f"{W}r", f"{_MATH}oMath", f"{_MATH}oMathPara"}:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _runs(child)


def _cell_is_shaded(cell: Any) -> bool:
    properties = cell.find(f"{W}tcPr")
    return properties is not None and is_shaded(properties)


def _is_boxed(paragraph: Any) -> bool:
    """Whether a paragraph of a cell stands in a text box there, which follows the table."""
    return bool(next(paragraph.iterancestors(f"{W}txbxContent", f"{W}tc")).tag != f"{W}tc")


def _is_fallback(box: Any) -> bool:
    """Whether a text box is the copy for programs that know no drawings, or stands inside another box."""
    return next(box.iterancestors(f"{_ALTERNATIVES}Fallback", f"{W}txbxContent"), None) is not None


def _box_is_white(box: Any) -> bool:
    """Whether a text box has no fill of its own; what its theme fills it with can't be told, so it counts as one."""
    shape = next(box.iterancestors(f"{_DRAWN}wsp"), None)
    return shape is not None and shape.find(f"{_DRAWN}spPr/{_INK}noFill") is not None
