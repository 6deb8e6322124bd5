"""Web pages: the main content with its headings. Menus, footers, scripts and hidden text are dropped."""

from __future__ import annotations

import re
from typing import Any

from core.domain import Document, Section
from core.errors import RefusedDocument
from core.quiet import quiet
from ingest.decoding import decode
from ingest.source import SourceFile

SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
DOC = "web pages: the main content with headings, lists and tables; hidden text is dropped"
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d]*[1-9])|font-size\s*:\s*0(?![.\d]*[1-9])",
    re.IGNORECASE,
)
_UNSEEN = ("script", "style", "template", "noscript", "iframe", "svg", "head")


def load(file: SourceFile) -> Document:
    """Blocks of the main content, an empty line between them; a section for each heading."""
    quiet()
    from lxml import html  # type: ignore[import-untyped]

    markup = _decode(file.content)
    try:
        tree = html.fromstring(_DECLARATION.sub("", markup))
    except (ValueError, html.etree.ParserError) as error:
        raise RefusedDocument("no_text", "the page holds no text") from error
    title = " ".join((tree.findtext(".//title") or "").split())
    _prune(tree)
    writer = _Writer()
    writer.walk(_main_content(tree))
    if not writer.text().strip():
        raise RefusedDocument("no_text", "the page holds no text")
    first = next((name for level, name in writer.headings if level == 1), "")
    return Document(file.source, title or first or file.stem, writer.text(), tuple(writer.sections()))


_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")  # lxml refuses text that declares an encoding


def _decode(content: bytes) -> str:
    declared = _CHARSET.search(content[:4096])
    if declared and not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode(declared[1].decode("ascii"))
        except (UnicodeDecodeError, LookupError):
            pass  # pages often declare what they are not
    return decode(content)


def _prune(tree: Any) -> None:
    """Take out what a reader would not see: hidden instructions are a way to attack."""
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            doomed = True  # comments and processing instructions
        else:
            doomed = (
                element.tag in _UNSEEN
                or "hidden" in element.attrib
                or element.get("aria-hidden") == "true"
                or bool(_HIDDEN_STYLE.search(element.get("style", "")))
            )
        if doomed and element.getparent() is not None:
            element.drop_tree()


def _main_content(tree: Any) -> Any:
    """What trafilatura takes for the main content; the whole body where it finds none."""
    from copy import deepcopy

    from trafilatura import bare_extraction
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")  # below it, headings are lost and menus come in
    whole = deepcopy(tree)
    found = bare_extraction(tree, include_comments=False, favor_recall=True, with_metadata=False, config=config)
    body = getattr(found, "body", None)
    if body is not None and "".join(body.itertext()).strip():
        return body
    return whole.find("body") if whole.find("body") is not None else whole


class _Writer:
    """Writes blocks as plain text and notes where headings stand."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._cuts: list[tuple[int, tuple[str, ...]]] = [(0, ())]
        self._path: list[tuple[int, str]] = []
        self.headings: list[tuple[int, str]] = []

    def text(self) -> str:
        return "".join(self._parts)

    def sections(self) -> list[Section]:
        ends = [start for start, _ in self._cuts[1:]] + [self._length]
        return [Section(start, end, path) for (start, path), end in zip(self._cuts, ends, strict=True) if start < end]

    def walk(self, element: Any) -> None:
        """Write each block of an element."""
        self._write(element.text)
        for child in element:
            level = _level(child)
            if level:
                self._heading(level, " ".join("".join(child.itertext()).split()))
            elif child.tag in {"table", "list", "ul", "ol", "dl"}:
                self._write("\n".join(_lines(child)), keep_lines=True)
            elif child.tag in {"code", "pre"} and "\n" in "".join(child.itertext()):
                self._write("".join(child.itertext()).strip("\n"), keep_lines=True)
            elif _has_blocks(child):
                self.walk(child)
            else:
                self._write("".join(child.itertext()))
            self._write(child.tail)

    def _heading(self, level: int, heading: str) -> None:
        if not heading:
            return
        self._path = [(above, name) for above, name in self._path if above < level] + [(level, heading)]
        self.headings.append((level, heading))
        self._cuts.append((self._length + (2 if self._parts else 0), tuple(name for _, name in self._path)))
        self._write(heading)

    def _write(self, text: str | None, *, keep_lines: bool = False) -> None:
        block = text if keep_lines and text else " ".join((text or "").split())
        if block.strip():
            for part in ("\n\n", block) if self._parts else (block,):
                self._parts.append(part)
                self._length += len(part)


_BLOCKS = {"p", "div", "section", "article", "main", "table", "list", "ul", "ol", "dl", "head", "quote", "blockquote"}
_BLOCKS |= {"pre", "h1", "h2", "h3", "h4", "h5", "h6"}


def _level(element: Any) -> int:
    mark = element.get("rend", "") if element.tag == "head" else element.tag
    return int(mark[1]) if re.fullmatch(r"h[1-6]", str(mark)) else 0


def _has_blocks(element: Any) -> bool:
    return any(below.tag in _BLOCKS for below in element.iterdescendants())


def _lines(element: Any) -> list[str]:
    """A line a list item or a table row, cells apart."""
    lines = []
    for row in element.iter("item", "li", "dt", "dd", "row", "tr"):
        cells = [" ".join("".join(cell.itertext()).split()) for cell in row if cell.tag in {"cell", "td", "th"}]
        lines.append(" | ".join(cells) if cells else "- " + " ".join("".join(row.itertext()).split()))
    return lines or [" ".join("".join(element.itertext()).split())]
