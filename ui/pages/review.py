"""The page that reviewers work on: the flagged answers, one of them with its evidence, and the decision.

Documents that were set aside are listed and drawn by ui/parts/quarantine.py.
"""

from __future__ import annotations

import streamlit as st

from chains.freshness import stale_sources
from core.domain import Flag, Span
from core.errors import UsageError
from ui import state
from ui.fired import answer_spans, answer_text, fired, question_spans
from ui.guard_statistics import row
from ui.markup import MARKS, clip, escape, highlight, inline
from ui.parts import quarantine
from ui.parts.evidence import draw_passage
from ui.parts.stale import draw_stale, stale_mark
from ui.parts.trace import draw_trace
from ui.parts.verdicts import badge, draw_verdicts, guards_line
from ui.queue import REVIEWER, State, asked_by, flagged
from ui.sources import sources
from ui.withheld import rebuilt

SHOWN = 50
DAYS = 30  # that statistics look back
DOCUMENTS, GUARDS = "documents", "guards"  # the choices beside those of State
FIRED = MARKS[1]


def page() -> None:
    """One flagged answer or one document when the address names it, else the list."""
    if (flag := st.query_params.get("flag")) is not None:
        _draw_flag(flag)
    elif (document := st.query_params.get("document")) is not None:
        st.button("← All documents set aside", type="tertiary", on_click=_leave, args=("document",), key="back")
        quarantine.draw_document(document)
    else:
        _draw_list()


def _draw_flag(identity: str) -> None:
    st.button("← All flagged answers", type="tertiary", on_click=_leave, args=("flag",), key="back")
    try:
        flag = state.parapet().flags.get(identity)
    except UsageError as error:
        st.warning(escape(str(error)), icon="🔍")
        return
    _draw_item(flag)


def _draw_list() -> None:
    st.title("Review", anchor=False)
    chosen = _choose()
    if chosen == DOCUMENTS:
        quarantine.draw_documents()
    elif chosen == GUARDS:
        _draw_guards()
    else:
        _draw_flags(State(chosen))


def _choose() -> str:
    """What to list; documents come first when only they wait."""
    answers, documents = state.parapet().flags.counts(), state.parapet().quarantine.count()
    labels: dict[str, str] = {
        State.OPEN: f"Open ({answers['open']})",
        State.DECIDED: f"Decided ({answers['released'] + answers['upheld']})",
        DOCUMENTS: f"Documents ({documents})",
        GUARDS: "Guards",
    }
    first = DOCUMENTS if documents and not answers["open"] else State.OPEN
    st.session_state.setdefault("filter", first)
    chosen = st.segmented_control(
        "What to list", list(labels), format_func=labels.__getitem__, label_visibility="collapsed", key="filter"
    )
    return chosen or first


def _draw_flags(wanted: State) -> None:
    found = flagged(state.parapet().flags, wanted, SHOWN)
    for flag in found:
        _draw_row(flag)
    if not found:
        _draw_nothing(wanted)


def _draw_guards() -> None:
    """How the guards did in the last days."""
    found = state.parapet().tally.statistics(DAYS)
    if not found:
        st.info(f"No guard has judged anything in the last {DAYS} days.", icon="🗂️")
        return
    st.dataframe([row(guard) for guard in found], hide_index=True)
    st.caption(
        f"The last {DAYS} days. A released item counts as a false alarm, an upheld one as right. From that follow how "
        "often a guard is right when it fires, and an estimate of how often it fires on harmless texts. In brackets: "
        "intervals of 95 %."
    )


def _draw_nothing(wanted: State) -> None:
    if wanted is State.OPEN:
        st.success("Nothing waits for you. Answers that a guard flags, holds or blocks come here.", icon="🌿")
    else:
        st.info("No decision has been made yet.", icon="🗂️")


def _draw_row(flag: Flag) -> None:
    with st.container(border=True, key=f"flag-{flag.id}"):
        st.markdown(f"{_state_badge(flag)} **{inline(clip(flag.answer.question, 160))}**")
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(f"{flag.at:%d %b %Y, %H:%M} UTC · {guards_line(fired(flag.answer))}")
            st.button(
                "Look at it" if flag.review is None else "Open", key=f"open-{flag.id}", on_click=_open, args=(flag.id,)
            )


