"""How many tokens a text has for a model. The one door of tiktoken, whose tables come with another package.

Counting never calls out: a table that is not on the disk is not used. Without one, three bytes count as a token, which
is more than English needs and about right for other scripts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from core.quiet import point_to_token_tables

if TYPE_CHECKING:
    from tiktoken import Encoding

Count = Callable[[str], int]  # a text -> its tokens

BYTES_A_TOKEN = 3
UNKNOWN = "cl100k_base"  # stands in where a model's own table is not known
MARGIN = 1.2  # what such a count may be short of


def counter(provider: str, name: str) -> Count:
    """How to count for this model; the table is loaded at the first count, in less than half a second."""
    if provider in {"extractive", "scripted"}:
        return rough
    return partial(_counted, provider, name)


def rough(text: str) -> int:
    """Tokens by the length of the text alone; never too few for English."""
    return math.ceil(len(text.encode("utf-8", "replace")) / BYTES_A_TOKEN)


def _counted(provider: str, name: str, text: str) -> int:
    encoding, margin = _encoding(provider, name)
    if encoding is None:
        return rough(text)
    return math.ceil(margin * len(encoding.encode_ordinary(text)))


@lru_cache(maxsize=8)
def _encoding(provider: str, name: str) -> tuple[Encoding | None, float]:
    """The table of a model, and the margin on its count; None when no table is on the disk."""
    import tiktoken

    known = _table_of(name) if provider == "openai" else None
    if not point_to_token_tables(known or UNKNOWN):
        return None, MARGIN
    return tiktoken.get_encoding(known or UNKNOWN), 1.0 if known else MARGIN


def _table_of(name: str) -> str | None:
    from tiktoken.model import encoding_name_for_model

    try:
        return encoding_name_for_model(name)
    except KeyError:
        return None
