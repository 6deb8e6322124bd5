"""Takes out of a page what its reader would not see, and keeps the words of it: hidden instructions are an attack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.formats.hypertext.colours import WHITE, Colour, are_alike, colour, is_clear
from ingest.formats.hypertext.styles import Sheet, declarations, hides, sheet

_NO_WORDS = ("script", "style", "iframe", "svg", "head", "object", "canvas", "video", "audio")
_NEVER_SHOWN = ("template", "noscript")
_FEWEST_LETTERS = 12  # fewer, as in the label of a button, say nothing


def take_out(tree: Any) -> tuple[str, ...]:
    """Remove everything unseen from the page; what it says, in order, each once."""
    look = _Look(tree)
    said: list[str] = []
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str) or element.tag in _NO_WORDS:
            _drop(element)  # comments, and what holds no words for a reader
        elif look.is_unseen(element):
            said.append(_words(element))
            _drop(element)
        else:
            waiting.extend(reversed(element))
    return tuple(dict.fromkeys(text for text in said if sum(map(str.isalpha, text)) >= _FEWEST_LETTERS))


def _drop(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _words(element: Any) -> str:
    return " ".join(" ".join(_texts(element)).split())


def _texts(element: Any) -> Iterator[str]:
    for below in element.iter():
        if isinstance(below.tag, str) and below.tag not in _NO_WORDS:
            yield below.text or ""
        if below is not element:
            yield below.tail or ""


class _Look:
    """How a page looks, as far as it tells itself."""

    def __init__(self, tree: Any) -> None:
        self._sheet: Sheet = sheet(style.text or "" for style in tree.iter("style"))
        self._styled_elsewhere = any("stylesheet" in link.get("rel", "") for link in tree.iter("link"))

    def is_unseen(self, element: Any) -> bool:
        """Whether a reader would not see this element, which stands in seen ones."""
        return (
            element.tag in _NEVER_SHOWN
            or "hidden" in element.attrib
            or element.get("aria-hidden") == "true"
            or (element.tag == "dialog" and "open" not in element.attrib)
            or hides(self._style(element))
            or self._blends(element)
        )

    def _style(self, element: Any) -> dict[str, str]:
        """What applies to an element: rules for its tag, classes and id, then its own style."""
        found = dict(self._sheet.rules.get(element.tag, {}))
        for name in element.get("class", "").split():
            rule = self._sheet.rules.get(f".{name}", {})
            if not (name in self._sheet.shown and hides(rule)):
                found.update(rule)
        found.update(self._sheet.rules.get(f"#{element.get('id')}", {}))
        found.update(declarations(element.get("style", "")))
        return found

    def _blends(self, element: Any) -> bool:
        """Whether its words have the colour of the ground they stand on."""
        if not self._sheet.rules and "style" not in element.attrib and "color" not in element.attrib:
            return False
        written = self._style(element).get("color", element.get("color", ""))
        if is_clear(written):
            return True
        ink = colour(written)
        ground = self._ground(element) if ink else None
        return ink is not None and ground is not None and are_alike(ink, ground)

    def _ground(self, element: Any) -> Colour | None:
        """The nearest ground that is told; None where it can't be known, as a sheet elsewhere may colour it."""
        known = True
        for place in (element, *element.iterancestors()):
            style = self._style(place)
            told = style.get("background-color") or style.get("background") or place.get("bgcolor", "")
            if told and not is_clear(told) and told not in {"none", "inherit", "initial", "unset"}:
                return colour(told) or colour(told.split()[0])
            known = known and not (self._styled_elsewhere and place.get("class"))
        return WHITE if known else None