def _state_badge(flag: Flag) -> str:
    if flag.review is None:
        return badge(asked_by(flag))
    return ":green-badge[released]" if flag.review.verdict == "released" else ":gray-badge[upheld]"


def _draw_item(flag: Flag) -> None:
    st.subheader("Question", anchor=False)
    with st.container(border=True):
        st.markdown(highlight(flag.answer.question, question_spans(flag.answer), FIRED))
        st.caption(f"Asked by {inline(flag.asker)}, {flag.at:%d %B %Y, %H:%M} UTC")
    _draw_answer(flag)
    st.subheader("What the guards said", anchor=False)
    draw_verdicts(flag.answer)
    _draw_passages(flag)
    draw_trace(rebuilt(flag), flag.id, by_rank=True)
    st.subheader("Decision", anchor=False)
    refused = st.session_state.pop("refused", None)
    if refused:
        st.error(escape(f"Your decision was not stored. {refused}"), icon="✋")
    if flag.review is None:
        _draw_form(flag)
    else:
        _draw_decision(flag)


def _draw_answer(flag: Flag) -> None:
    text = answer_text(flag)
    if not text:
        st.caption("No answer was written: the question itself was stopped.")
        return
    st.subheader("Answer that was not shown" if flag.withheld else "Answer that was shown", anchor=False)
    with st.container(border=True, key="under-review"):
        st.markdown(highlight(text, answer_spans(flag), FIRED))


def _draw_passages(flag: Flag) -> None:
    if not flag.answer.passages:
        return
    st.subheader("Passages it was written from", anchor=False)
    whole = rebuilt(flag)
    (stale,) = stale_sources(state.parapet().library, [whole])
    draw_stale(stale)
    quoted = {source.passage.rank: source.quotes for source in sources(whole)}
    for passage in flag.answer.passages:
        quotes = quoted.get(passage.rank, ())
        title = inline(clip(passage.chunk.title or passage.chunk.source, 80))
        with st.expander(f"**{passage.rank}**  {title}{stale_mark(passage.chunk.source, stale)}"):
            draw_passage(passage, [Span(quote.start, quote.end) for quote in quotes])


def _draw_form(flag: Flag) -> None:
    written = bool(answer_text(flag))
    with st.form(key=f"decide-{flag.id}", border=True):
        st.text_area("Note (the asker sees it)", key=f"note-{flag.id}", max_chars=2_000, height=90)
        st.text_input("Your name", value=REVIEWER, key=f"reviewer-{flag.id}", max_chars=200)
        with st.container(horizontal=True):
            st.form_submit_button(
                "Release to the asker",
                icon="✅",
                type="primary",
                disabled=not written,
                on_click=_decide,
                args=(flag.id, "released"),
            )
            st.form_submit_button("Uphold the guards", icon="🛡️", on_click=_decide, args=(flag.id, "upheld"))
    if not written:
        st.caption("There is no answer to release: the question was stopped before one was written.")


def _decide(identity: str, verdict: str) -> None:
    """Store the decision before the page is drawn anew; who comes second is told, not passed over."""
    note, reviewer = st.session_state[f"note-{identity}"], st.session_state[f"reviewer-{identity}"]
    try:
        state.parapet().flags.decide(identity, verdict, note.strip(), reviewer.strip())
    except UsageError as error:
        st.session_state["refused"] = str(error)


def _draw_decision(flag: Flag) -> None:
    review = flag.review
    assert review is not None
    verb = "released this answer to the asker" if review.verdict == "released" else "upheld what the guards decided"
    with st.container(border=True, key="decision"):
        st.markdown(f"{_state_badge(flag)} **{inline(review.reviewer)}** {verb}")
        if review.note.strip():
            st.markdown(escape(review.note))
        st.caption(f"{review.at:%d %B %Y, %H:%M} UTC")


def _open(identity: str) -> None:
    st.query_params["flag"] = identity


def _leave(named: str) -> None:
    st.query_params.pop(named, None)
    if named == "document":
        st.session_state["filter"] = DOCUMENTS
