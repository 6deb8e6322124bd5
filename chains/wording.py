"""What Parapet says in its own voice when it does not simply answer: why, in plain words, and what to do now."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.domain import Decision, Filters, Mode, Passage, Screening, Stage, Verdict
from core.errors import ModelFailure

QUOTED = "Quoted from the documents; no language model wrote this."
REDACTED_QUESTION = "Personal data or secrets in your question were left out before it was used."
CUT_AT_LIMIT = "The model stopped at its token limit; the answer may lack its end."
READ_TOO_LITTLE = (
    "The model's server read only part of what it was sent. Raise its context length, or set "
    "PARAPET_CONTEXT_TOKENS to what it is."
)
STOPPED = "Stopped by you."
NOTHING_WRITTEN = "No answer was written."
EMPTY_LIBRARY = (
    "There are no documents to answer from yet. Add some with `parapet ingest add FOLDER`, then ask again: "
    "this page finds them at once."
)
NO_ANSWER = "the documents do not answer this"
NOT_ANSWERED = "The documents do not answer this question."
NEAREST = 3  # documents that are named when none answers
_QUOTED_WORDS = re.compile(r"[ ,:]*“.*”", re.DOTALL)
_ASKED_A_PERSON = "A person has been asked to look at it."


def refused_question(screening: Screening, *, asked: bool) -> str:
    """Why a question is not answered, what its asker can do now, and whether a person was asked."""
    held = screening.decision is Decision.HOLD
    opening = "This question waits for a person to look at it." if held else "This question was not answered."
    return _told(opening, screening.decisive, _ASKED_A_PERSON if asked and not held else "")


def withheld(verdicts: Iterable[Verdict], decision: Decision) -> str:
    """Why an answer is not shown, and what its asker can do now."""
    written = (v for v in verdicts if v.stage is Stage.OUTPUT and v.mode is Mode.ENFORCE and v.decision is decision)
    held = decision is Decision.HOLD
    opening = "The answer is held until a person has looked at it." if held else "The answer was withheld."
    return _told(opening, map(without_quotes, written), "" if held else _ASKED_A_PERSON)


def _told(opening: str, decisive: Iterable[Verdict], closing: str) -> str:
    """What happened and why; below it what can be done."""
    verdicts = list(decisive)
    why = " ".join(dict.fromkeys((opening, *(verdict.reason for verdict in verdicts))))
    advice = " ".join(dict.fromkeys((*(verdict.advice for verdict in verdicts), closing))).strip()
    return f"{why}\n\n{advice}" if advice else why


def without_quotes(verdict: Verdict) -> Verdict:
    """The verdict without the words that it quotes: what was withheld must not reach the asker in its reason."""
    return replace(verdict, reason=_QUOTED_WORDS.sub("", verdict.reason)) if verdict.stage is Stage.OUTPUT else verdict


def abstained(passages: Sequence[Passage], *, sought: str = "", absent: Sequence[str] = (), narrowed: str = "") -> str:
    """That the documents don't hold it: what was looked for, what comes nearest, and what to do.

    `sought` is the question as it was searched for when that is not how it was asked, `absent` its words that no
    document holds, `narrowed` what the search was narrowed to.
    """
    near = [*dict.fromkeys(_place(passage) for passage in passages)][:NEAREST]
    told = (
        ("Searched for", f"“{sought}”" if sought else ""),
        ("Searched only in", narrowed),
        ("No document holds", ", ".join(f"“{word}”" for word in absent)),
        ("Nearest", "; ".join(near)),
    )
    facts = "\n".join(f"{name}: {text}" for name, text in told if text)
    words = f"other words for “{absent[0]}”" if len(absent) == 1 else "other words"
    wider = "search more widely, " if narrowed else ""
    advice = f"Try {words}, {wider}or ask the people who keep the documents."
    return "\n\n".join(part for part in (NOT_ANSWERED, facts, advice) if part)


def _place(passage: Passage) -> str:
    """The document with page and heading, as a person would look it up."""
    chunk = passage.chunk
    title = chunk.title or chunk.source
    page = "" if chunk.page is None else f", page {chunk.page}"
    under = [heading for heading in chunk.heading if heading != title]
    return f"{title}{page}{f' ({under[-1]})' if under else ''}"


def narrowing(filters: Filters) -> str:
    """What a search was narrowed to, in words; empty when it was not."""
    parts = [
        _listed("collection", filters.collections),
        _listed("source", filters.sources),
        _listed("language", filters.languages),
        "" if filters.after is None else f"written or changed since {filters.after:%d %b %Y, %H:%M} UTC",
    ]
    return "; ".join(part for part in parts if part)


def _listed(noun: str, names: Sequence[str]) -> str:
    return f"{noun}{'s' if len(names) > 1 else ''} {', '.join(names)}" if names else ""


def is_no_answer(said: str) -> bool:
    """Whether a model said that the passages hold no answer, in the words that the prompt asks for."""
    return said.strip().rstrip(".").lower() == NO_ANSWER


def fell_back(model: str, failure: ModelFailure) -> str:
    """That another answerer stood in, and why."""
    return f"{model} gave no answer ({failure.reason.rstrip('.')}), so the documents are quoted instead."


def left_out(shown: int, found: int) -> str:
    """That not all passages fitted into what the model reads at once."""
    return f"The model read {shown} of the {found} passages: more than that is too long for it."


def cut_off(failure: ModelFailure) -> str:
    """That an answer lacks its end."""
    return f"The answer breaks off here: {failure.reason}"


def failed(failure: ModelFailure) -> str:
    """That nothing could be answered."""
    return f"No answer could be written: {failure.reason} Try again, or tell the operator."
