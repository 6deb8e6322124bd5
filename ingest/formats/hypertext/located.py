"""Finds the content of a page that doesn't name it: the smallest element with nearly all that trafilatura takes for it.

Trafilatura tells prose from menus well, but drops headings, definitions and tables of it; so it only shows the place.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

_BLOCKS = ("p", "li", "td", "th", "dd", "dt", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section")
_PREFIX = 40  # letters by which a block is known again
_SHORTEST = 15
_FEWEST_BLOCKS = 2
_SHARE = 0.98  # of the blocks found
_LITTLE = 0.3  # more than the place itself holds: what surrounds it closely, such as its heading, belongs to it
_LINKED = 0.6  # of the letters of a part that only leads elsewhere
_FEWEST_LINKS = 3


def located(tree: Any) -> Any:
    """The element that holds the content; the whole body where that can't be told."""
    body = tree.find("body") if tree.find("body") is not None else tree
    known = _known(tree)
    hits = [block for block in body.iter(*_BLOCKS) if _prefix(block) in known]
    if len(hits) < _FEWEST_BLOCKS:
        return body
    holders = Counter(holder for hit in hits for holder in (hit, *hit.iterancestors()))
    place = body
    while inner := [child for child in place if holders[child] >= _SHARE * len(hits)]:
        place = inner[0]
    while place is not body and letters(place.getparent()) <= (1 + _LITTLE) * letters(place):
        place = place.getparent()
    _drop_menus(place, holders)
    return place


def letters(element: Any) -> int:
    """How many letters and signs an element holds."""
    return sum(len("".join(text.split())) for text in element.itertext())


def _known(tree: Any) -> set[str]:
    """How the blocks begin that trafilatura takes for the content."""
    from trafilatura import bare_extraction
    from trafilatura.settings import use_config

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it warns of each page that it finds small
    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")  # below it, menus come in
    # A copy, as it takes the tree apart.
    found = bare_extraction(
        deepcopy(tree), include_comments=False, favor_recall=True, with_metadata=False, config=config
    )
    body = getattr(found, "body", None)
    return {_prefix(block) for block in body.iter() if isinstance(block.tag, str)} - {""} if body is not None else set()


def _prefix(element: Any) -> str:
    """The first letters of an element; empty where it has only a few."""
    gathered = ""
    for text in element.itertext():
        gathered += "".join(text.split())
        if len(gathered) >= _PREFIX:
            break
    return gathered[:_PREFIX] if len(gathered) >= _SHORTEST else ""


def _drop_menus(place: Any, holders: Counter[Any]) -> None:
    """Take out parts that only lead elsewhere, where they are not most of the page: then links are what it tells."""
    menus = [part for part in _parts(place, holders) if _is_menu(part)]
    if sum(map(letters, menus)) < letters(place) / 2:
        for menu in menus:
            menu.drop_tree()


def _parts(place: Any, holders: Counter[Any]) -> Iterator[Any]:
    """The largest elements without anything that trafilatura takes for content."""
    waiting = [place]
    while waiting:
        for child in waiting.pop():
            if holders[child]:
                waiting.append(child)
            elif isinstance(child.tag, str):
                yield child


def _is_menu(part: Any) -> bool:
    links = list(part.iter("a"))
    return len(links) >= _FEWEST_LINKS and sum(map(letters, links)) > _LINKED * letters(part)
