"""The words within a block of a web page: links with their addresses, line breaks, what a picture is said to show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_OUTWARD = re.compile(r"(?:https?://|mailto:)[^\s]+$", re.IGNORECASE)
_LONGEST_ADDRESS = 300  # longer ones carry data, not a place
_FEWEST_WORDS = 2  # of a picture's description; a single word is most often an icon's name


def words_of(element: Any, *, tail: bool = False) -> str:
    """The words of an element as a reader sees them: white space is one space, a line break is one."""
    return tidied("".join(pieces(element)) + ((element.tail or "") if tail else ""))


def tidied(raw: str) -> str:
    """Collapse white space; the breaks that `pieces` marks become line ends."""
    lines = (" ".join(line.split()) for line in raw.split(_BREAK))
    return "\n".join(line for line in lines if line)


_BREAK = "\x00"  # a line break of the page, until white space has been collapsed; no page holds this character


def pieces(element: Any) -> Iterator[str]:
    """The words of an element in order, white space as it stands."""
    if not isinstance(element.tag, str):
        return
    if element.tag == "br":
        yield _BREAK
    elif element.tag == "img":
        described = element.get("alt", "")
        yield f" {described} " if len(described.split()) >= _FEWEST_WORDS else ""
    elif element.tag == "a":
        yield _link(element)
    elif element.tag == "q":
        yield from ("“", *_inner(element), "”")
    else:
        yield from _inner(element)


def _inner(element: Any) -> Iterator[str]:
    yield (element.text or "").replace(_BREAK, "")
    for child in element:
        yield from pieces(child)
        yield (child.tail or "").replace(_BREAK, "")


def _link(element: Any) -> str:
    """The words of a link; those that lead out of the site keep their address, as Markdown writes it."""
    raw = "".join(_inner(element))
    words = " ".join(raw.replace(_BREAK, " ").split())
    address = element.get("href", "").strip()
    if not _OUTWARD.match(address) or len(address) > _LONGEST_ADDRESS or not words or _bare(words) in _bare(address):
        return raw
    before, after = raw[: len(raw) - len(raw.lstrip())], raw[len(raw.rstrip()) :]
    return f"{before}[{words}]({address.replace('(', '%28').replace(')', '%29')}){after}"


def _bare(text: str) -> str:
    return re.sub(r"^(?:https?://|mailto:)|/$", "", text.strip().lower())
