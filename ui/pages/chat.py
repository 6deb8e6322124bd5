"""The page that people ask on. It draws and forwards: answers are made elsewhere and outlive this page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from chains.earlier import answered
from chains.freshness import Stale, stale_sources
from core.clock import new_id
from core.domain import Answer, Flag, Question
from ui import state
from ui.markup import visible
from ui.parts.answer import displayed, draw_answer, draw_question
from ui.parts.live import follow
from ui.parts.watch import watch

if TYPE_CHECKING:
    from chains.turns import LiveTurn, Turn

MANUAL = "What Parapet is"  # title of the manual's first page; the samples ask about the manual
SAMPLES = (
    "How do I ingest a folder?",
    "What happens when a guard blocks an answer?",
    "Which language models can I use?",
    "How does a reviewer release an answer?",
)
MOST_CHARACTERS = 200_000  # more is not even kept


def page() -> None:
    """The conversation of this page's address, and where the next question goes."""
    conversation = state.conversation()
    live = state.parapet().runner.running(conversation)
    history = state.parapet().turns.history(conversation)
    asked = st.chat_input("Ask a question about the documents", key="question", submit_mode="stop")
    asked = asked or st.session_state.pop("sample", None)
    if history or live or asked:
        st.empty()  # in the welcome's place, so that it goes at once and not only when the answer is whole
        _draw_new_conversation()
    else:
        with st.container():
            _draw_welcome()
    _draw_turns([turn for turn in history if live is None or turn.id != live.question.turn])
    if asked and live is None:
        live = _submit(str(asked), conversation, history)
    watch(conversation, history, live=live is not None)
    if live is not None:
        draw_question(live.question.text)
        follow(live)
        st.rerun()


def _submit(text: str, conversation: str, history: Sequence[Turn]) -> LiveTurn | None:
    """Hand a question over; None, with the reason on the page, when it can't be one."""
    if not visible(text):
        st.warning("There is no question in this: write what you want to know.", icon="✏️")
        return None
    if len(text) > MOST_CHARACTERS:
        st.warning(f"This has {len(text):,} characters: a question may have a few thousand.", icon="✏️")
        return None
    state.keep_address(conversation)
    question = Question(text=text, turn=new_id(), conversation=conversation, earlier=answered(history))
    return state.parapet().runner.submit(question)


def _draw_turns(turns: Sequence[Turn]) -> None:
    """Turns that are over; the library is asked once what has become of all their sources."""
    flags = {turn.id: _flag(turn.answer.flag) for turn in turns if turn.answer is not None}
    answers = {turn.id: displayed(turn.answer, flags[turn.id]) for turn in turns if turn.answer is not None}
    stale = stale_sources(state.parapet().library, list(answers.values()))
    marked = dict(zip(answers, stale, strict=True))
    for turn in turns:
        _draw_turn(turn, answers.get(turn.id), flags.get(turn.id), marked.get(turn.id, ()))


def _draw_turn(turn: Turn, answer: Answer | None, flag: Flag | None, stale: Sequence[Stale]) -> None:
    draw_question(turn.question)
    with st.chat_message("assistant", avatar="🧱"):
        if answer is not None:
            draw_answer(answer, flag, stale, asked=turn.question, key=turn.id)
        elif turn.state == "running":
            st.caption("⏳ This question is being answered; the answer will be here when the page is opened again.")
        else:
            st.caption("🔌 The server stopped before this was answered. Ask it again.")


def _flag(identity: str | None) -> Flag | None:
    return None if identity is None else state.parapet().flags.get(identity)


def _draw_new_conversation() -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("New conversation", icon="✨", type="tertiary", on_click=state.begin_anew, key="new-conversation")


def _draw_welcome() -> None:
    documents, _ = state.parapet().library.size()
    st.title("Ask your documents", anchor=False)
    if not documents:
        st.markdown("There are no documents yet. Add a folder on the command line; this page finds it at once.")
        st.code("parapet ingest add FOLDER", language=None)
        return
    noun = "document" if documents == 1 else "documents"
    st.markdown(
        f"Answers come from **{documents:,} {noun}**, each sentence with the words that support it. "
        "What they don't hold is not made up."
    )
    if not any(document.title == MANUAL for document in state.parapet().library.documents()):
        return
    st.caption("For instance:")
    for sample in SAMPLES:
        st.button(sample, key=f"sample-{sample}", on_click=_choose, args=(sample,), width="stretch")


def _choose(sample: str) -> None:
    st.session_state["sample"] = sample
