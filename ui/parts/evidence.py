"""Draws what an answer rests on: each cited passage opens with the quoted words highlighted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from chains.freshness import Stale
from core.domain import Answer, Chunk, Passage, Span
from ui.markup import highlight, inline
from ui.parts.stale import stale_mark
from ui.sources import Source, sources

LABEL_CHARACTERS = 34


def draw_sources(answer: Answer, stale: Sequence[Stale], key: str) -> None:
    """A row of buttons, one a cited passage; those of documents that have changed or gone since wear a mark."""
    found = sources(answer)
    if not found:
        return
    with st.container(horizontal=True, gap="small", key=f"sources-{key}"):
        titles = Counter(_title(source) for source in found)
        for source in found:
            mark = stale_mark(source.passage.chunk.source, stale)
            label = _label(source, alone=titles[_title(source)] == 1)
            with st.popover(label + mark, key=f"source-{key}-{source.number}"):
                draw_passage(source.passage, [Span(quote.start, quote.end) for quote in source.quotes])
                _draw_place(source, answer.index_as_of)


def draw_passage(passage: Passage, quoted: list[Span]) -> None:
    """A passage with where it stands, the quoted words highlighted."""
    st.markdown(f"**{inline(passage.chunk.title)}**")
    st.caption(where(passage.chunk))
    st.markdown(highlight(passage.chunk.text, quoted))


def where(chunk: Chunk) -> str:
    """File, page and headings of a passage, as Markdown."""
    parts = [inline(chunk.source)]
    if chunk.page is not None:
        parts.append(f"page {chunk.page}")
    if chunk.heading:
        parts.append(" › ".join(inline(heading) for heading in chunk.heading))
    return " · ".join(parts)


def _title(source: Source) -> str:
    return source.passage.chunk.title or source.passage.chunk.source


def _label(source: Source, *, alone: bool) -> str:
    """The number with the title, or with the nearest heading where several passages have this title."""
    chunk = source.passage.chunk
    page = "" if chunk.page is None else f", p. {chunk.page}"
    title = _title(source) if alone or not chunk.heading else chunk.heading[-1]
    short = title if len(title) <= LABEL_CHARACTERS else title[: LABEL_CHARACTERS - 1].rstrip() + "…"
    return f"**{source.number}**  {inline(short)}{page}"


def _draw_place(source: Source, as_of: datetime | None) -> None:
    """Where in the document the quoted words stand, and how fresh the index is."""
    offset = source.passage.chunk.start
    stretches = [f"{offset + quote.start:,} to {offset + quote.end:,}" for quote in source.quotes]
    facts = [f"Quoted: characters {', '.join(stretches)}"] if stretches else []
    if as_of is not None:
        facts.append(f"Index as of {as_of:%d %B %Y, %H:%M} UTC")
    if facts:
        st.caption(" · ".join(facts))
