"""Draws the documents that were set aside: the list, and one of them with what speaks against it.

The decision about it is in ui/parts/settling.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import UsageError
from ui import state
from ui.markup import MARKS, clip, highlight, inline
from ui.parts.settling import draw_decision, draw_gone
from ui.suspects import excerpt, places

if TYPE_CHECKING:
    from ingest.rows.asides import Aside

SHOWN = 50
NAME_CHARACTERS, REASON_CHARACTERS, TEXT_CHARACTERS = 160, 300, 30_000
LONG = 1_500  # characters of a text that is scrolled in a box of its own
BOX_PIXELS = 420
SUSPECT = MARKS[1]


def draw_documents() -> None:
    """Those that wait, then those that were rejected, newest first."""
    waiting, rejected = state.parapet().quarantine.waiting(), state.parapet().quarantine.rejected()
    if not waiting:
        st.success(
            "No document waits for you. One that carries instructions to the assistant is set aside and comes here.",
            icon="🌿",
        )
    for aside in [*waiting[:SHOWN], *rejected[:SHOWN]]:
        _draw_row(aside)
    if len(waiting) > SHOWN:
        st.caption(f"{len(waiting) - SHOWN:,} more wait; they come up here as these are decided.")


def draw_document(identity: str) -> None:
    """One document with what speaks against it, its text and the decision."""
    try:
        aside = state.parapet().quarantine.get(identity)
    except UsageError:
        draw_gone(identity)
        return
    st.subheader(inline(clip(aside.source, NAME_CHARACTERS)), anchor=False)
    _draw_facts(aside)
    if aside.document is not None:
        _draw_text(aside, str(aside.document["text"]))
    draw_decision(aside)


def _draw_row(aside: Aside) -> None:
    with st.container(border=True, key=f"document-{aside.id}", gap="xsmall"):
        st.markdown(f"{_badge(aside)} **{inline(clip(aside.source, NAME_CHARACTERS))}**")
        st.markdown(inline(clip(_reason(aside), REASON_CHARACTERS)))
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(f"{aside.found_at:%d %b %Y, %H:%M} UTC · collection {inline(aside.collection)}")
            label = "Look at it" if aside.decided_at is None else "Open"
            st.button(label, key=f"open-{aside.id}", on_click=_open, args=(aside.id,))


def _badge(aside: Aside) -> str:
    return ":orange-badge[set aside]" if aside.decided_at is None else ":gray-badge[rejected]"


def _reason(aside: Aside) -> str:
    return aside.reason[:1].upper() + aside.reason[1:]


def _draw_facts(aside: Aside) -> None:
    with st.container(border=True, key="reason"):
        if aside.decided_at is None:  # afterwards the reason is the decision, which stands below
            st.markdown(f"{_badge(aside)} {inline(_reason(aside))}")
        st.caption(
            f"From {inline(aside.origin)}  \n"
            f"Collection {inline(aside.collection)} · {aside.bytes:,} bytes · "
            f"set aside {aside.found_at:%d %B %Y, %H:%M} UTC"
        )


def _draw_text(aside: Aside, text: str) -> None:
    """The text as it was read; before it, the words that are not seen there at a glance."""
    found = {words: places(text, words) for words in aside.suspects}
    unseen = [words for words, where in found.items() if not where]
    if unseen:
        st.subheader("Words that a reader does not see", anchor=False)
        st.caption("The file hides or disguises them; they don't stand like this in the text below.")
        _draw_words(unseen)
    long = len(text) > LONG
    if long and len(unseen) < len(found):
        st.subheader("Words that speak against it", anchor=False)
        for where in found.values():
            if where:
                stretch, place = excerpt(text, where[0])
                st.container(border=True).markdown(highlight(stretch, [place], SUSPECT))
    st.subheader("The text as it was read", anchor=False)
    with st.container(border=True, height=BOX_PIXELS if long else "content", key="text"):
        spans = [span for where in found.values() for span in where]
        st.markdown(highlight(clip(text, TEXT_CHARACTERS), spans, SUSPECT))


def _draw_words(suspects: list[str]) -> None:
    for words in suspects:
        st.container(border=True).markdown(f":{SUSPECT}[{inline(words)}]")


def _open(identity: str) -> None:
    st.query_params["document"] = identity
