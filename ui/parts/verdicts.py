"""Draws what the guards said: those that fired with their reasons, the table of all one click away."""

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
    """The verdicts that fired, each with its reason, and the table of all behind an expander."""
    for verdict in fired(answer):
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"{badge(verdict.decision)} **{inline(verdict.guard)}** · {verdict.stage} · {_score(verdict)}")
            st.markdown(inline(verdict.reason))
    with st.expander(f"All {len(answer.verdicts)} verdicts"):
        st.dataframe([_row(verdict) for verdict in answer.verdicts], hide_index=True)


def guards_line(verdicts: Sequence[Verdict]) -> str:
    """Which guards fired, each once, as Markdown."""
    return ", ".join(dict.fromkeys(f"{inline(verdict.guard)} ({verdict.stage})" for verdict in verdicts))


def _row(verdict: Verdict) -> dict[str, str]:
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
    return f"risk {verdict.score:.2f}, fires at {verdict.threshold:.2f}"
