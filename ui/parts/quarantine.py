"""Draws the documents that were set aside: the list, one of them with what speaks against it, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import ParapetError, UsageError
from ui import state
from ui.markup import MARKS, clip, escape, highlight, inline
from ui.queue import REVIEWER
from ui.suspects import excerpt, places

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from ingest.asides import Aside

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
    refused = st.session_state.pop("refused", None)
    try:
        aside = state.parapet().quarantine.get(identity)
    except UsageError:
        _draw_gone(identity, refused)
        return
    st.subheader(inline(clip(aside.source, NAME_CHARACTERS)), anchor=False)
    _draw_facts(aside)
    if aside.document is not None:
        _draw_text(aside, str(aside.document["text"]))
    st.subheader("Decision", anchor=False)
    if refused:
        st.error(escape(f"Your decision was not stored. {refused}"), icon="✋")
    if aside.decided_at is None:
        _draw_form(aside)
    else:
        _draw_decision(aside)


def _draw_row(aside: Aside) -> None:
    with st.container(border=True, key=f"document-{aside.id}", gap="xsmall"):
        st.markdown(f"{_badge(aside)} **{inline(clip(aside.source, NAME_CHARACTERS))}**")
        st.markdown(inline(clip(aside.reason, REASON_CHARACTERS)))
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(f"{aside.found_at:%d %b %Y, %H:%M} UTC · collection {inline(aside.collection)}")
            label = "Look at it" if aside.decided_at is None else "Open"
            st.button(label, key=f"open-{aside.id}", on_click=_open, args=(aside.id,))


def _badge(aside: Aside) -> str:
    return ":orange-badge[set aside]" if aside.decided_at is None else ":gray-badge[rejected]"


def _draw_gone(identity: str, refused: str | None) -> None:
    """The page of a document that is not set aside any more."""
    name = st.session_state.get(_settled(identity))
    if name:
        st.success(f"**{inline(clip(name, NAME_CHARACTERS))}** is in the library now: questions find it.", icon="✅")
        return
    if refused:
        st.error("Your decision was not stored.", icon="✋")
    st.warning("This document does not wait any more: someone has decided, or its file was read anew.", icon="🔍")


def _draw_facts(aside: Aside) -> None:
    with st.container(border=True, key="reason"):
        st.markdown(f"{_badge(aside)} {inline(aside.reason)}")
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


def _draw_form(aside: Aside) -> None:
    with st.form(key=f"settle-{aside.id}", border=True):
        st.text_area("Note (kept with a rejection)", key=f"note-{aside.id}", max_chars=2_000, height=90)
        st.text_input("Your name", value=REVIEWER, key=f"reviewer-{aside.id}", max_chars=200)
        with st.container(horizontal=True):
            admit = st.container(width="content")
            reject = st.container(width="content")
        progress = st.empty()
        given = (aside.id, progress)
        admit.form_submit_button("Admit to the library", icon="✅", type="primary", on_click=_admit, args=given)
        reject.form_submit_button("Reject", icon="🛡️", on_click=_reject, args=given[:1])
    st.caption(
        "Admitted, it is found by questions at once, with the text that stands here. "
        "Rejected, it stays out until its content changes."
    )


def _admit(identity: str, progress: DeltaGenerator) -> None:
    """Let the document in before the page is drawn anew; who comes second is told, and so is what goes wrong."""
    if _settled(identity) in st.session_state:  # the second half of a double click
        return
    with progress, st.spinner("Reading it into the library …"):
        try:
            done = state.parapet().quarantine.admit(identity, reviewer=_entered("reviewer", identity))
        except ParapetError as error:
            st.session_state["refused"] = str(error)
        else:
            st.session_state[_settled(identity)] = done.source


def _reject(identity: str) -> None:
    """Keep the document out before the page is drawn anew."""
    if _settled(identity) in st.session_state:
        return
    reviewer, note = _entered("reviewer", identity), _entered("note", identity)
    try:
        state.parapet().quarantine.reject(identity, reviewer=reviewer, note=note)
    except ParapetError as error:
        st.session_state["refused"] = str(error)
    else:
        st.session_state[_settled(identity)] = ""


def _entered(field: str, identity: str) -> str:
    return str(st.session_state[f"{field}-{identity}"]).strip()


def _settled(identity: str) -> str:
    """Where this page remembers what it decided itself: the name of what it admitted, nothing of what it rejected."""
    return f"settled-{identity}"


def _draw_decision(aside: Aside) -> None:
    with st.container(border=True, key="decision"):
        st.markdown(f"{_badge(aside)} **{inline(aside.reviewer or '')}** rejected this document")
        if aside.note:
            st.markdown(escape(aside.note))
        st.caption(f"{aside.decided_at:%d %B %Y, %H:%M} UTC · what was read of it is not kept")


def _open(identity: str) -> None:
    st.query_params["document"] = identity
