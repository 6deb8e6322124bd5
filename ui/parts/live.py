"""Draws a turn in progress: the step it is in, then the sentences as they are released.

The turn is made by a worker (chains/turns.py); this only follows it. A click, a reload or a lost connection stops the
following, not the turn. Only the Stop button stops the turn.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx

from chains.turns import LiveTurn
from core.domain import Sentence
from ui.markup import escape
from ui.parts.answer import sentences_markup
from ui.steps import step_line


def follow(live: LiveTurn) -> None:
    """Draw a turn until it is over; afterwards the history shows it whole."""
    with st.chat_message("assistant", avatar="🧱"):
        status = st.status("Checking the question …")
        box = st.empty()
        try:
            _draw(live, status, box)
        except StopException:
            if _page_is_open():  # Stop was pressed; a page that went away leaves the turn running
                live.cancel()
            raise


def _draw(live: LiveTurn, status: st.delta_generator.DeltaGenerator, box: st.delta_generator.DeltaGenerator) -> None:
    released: list[Sentence] = []
    for chunk in live.tail(_yield_to_streamlit):
        line = step_line(chunk)
        if line:
            status.update(label=escape(line))  # type: ignore[attr-defined]
        if chunk.sentences:
            released.extend(chunk.sentences)
            box.markdown(sentences_markup(released))


def _yield_to_streamlit() -> None:
    """Let Streamlit stop or rerun this script now, also while no sentence comes."""
    st.session_state.get("_")


def _page_is_open() -> bool:
    context = get_script_run_ctx()
    return context is not None and get_instance().is_active_session(context.session_id)
