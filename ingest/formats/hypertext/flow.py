"""The content of a web page in the order it is read: paragraphs, headings, lists, definitions, code, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.formats.hypertext.grid import caption_of, grid_of, lays_out
from ingest.formats.hypertext.inline import pieces, tidied, words_of

_HEADING = re.compile(r"h[1-6]")
_BLOCKS = frozenset(
    "address article aside blockquote body caption dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block and what it is."""

    text: str
    kind: str = "text"  # or heading, list, code, table
    level: int = 0  # of a heading


def flow_of(element: Any) -> list[Block]:
    """The blocks within an element, in order."""
    return list(_within(element, _holders(element)))


def _holders(root: Any) -> set[Any]:
    """The elements that hold blocks, however deep."""
    found: set[Any] = set()
    for block in root.iter(*_BLOCKS):
        for holder in block.iterancestors():
            if holder in found:
                break
            found.add(holder)
    return found


def _within(element: Any, holders: set[Any]) -> Iterator[Block]:
    """Blocks of a holder: runs of words between its block children are paragraphs."""
    run = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and (child.tag in _BLOCKS or child in holders):
            yield from _paragraph(run)
            yield from _block(child, holders)
            run = [child.tail or ""]
        else:
            run += [*pieces(child), child.tail or ""]
    yield from _paragraph(run)


def _paragraph(run: Sequence[str]) -> Iterator[Block]:
    text = tidied("".join(run))
    if text:
        yield Block(text)


def _block(element: Any, holders: set[Any]) -> Iterator[Block]:
    if _HEADING.fullmatch(element.tag):
        words = words_of(element).replace("\n", " ")
        if words:
            yield Block(words, "heading", int(element.tag[1]))
    elif element.tag == "pre":
        yield from _code(element)
    elif element.tag in {"ul", "ol"}:
        yield from _list(element, holders)
    elif element.tag == "dl":
        yield from _definitions(element, holders)
    elif element.tag == "table":
        yield from _table(element, holders)
    else:
        yield from _within(element, holders)


def _code(element: Any) -> Iterator[Block]:
    """Code between fences, its lines as they stand, so that it is kept whole."""
    for line_break in element.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    code = "".join(element.itertext()).strip("\n").rstrip()
    if code.strip():
        fence = "```" if "```" not in code else "~~~~"
        yield Block(f"{fence}\n{code}\n{fence}", "code")


# --- lists and definitions --------------------------------------------------------------------------------------


def _list(element: Any, holders: set[Any]) -> Iterator[Block]:
    """One block, a line an item; items of several paragraphs are blocks of their own."""
    items = []
    number = int(start) if (start := element.get("start", "1")).isdecimal() else 1
    for child in element:
        if child.tag == "li":
            inner = list(_within(child, holders))
            items.append(_item(f"{number}. " if element.tag == "ol" else "- ", inner))
            number += 1
        elif isinstance(child.tag, str):
            items.append(list(_block(child, holders)))  # lists that stand between items, or items in a wrapper
    if all(len(item) <= 1 and _is_line(item) for item in items):
        text = "\n".join(block.text for item in items for block in item)
        yield from [Block(text, "list")] if text else []
    else:
        yield from (block for item in items for block in item)


def _is_line(item: Sequence[Block]) -> bool:
    """Whether an item is words alone, fit to stand close to its neighbours."""
    return all(block.kind in {"text", "list"} for block in item)


def _item(mark: str, inner: Sequence[Block]) -> list[Block]:
    """The blocks of an item: its mark before the first, lists within it indented under it."""
    if not inner:
        return []
    first, *rest = inner
    if first.kind not in {"text", "list"}:
        return list(inner)
    made = [Block(mark + first.text.replace("\n", "\n  "), "list")]
    for block in rest:
        if block.kind == "list":
            made[-1] = Block(f"{made[-1].text}\n  " + block.text.replace("\n", "\n  "), made[-1].kind)
        else:
            made.append(block)
    return made


def _definitions(element: Any, holders: set[Any]) -> Iterator[Block]:
    """Terms on lines of their own, right above the first paragraph of what they mean."""
    terms: list[str] = []
    for child in _entries(element):
        if child.tag == "dt" and child not in holders:
            terms += [words_of(child)] if words_of(child) else []
            continue
        inner = list(_within(child, holders))
        if inner and inner[0].kind in {"text", "list"}:
            inner[0] = Block("\n".join([*terms, inner[0].text]))
        elif terms:
            inner.insert(0, Block("\n".join(terms)))
        terms = []
        yield from inner
    if terms:
        yield Block("\n".join(terms))


def _entries(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag == "div":
            yield from _entries(child)
        elif isinstance(child.tag, str):
            yield child


# --- tables -----------------------------------------------------------------------------------------------------


def _table(element: Any, holders: set[Any]) -> Iterator[Block]:
    """A table of data as Markdown; of one that only lays out the page, the blocks in its cells."""
    if lays_out(element):
        for cell in element.iter("caption", "th", "td"):
            if next(cell.iterancestors("table")) is element and "linenos" not in cell.get("class", ""):
                yield from _within(cell, holders)
        return
    caption = caption_of(element)
    if caption:
        yield Block(caption)
    yield Block(grid_of(element, lambda cell: " ".join(block.text for block in _within(cell, holders))), "table")
