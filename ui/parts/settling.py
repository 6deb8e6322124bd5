"""Draws the decision about a document that was set aside: the form, what became of it, and who came too late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import ParapetError
from ui import state
from ui.markup import clip, escape, inline
from ui.queue import REVIEWER

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from ingest.quarantine import Quarantine
    from ingest.rows.asides import Aside


def draw_decision(aside: Aside) -> None:
    """The form while it waits, else what a person decided."""
    st.subheader("Decision", anchor=False)
    refused = st.session_state.pop("refused", None)
    if refused:
        st.error(escape(f"Your decision was not stored. {refused}"), icon="✋")
    if aside.decided_at is None:
        _draw_form(aside)
    else:
        _draw_rejection(aside)


def draw_gone(identity: str) -> None:
    """The page of a document that is not set aside any more."""
    mine = _settled().get(identity)
    if mine is not None and mine.decided_at is None:  # what is admitted is set aside no more
        st.success(f"**{inline(clip(mine.source, 160))}** is in the library: questions find it.", icon="✅")
        return
    why = "This document does not wait any more: someone has decided, or its file was read anew."
    if st.session_state.pop("refused", None):
        st.error(f"Your decision was not stored. {why}", icon="✋")
    else:
        st.warning(why, icon="🔍")


def _draw_form(aside: Aside) -> None:
    with st.form(key=f"settle-{aside.id}", border=True):
        st.text_area("Note (kept with a rejection)", key=f"note-{aside.id}", max_chars=2_000, height=90)
        st.text_input("Your name", value=REVIEWER, key=f"reviewer-{aside.id}", max_chars=200)
        buttons, progress = st.container(horizontal=True), st.empty()
        buttons.form_submit_button(
            "Admit to the library", icon="✅", type="primary", on_click=_admit, args=(aside.id, progress)
        )
        buttons.form_submit_button("Reject", icon="🛡️", on_click=_reject, args=(aside.id,))
    st.caption(
        "Admitted, it is found by questions at once, with the text that stands here. "
        "Rejected, it stays out until its content changes."
    )


def _admit(identity: str, progress: DeltaGenerator) -> None:
    """Let the document in before the page is drawn anew."""
    reviewer = _entered("reviewer", identity)
    with progress, st.spinner("Reading it into the library; while another ingestion runs, this waits for its end …"):
        _settle(identity, lambda desk: desk.admit(identity, reviewer=reviewer))


def _reject(identity: str) -> None:
    """Keep the document out before the page is drawn anew."""
    reviewer, note = _entered("reviewer", identity), _entered("note", identity)
    _settle(identity, lambda desk: desk.reject(identity, reviewer=reviewer, note=note))


def _settle(identity: str, decide: Callable[[Quarantine], Aside]) -> None:
    """Decide once; who comes second is told, and so is what goes wrong.

    A second click interrupts this at the next call into Streamlit and runs it again. So there is none between the
    decision and the note of it.
    """
    settled = _settled()
    if identity in settled:
        return
    try:
        done = decide(state.parapet().quarantine)
        settled[identity] = replace(done, document=None)  # its text may be long
    except ParapetError as error:
        st.session_state["refused"] = str(error)


def _settled() -> dict[str, Aside]:
    """What this page has decided itself, by id."""
    made: dict[str, Aside] = st.session_state.setdefault("settled", {})
    return made


def _entered(field: str, identity: str) -> str:
    return str(st.session_state[f"{field}-{identity}"]).strip()


def _draw_rejection(aside: Aside) -> None:
    with st.container(border=True, key="decision"):
        st.markdown(f":gray-badge[rejected] **{inline(aside.reviewer or '')}** rejected this document")
        if aside.note:
            st.markdown(escape(aside.note))
        st.caption(f"{aside.decided_at:%d %B %Y, %H:%M} UTC · what was read of it is not kept")
