"""Markup as a tree of elements; and read whole, where it is all content, as a message or a chapter is."""

from __future__ import annotations

import re
from typing import Any

from core.errors import RefusedDocument
from ingest.formats.hypertext.concealed import take_out
from ingest.formats.hypertext.flow import Block, flow_of

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")  # lxml refuses text that declares an encoding
_DEEPEST = 200  # elements within elements; pages of people stay below 50


def blocks_of(markup: str) -> tuple[list[Block], tuple[str, ...]]:
    """The blocks that a reader sees, in order, and the words that the markup hides."""
    tree = parsed(markup)
    if tree is None:
        return [], ()
    hidden = take_out(tree)
    return flow_of(tree), hidden


def parsed(markup: str) -> Any | None:
    """The elements of this markup, None where there are none; RefusedDocument (`bomb`) where they nest without end."""
    from lxml import html  # type: ignore[import-untyped]

    try:
        tree = html.document_fromstring(_DECLARATION.sub("", markup))
    except (ValueError, html.etree.ParserError):
        return None
    if _is_too_deep(tree):
        raise RefusedDocument("bomb", f"its elements are nested more than {_DEEPEST} deep: it is no page for people")
    return tree


def _is_too_deep(tree: Any) -> bool:
    level = [tree]
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
    return bool(level)
