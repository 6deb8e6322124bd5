"""Which paragraphs are headings, and of which level: by the outline where there is one, else by size and weight."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.formats.pdf.paragraphs import Paragraph

_LARGER = 1.12  # times the size of the text
_LONGEST = 160  # characters
_MOST_SHARE = 0.25  # of the words: where more is large or bold, it is no sign of a heading
_LEVELS = 5
_SENTENCE_END = re.compile(r"[.,;:]$")
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]+\.|[A-Z]\.)\s+(?=\S)")
_BARE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the outline."""

    level: int  # from 1
    title: str
    page: int  # from 0


class Headings:
    """What a document's headings look like."""

    def __init__(self, pages: Sequence[Sequence[Paragraph]]) -> None:
        """Learn the size of the text, and the sizes above it that headings have."""
        letters: Counter[float] = Counter()
        bold = 0
        for paragraph in (p for page in pages for p in page if not p.table):
            letters[_rounded(paragraph.size)] += len(paragraph.text)
            bold += len(paragraph.text) * paragraph.bold
        total = max(letters.total(), 1)
        self._body = letters.most_common(1)[0][0] if letters else 0.0
        self._bold_counts = bold < _MOST_SHARE * total
        larger = [size for size in letters if size >= self._body * _LARGER]
        self._sizes_count = sum(letters[size] for size in larger) < _MOST_SHARE * total or total < 2000
        candidates = (p for page in pages for p in page if self._is_larger(p) and _looks(p))
        self._sizes = sorted({_rounded(p.size) for p in candidates}, reverse=True)

    def level(self, paragraph: Paragraph) -> int:
        """The level of a heading from 1; 0 for what is none."""
        if not _looks(paragraph):
            return 0
        if self._is_larger(paragraph):
            return min(self._sizes.index(_rounded(paragraph.size)) + 1, _LEVELS)
        is_body = _rounded(paragraph.size) >= self._body * 0.95
        if paragraph.bold and self._bold_counts and is_body and paragraph.lines <= 2:
            return min(len(self._sizes) + 1, _LEVELS)
        return 0

    def _is_larger(self, paragraph: Paragraph) -> bool:
        return self._sizes_count and _rounded(paragraph.size) >= self._body * _LARGER


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _looks(paragraph: Paragraph) -> bool:
    """Whether the words could be a heading: few, and no sentence."""
    text = paragraph.text
    if paragraph.table or paragraph.gaps or paragraph.lines > 3 or len(text) > _LONGEST:
        return False
    named = _NUMBERED.sub("", text, count=1)
    begins = named[:1].isupper() or not named[:1].islower()
    return sum(map(str.isalpha, named)) > 1 and begins and not _SENTENCE_END.search(text)


def is_titled(paragraph: Paragraph, title: str) -> bool:
    """Whether a paragraph is the heading that the outline calls so, with or without its number."""
    if paragraph.table or paragraph.lines > 3:
        return False
    words, named = _bare(paragraph.text), _bare(title)
    shorter, longer = sorted((words, named), key=len)
    return longer.endswith(shorter) and len(shorter) > len(longer) / 2


def _bare(text: str) -> str:
    return _BARE.sub("", _NUMBERED.sub("", text.strip(), count=1)).casefold()
