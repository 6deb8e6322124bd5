"""Finding every secret in a text: the recognisers in order, the surest first; what one has taken the next leaves.

Disguises are undone first (`guards/normalise.py`), so that invisible and full-width characters hide nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.domain import Span
from guards import normalise
from guards.overlap import Untaken
from guards.secrets.assigned import given
from guards.secrets.encoded import encoded
from guards.secrets.forms import published
from guards.secrets.found import Found
from guards.secrets.keys import blocks
from guards.secrets.lines import placed
from guards.secrets.told import told
from guards.secrets.vendor import known

_RECOGNISERS: tuple[Callable[[str], Iterator[Found]], ...] = (
    blocks,
    published,
    placed,
    known,
    given,
    encoded,
    told,
)


def find(text: str) -> Iterator[tuple[Span, float]]:
    """Every secret with its risk, without overlaps, in the offsets of this text."""
    plain = normalise.fold(text)
    untaken = Untaken(len(plain.text))
    for recogniser in _RECOGNISERS:
        for found in recogniser(plain.text):
            if found.start < found.end and untaken.take(found.start, found.end):
                yield Span(*plain.span(found.start, found.end), found.label), found.risk
