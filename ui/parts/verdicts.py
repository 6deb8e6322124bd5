"""Draws what the guards said: those that fired as a table to read, all of them one click away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.domain import Answer, Decision, Verdict
from ui.fired import fired
from ui.markup import inline

COLOURS = {
    Decision.ALLOW: "green",
    Decision.REDACT: "blue",
    Decision.FLAG: "yellow",
    Decision.HOLD: "orange",
    Decision.BLOCK: "red",
}


def badge(decision: Decision) -> str:
    """A decision as a coloured label, in Markdown."""
    return f":{COLOURS[decision]}-badge[{decision.label}]"


def draw_verdicts(answer: Answer) -> None:
    """The verdicts that fired, and every verdict behind an expander."""
    found = fired(answer)
    if found:
        st.table([_row(verdict) for verdict in found], hide_index=True)
    with st.expander(f"All {len(answer.verdicts)} verdicts"):
        st.dataframe([_plain_row(verdict) for verdict in answer.verdicts], hide_index=True)


def guards_line(verdicts: Sequence[Verdict]) -> str:
    """Which guards fired, each once, as Markdown."""
    return ", ".join(dict.fromkeys(f"{inline(verdict.guard)} ({verdict.stage})" for verdict in verdicts))


def _row(verdict: Verdict) -> dict[str, str]:
    return {
        "Guard": inline(verdict.guard),
        "Stage": verdict.stage.value,
        "Decision": badge(verdict.decision),
        "Score": inline(_score(verdict)),
        "Reason": inline(verdict.reason),
    }


def _plain_row(verdict: Verdict) -> dict[str, str]:
    """For the data grid, which shows text as it stands."""
    return {
        "Guard": verdict.guard,
        "Stage": verdict.stage.value,
        "Decision": verdict.decision.label,
        "Score": _score(verdict),
        "Mode": verdict.mode.value,
        "Reason": verdict.reason,
    }


def _score(verdict: Verdict) -> str:
    if verdict.score is None:
        return "could not judge"
    return f"{verdict.score:.2f}\u00a0/\u00a0{verdict.threshold:.2f}"
