"""Keeps an open page true: looks now and then whether what it waits for has come, and draws it anew when it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ui import state

if TYPE_CHECKING:
    from chains.turns import Turn

SECONDS = 3


def watch(conversation: str, drawn: Sequence[Turn], *, live: bool) -> None:
    """Look again while a turn is being made, or an answer of this conversation lies with a reviewer."""
    seen = _look(drawn)
    if live or any(verdict == "open" for verdict in seen[1]):
        _watching(conversation, None if live else seen)


@st.fragment(run_every=SECONDS)
def _watching(conversation: str, seen: object) -> None:
    if state.parapet().runner.running(conversation) is not None:
        return  # the page follows it by itself
    if _look(state.parapet().turns.history(conversation)) != seen:
        st.rerun()


def _look(turns: Sequence[Turn]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the page shows that can change by itself: states of turns, and what reviewers decided."""
    desk = state.parapet().flags
    named = [turn.answer.flag for turn in turns if turn.answer is not None and turn.answer.flag is not None]
    reviews = (desk.get(flag).review for flag in named)
    return tuple(turn.state for turn in turns), tuple(r.verdict if r else "open" for r in reviews)
