"""Citations: from `[2]` behind a sentence to the exact words of passage 2 that support it, verified to stand there.

A reference to a passage that was not given, or to one whose words don't support the sentence, is dropped. Which words
support it is `quoting.py`'s matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chains.quoting import parts, supporting
from core.domain import Citation, Passage

_LIST = r"\d{1,3}(?:(?:\s*[,;–-]\s*|\s+and\s+)\d{1,3})*"
_MARK = re.compile(
    rf"(?P<code>`[^`\n]+`)"  # what stands in code is no reference: `argv[1]`
    rf"|[ \t]*(?:\[\^?(?:passages?\s+)?(?P<plain>{_LIST})\]|【(?P<wide>{_LIST})(?:†[^】\n]{{0,60}})?】)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)(?:\s*[–-]\s*(\d+))?")
_LEADING = re.compile(r"\A\s*(?:[-*+•]|\d{1,3}[.)]|#{1,6}|>)[ \t]+")  # an item's mark is not part of what it says


def without_marks(text: str) -> str:
    """The sentence as it is shown and judged: without citation marks."""
    return _MARK.sub(lambda match: match["code"] or "", text)


def marks(text: str) -> list[int]:
    """The passage numbers that a sentence cites, in order, each once."""
    return list(dict.fromkeys(number for match in _MARK.finditer(text) for number in _numbers(match)))


def cite(text: str, passages: Sequence[Passage]) -> tuple[Citation, ...]:
    """The verified citations of a sentence: those it names; without any that holds, the passage that says it best."""
    shown = without_marks(text).strip()
    given = {passage.rank: passage for passage in passages}
    named = [given[number] for number in marks(text) if number in given]
    found = [citation for passage in named for citation in quotes_in(shown, passage)] or _together(shown, named)
    if not found:
        rest = (quotes_in(shown, passage) for passage in passages if passage not in named)
        found = min((quotes for quotes in rest if quotes), key=len, default=[])
    return tuple(found)


def _together(sentence: str, passages: Sequence[Passage]) -> list[Citation]:
    """The quotes by which several passages support the parts of a sentence; none when a part is left over."""
    if len(passages) < 2:
        return []
    each = [next(filter(None, (quotes_in(part, p) for p in passages)), []) for part in parts(sentence)]
    return list(dict.fromkeys(citation for quotes in each for citation in quotes)) if all(each) else []


def quotes_in(sentence: str, passage: Passage) -> list[Citation]:
    """The words of a passage that support a sentence, in the order of the document; empty when none do."""
    chunk = passage.chunk
    claim = _LEADING.sub("", sentence, count=1).strip()
    over = " > ".join((chunk.title, *chunk.heading))
    return [
        Citation(
            passage=passage.rank,
            source=chunk.source,
            title=chunk.title,
            page=chunk.page,
            quote=chunk.text[start:end],
            start=chunk.start + start,
            end=chunk.start + end,
        )
        for start, end in supporting(claim, chunk.text, over)
    ]


def _numbers(match: re.Match[str]) -> Iterator[int]:
    """The numbers of one mark; `[1-3]` stands for 1, 2 and 3."""
    for first, last in _RANGE.findall(match["plain"] or match["wide"] or ""):
        yield from range(int(first), int(last or first) + 1)
