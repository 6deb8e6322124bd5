"""How a paragraph of Word looks: its heading level, its list, and whether a reader sees its text at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|nagłówek) ([1-9])", re.IGNORECASE)
_OFF = {"0", "false", "off", "none"}
_NEARLY_WHITE = 0xF0  # of each colour; a reader can't make out anything lighter on white
_SMALLEST = 2  # half points; nothing at or below it can be read
_DEPTH = 20  # of styles that build upon each other; a damaged file may go round in a circle


class Looks:
    """The styles of one document."""

    def __init__(self, root: Any) -> None:
        """`root` is the style part's element, or None where a document has none."""
        self._styles: dict[str, Any] = {}
        self._usual = ""  # the style of paragraphs that name none
        for style in () if root is None else root.iter(f"{W}style"):
            name = style.get(f"{W}styleId", "")
            self._styles[name] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true"}:
                self._usual = name

    def level(self, paragraph: Any) -> int | None:
        """0 for a title, 1 to 9 for a heading, None for anything else."""
        for place in self._of_paragraph(paragraph):
            outline = place.find(f"{W}pPr/{W}outlineLvl" if place.tag != f"{W}pPr" else f"{W}outlineLvl")
            if outline is not None and str(outline.get(f"{W}val")).isdecimal():
                level = int(outline.get(f"{W}val")) + 1
                return level if level <= 9 else None  # 9 counts from 0: body text
            name = _attribute(place, f"{W}name")
            heading = _HEADING.fullmatch(name)
            if heading or name.lower() == "title":
                return int(heading[1]) if heading else 0
        return None

    def list_of(self, paragraph: Any) -> tuple[str, int]:
        """The id of the list that a paragraph belongs to and its level there; no id: it belongs to none."""
        number, level = "", None
        for place in self._of_paragraph(paragraph):
            listed = place.find(f"{W}pPr/{W}numPr" if place.tag != f"{W}pPr" else f"{W}numPr")
            if listed is not None:
                number = number or _attribute(listed, f"{W}numId")
                depth = _attribute(listed, f"{W}ilvl")
                level = int(depth) if level is None and depth.isdecimal() else level
        return number, level or 0

    def is_hidden(self, run: Any, paragraph: Any, *, on_white: bool) -> bool:
        """Whether a reader can't see a run: marked hidden, white on white, or too small for any eye."""
        places = [*self._of_run(run), *self._of_paragraph(paragraph)]
        vanish, size = _first(places, "vanish"), _first(places, "sz")
        if vanish is not None and vanish.get(f"{W}val", "1") not in _OFF:
            return True
        if size is not None and str(size.get(f"{W}val")).isdecimal() and int(size.get(f"{W}val")) <= _SMALLEST:
            return True
        colour = _first(places, "color")
        if not on_white or colour is None or not _is_white(colour.get(f"{W}val", "")):
            return False
        return not any(is_shaded(place) for place in places) and not _is_marked(places)

    def table_is_shaded(self, table: Any) -> bool:
        """Whether a table's cells may be dark by the table itself or its style, so that white text shows."""
        properties = table.find(f"{W}tblPr")
        if properties is None:
            return False
        chain = self._chain(_attribute(properties, f"{W}tblStyle"))
        return is_shaded(properties) or any(is_shaded(style) for style in chain)

    def _of_run(self, run: Any) -> Iterator[Any]:
        properties = run.find(f"{W}rPr")
        if properties is not None:
            yield properties
            yield from self._chain(_attribute(properties, f"{W}rStyle"))

    def _of_paragraph(self, paragraph: Any) -> Iterator[Any]:
        properties = paragraph.find(f"{W}pPr")
        if properties is not None:
            yield properties
        named = "" if properties is None else _attribute(properties, f"{W}pStyle")
        yield from self._chain(named or self._usual)

    def _chain(self, name: str) -> Iterator[Any]:
        for _ in range(_DEPTH):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = _attribute(style, f"{W}basedOn")


def is_shaded(element: Any) -> bool:
    """Whether anything in an element has a fill that is not white."""
    fills = (str(shade.get(f"{W}fill", "auto")) for shade in element.iter(f"{W}shd"))
    return any(fill not in {"auto", ""} and not _is_white(fill) for fill in fills)


def _first(places: list[Any], name: str) -> Any:
    """The nearest property of this name; a paragraph's own run properties are those of its end mark, not its text."""
    for place in places:
        if place.tag == f"{W}rPr":
            found = place.find(f"{W}{name}")
        else:
            found = place.find(f"{W}rPr/{W}{name}") if place.tag == f"{W}style" else None
        if found is not None:
            return found
    return None


def _is_marked(places: list[Any]) -> bool:
    marker = _first(places, "highlight")
    return marker is not None and marker.get(f"{W}val") not in {"none", "white"}


def _is_white(colour: str) -> bool:
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", colour):
        return False
    return all(part >= _NEARLY_WHITE for part in bytes.fromhex(colour))


def _attribute(element: Any, child: str) -> str:
    found = element.find(child)
    return "" if found is None else str(found.get(f"{W}val", ""))
