"""Draws how the passages of an answer were found, one click away: what was searched for, what was weighed, and why."""

from __future__ import annotations

import streamlit as st

from core.domain import Answer
from ui.markup import clip, inline
from ui.trace import TITLE, Row, facts, rest, rows_of

MOST = 12  # candidates that are listed; of more, only the number is told
TEXT_CHARACTERS = 300


def draw_trace(answer: Answer, key: str, *, by_rank: bool = False) -> None:
    """An expander under an answer; nothing where nothing was searched for.

    Cited passages carry the numbers of the answer's citations, or their ranks where the page shows those (`by_rank`).
    """
    trace = answer.trace
    if trace is None:
        return
    found = rows_of(answer, by_rank=by_rank)
    with st.expander(TITLE, key=f"trace-{key}", type="compact"), st.container(border=True):
        lines = [f":gray[{name}]\u2002{inline(clip(text, TEXT_CHARACTERS))}" for name, text in facts(trace)]
        st.markdown("  \n".join(lines))
        with st.container(gap="small", key=f"candidates-{key}"):
            for row in found[:MOST]:
                st.markdown(_line(row))
        st.caption(_closing(len(found) - MOST, rest(trace)) if found else "Nothing was found.")


def _line(row: Row) -> str:
    """A candidate on two lines: where it stands and what became of it, then by what it was found."""
    title = inline(clip(row.document, 120))
    name = f"**{title}**" if row.kept else title
    badge = f":blue-badge[{row.mark.strip('[]')}]" if row.mark else f":gray-badge[{inline(row.fate)}]"
    place = "" if row.source == row.document else inline(clip(row.source, 160))
    sentence = f"nearest sentence {row.sentence}" if row.sentence else ""
    small = " · ".join(part for part in (place, f"score {row.score}", row.found_by, sentence) if part)
    return f"{name} {badge}  \n:small[:gray[{small}]]"


def _closing(unlisted: int, further: str) -> str:
    """How to read the list, and what is not in it."""
    listed = f"{unlisted:,} more {'is' if unlisted == 1 else 'are'} not listed here." if unlisted > 0 else ""
    parts = (
        "A score is the probability that the passage holds the answer; places count among all passages searched.",
        listed,
        further,
    )
    return " ".join(part for part in parts if part)
