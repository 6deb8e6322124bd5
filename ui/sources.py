"""Which sources an answer rests on, numbered as a reader meets them. Shared by the pages and the command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain import Answer, Passage, Sentence


@dataclass(frozen=True, slots=True)
class Quote:
    """Quoted words, and where they stand in the passage's text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """A cited passage with all words of it that the answer quotes."""

    number: int  # from 1, in the order of first mention
    passage: Passage
    quotes: tuple[Quote, ...]

    @property
    def label(self) -> str:
        """Title, path and page on one line."""
        chunk = self.passage.chunk
        where = chunk.source if chunk.page is None else f"{chunk.source}, page {chunk.page}"
        return where if chunk.title in {"", chunk.source} else f"{chunk.title} ({where})"


def number(sentences: Sequence[Sentence]) -> dict[int, int]:
    """The number shown for each cited passage, by the passage's rank."""
    ranks = dict.fromkeys(citation.passage for sentence in sentences for citation in sentence.citations)
    return {rank: index for index, rank in enumerate(ranks, 1)}


def sources(answer: Answer) -> list[Source]:
    """The cited passages of an answer by number."""
    passages = {passage.rank: passage for passage in answer.passages}
    found = []
    for rank, index in number(answer.sentences).items():
        passage = passages.get(rank)
        if passage is None:  # a turn that was stopped keeps its sentences, not always its passages
            continue
        cited = {
            (citation.start, citation.quote)
            for sentence in answer.sentences
            for citation in sentence.citations
            if citation.passage == rank
        }
        quotes = (_located(passage, start, quote) for start, quote in sorted(cited))
        found.append(Source(index, passage, tuple(quote for quote in quotes if quote is not None)))
    return found


def _located(passage: Passage, start: int, text: str) -> Quote | None:
    """Where quoted words stand in the passage; a guard that left something out of it moves what follows."""
    at = start - passage.chunk.start
    if not passage.chunk.text.startswith(text, max(at, 0)):
        at = passage.chunk.text.find(text)
    return Quote(text, at, at + len(text)) if at >= 0 else None
