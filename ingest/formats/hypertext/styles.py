"""How a page's styles make words unseen: inline styles, and the simple rules of its style sheets.

Sheets that lie elsewhere are not fetched. A rule in a media query is not counted: it may be for printing alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Declarations = Mapping[str, str]
_BRACE = re.compile(r"[{}]")
_SIMPLE = re.compile(r"[.#]?[\w-]+")
_CLASS = re.compile(r"\.([\w-]+)")
_NUMBER = re.compile(r"(-?\d*\.?\d+)\s*([a-z%]*)")
_MOST_CHARACTERS = 300_000  # of style sheets; the rest is not looked at
_SMALLEST = {"": 0.0, "px": 1.5, "pt": 1.5, "em": 0.1, "rem": 0.1, "%": 10.0}  # sizes up to here can't be read


@dataclass(slots=True)
class Sheet:
    """The simple rules of a page's own style sheets."""

    rules: dict[str, dict[str, str]] = field(default_factory=dict)  # by selector: a tag, .class or #id
    shown: set[str] = field(default_factory=set)  # classes that another rule shows again, such as tabs


def declarations(style: str) -> dict[str, str]:
    """The declarations of a style attribute, in lower case."""
    pairs = (part.split(":", 1) for part in style.lower().split(";") if ":" in part)
    return {name.strip(): value.replace("!important", "").strip() for name, value in pairs}


def sheet(texts: Iterable[str]) -> Sheet:
    """What the style elements of a page say."""
    found = Sheet()
    for selectors, body in _rules(_without_comments("\n".join(texts)[:_MOST_CHARACTERS])):
        declared = declarations(body)
        for selector in map(str.strip, selectors.split(",")):
            if _SIMPLE.fullmatch(selector):
                found.rules.setdefault(selector, {}).update(declared)
            elif not hides(declared) and declared.keys() & {"display", "visibility", "opacity", "height", "left"}:
                found.shown.update(_CLASS.findall(selector))
    return found


def _without_comments(text: str) -> str:
    before, *comments = text.split("/*")
    return before + "".join(comment.partition("*/")[2] for comment in comments)


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Selectors and body of each rule that stands in no block, in time by the length of the text."""
    depth = begin = opened = 0
    for brace in _BRACE.finditer(text):
        if brace.group() == "{":
            opened = brace.start() if depth == 0 else opened
            depth += 1
        elif depth > 0:
            depth -= 1
            if depth == 0:
                selectors = text[begin:opened].rpartition(";")[2].strip()  # after what is imported
                if not selectors.startswith("@"):
                    yield selectors, text[opened + 1 : brace.start()]
                begin = brace.end()


def hides(declared: Declarations) -> bool:
    """Whether these declarations take an element out of sight, colours apart."""
    return (
        declared.get("display") == "none"
        or declared.get("visibility") in {"hidden", "collapse"}
        or _number(declared.get("opacity", "")) < 0.05
        or _is_tiny(declared.get("font-size", ""))
        or _is_off_screen(declared)
        or _is_clipped(declared)
    )


def _number(value: str, otherwise: float = 1.0) -> float:
    match = _NUMBER.match(value)
    return float(match[1]) if match else otherwise


def _is_tiny(size: str) -> bool:
    match = _NUMBER.fullmatch(size)
    return match is not None and (float(match[1]) == 0 or float(match[1]) <= _SMALLEST.get(match[2], 0.0))


def _is_off_screen(declared: Declarations) -> bool:
    sides = ["text-indent", "margin-left", "margin-top"]
    if declared.get("position") in {"absolute", "fixed"}:
        sides += ["left", "top", "right", "bottom"]
    return any(_number(declared.get(side, ""), 0.0) <= -100 for side in sides)


def _is_clipped(declared: Declarations) -> bool:
    box = ("width", "height", "max-width", "max-height")
    closed = "hidden" in declared.get("overflow", "") and any(_number(declared.get(side, "")) == 0 for side in box)
    clip = declared.get("clip", "")
    nothing = clip.startswith("rect(") and all(float(number) <= 1 for number, _ in _NUMBER.findall(clip))
    inset = re.match(r"inset\((?:100|[5-9]\d)%", declared.get("clip-path", ""))
    return closed or nothing or inset is not None or "scale(0)" in declared.get("transform", "").replace(" ", "")
