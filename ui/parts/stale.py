"""Draws that an answer may no longer hold: which of its cited sources have changed or gone since."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from chains.freshness import CHANGED, GONE, Stale
from ui.markup import clip, inline

NAMED = 3  # sources; of more, only the number is told
_VERBS = {CHANGED: ("has changed", "have changed"), GONE: ("has left the library", "have left the library")}


def draw_stale(stale: Sequence[Stale], *, closing: str = "") -> None:
    """One line that names them; nothing when every source is what it was."""
    if stale:
        st.markdown(f":orange[⚠️ {stale_line(stale)} since this answer{closing}.]")


def stale_line(stale: Sequence[Stale]) -> str:
    """What became of these sources, as Markdown."""
    clauses = []
    for state, (one, several) in _VERBS.items():
        names = [f"**{inline(clip(source.source, 80))}**" for source in stale if source.state == state]
        if names:
            clauses.append(f"{_listed(names)} {one if len(names) == 1 else several}")
    return " and ".join(clauses)


def stale_mark(source: str, stale: Sequence[Stale]) -> str:
    """The mark that a source wears, as Markdown; empty when it is what it was."""
    return "".join(f" :orange-badge[{one.state}]" for one in stale if one.source == source)


def _listed(names: Sequence[str]) -> str:
    shown = list(names[:NAMED])
    if len(names) > NAMED:
        shown.append(f"{len(names) - NAMED} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
