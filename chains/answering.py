"""One turn, step by step: screen the question, retrieve, screen the passages, weigh the evidence, write, screen again.

A turn in progress is a generator of AnswerChunks; only sentences that passed the output rail are ever in one. Every
step runs as a LangChain Runnable under the turn's callbacks, so tracing sees it. Wiring is in assemble.py.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.runnables import RunnableConfig

from chains import wording
from chains.absent import absent_words
from chains.cite import without_marks
from chains.composing import TOO_LONG, Composed
from chains.followup import Standing, standing_alone
from chains.parts import Parts
from chains.retrieve import as_passages, traced
from chains.screening import TurnScreening
from chains.support import plain_text, sentence_of
from chains.writing import Writing, has_language, together
from core.clock import Stopwatch
from core.domain import (
    Answer,
    AnswerChunk,
    Decision,
    Outcome,
    Passage,
    Question,
    Sentence,
    Tokens,
    Trace,
)
from core.errors import ModelFailure
from guards.stream import SentenceStream

NO_REVIEW = frozenset({"language", "length", "rate"})  # guards whose refusals the asker can mend alone
# keys of `configurable` in a RunnableConfig
STOP = "stop"  # a callable that says whether the asker asked to stop
FACE = "face"  # where the question was asked, by somebody whose questions count; a program's own don't


def face_of(config: RunnableConfig) -> str:
    """Where a turn was asked; empty when a program asked by itself."""
    return str(config.get("configurable", {}).get(FACE, ""))


class Answering:
    """One turn in progress."""

    def __init__(self, parts: Parts, question: Question, config: RunnableConfig) -> None:
        """Begin a turn; nothing happens before `run` is iterated."""
        self._parts = parts
        self._question = question
        self._standing = Standing(question.text)  # what is searched for
        self._trace: Trace | None = None
        self._config = config
        self._guards = TurnScreening(parts.rail, question, question.asker if face_of(config) else "", config)
        self._watch = Stopwatch()
        self._passages: tuple[Passage, ...] = ()
        self._released: list[Sentence] = []
        self._gap = ""  # white space behind the last sentence
        self._withheld: list[str] = []
        self._withheld_by = Decision.ALLOW  # what the guards decided of its first sentence
        self._notices: list[str] = []
        self._model_name = ""
        self._tokens = Tokens()

    def run(self) -> Iterator[AnswerChunk]:
        """The turn: steps and released sentences as they come, the whole answer last."""
        yield AnswerChunk(step="checking")
        answer = self._refused_question()
        if answer is None:
            _, chunks = self._parts.library.size(self._question.asker)
            yield AnswerChunk(step="searching", detail=f"{chunks:,} passages")
            answer = self._without_evidence()
        if answer is None:
            yield AnswerChunk(step="writing", detail=f"{len(self._passages)} passages")
            answer = yield from self._written()
        yield AnswerChunk(step="done", answer=answer)

    # --- before the model ---------------------------------------------------------------------------------------

    def _refused_question(self) -> Answer | None:
        with self._watch.step("input_guards"):
            screening = self._guards.question()
        if screening.decision >= Decision.HOLD:
            outcome = Outcome.BLOCKED if screening.decision is Decision.BLOCK else Outcome.HELD
            fired = {v.guard for v in screening.verdicts if v.decision is screening.decision}
            decision = Decision.ALLOW if fired <= NO_REVIEW else screening.decision
            return self._finished(outcome, wording.refused_question(screening, asked=bool(decision)), decision)
        if screening.decision is Decision.REDACT:
            self._notices.append(wording.REDACTED_QUESTION)
        return None

    def _without_evidence(self) -> Answer | None:
        with self._watch.step("retrieve"):
            standing = self._alone()
            sought = standing.text
            found = self._retrieved(sought)
        with self._watch.step("context_guards"):
            self._passages = self._guards.admitted(found)
        with self._watch.step("evidence"):
            probability = self._parts.gate.probability(sought, self._passages, self._question.asker)
        self._trace = traced(self._trace, standing.by, self._passages, probability, self._parts.evidence_threshold)
        if probability >= self._parts.evidence_threshold:
            return None
        if not found and self._parts.library.size(self._question.asker) == (0, 0):
            return self._finished(Outcome.ABSTAINED, wording.EMPTY_LIBRARY)
        return self._abstained()

    def _retrieved(self, sought: str) -> tuple[Passage, ...]:
        """The passages of the question, the trace of the search kept."""

        def hear(trace: Trace) -> None:
            self._trace = trace

        asker, filters = self._question.asker, self._question.filters
        retriever, config = self._parts.retriever, self._child("retrieve")
        return as_passages(retriever.invoke(sought, config, reader=asker, filters=filters, hear=hear))

    def _abstained(self) -> Answer:
        """That the documents don't hold it, with what was looked for."""
        sought, asker = self._standing, self._question.asker
        text = wording.abstained(
            self._passages,
            sought=sought.text if sought.by else "",
            absent=absent_words(sought.text, lambda stems: self._parts.library.document_frequency(stems, asker)),
            narrowed=wording.narrowing(self._question.filters),
        )
        return self._finished(Outcome.ABSTAINED, text)

    def _alone(self) -> Standing:
        """The question as it stands alone; what a model read and wrote for that is counted."""
        parts = self._parts
        standing = standing_alone(
            self._guards.asked,
            self._question.earlier,
            parts.model,
            name=parts.model_name,
            config=self._child("rewrite"),
        )
        self._tokens = together(self._tokens, standing.tokens)
        self._standing = standing
        return standing

    # --- the model ----------------------------------------------------------------------------------------------

    def _written(self) -> Generator[AnswerChunk, None, Answer]:
        """Write with the model, and with the fallback when it fails before any sentence was judged."""
        self._model_name = self._parts.model_name
        try:
            return (yield from self._modelled())
        except ModelFailure as broken:
            failure = broken
        if self._released or self._withheld:
            self._notices.append(wording.cut_off(failure))
            return self._concluded()
        if self._parts.model is not self._parts.fallback:
            self._notices.append(wording.fell_back(self._parts.model_name, failure))
            self._model_name = "extractive"
            try:
                return (yield from self._write(self._parts.fallback, self._composed(self._parts.fallback).messages))
            except ModelFailure as broken:
                failure = broken
        if failure.kind == "empty":  # passages without a sentence to quote
            return self._abstained()
        return self._finished(Outcome.FAILED, wording.failed(failure))

    def _modelled(self) -> Generator[AnswerChunk, None, Answer]:
        """Write with the model; once more from half the evidence when the prompt was too long for it."""
        composed = self._composed(self._parts.model)
        try:
            return (yield from self._write(self._parts.model, composed.messages))
        except ModelFailure as failure:
            if failure.kind != TOO_LONG or self._released or self._withheld:
                raise
        half = self._parts.composer.budget.count(composed.evidence) // 2
        shorter = self._composed(self._parts.model, most=half)
        return (yield from self._write(self._parts.model, shorter.messages))

    def _composed(self, model: BaseChatModel, most: int | None = None) -> Composed:
        """The prompt within the model's budget; `most` bounds the tokens of its passages further."""
        with self._watch.step("prompt"):
            question = replace(self._question, text=self._guards.asked)
            composed = self._parts.composer.compose(
                model, question, self._standing.text, self._passages, self._child("prompt"), most
            )
        self._tokens = together(self._tokens, composed.tokens)
        self._guards.canary = composed.boundary
        if has_language(model):
            self._guards.prepare(self._passages)
        if len(composed.shown) < len(self._passages):
            self._notices.append(wording.left_out(len(composed.shown), len(self._passages)))
        return composed

    def _write(self, model: BaseChatModel, messages: list[BaseMessage]) -> Generator[AnswerChunk, None, Answer]:
        writing = Writing(model, messages, self._child("model"), self._parts.model_timeout_seconds)
        stream = SentenceStream()
        try:
            with self._watch.step("write"):
                for piece in writing.pieces():
                    for text in stream.feed(piece):
                        yield from self._judge(text)
                    if self._stopped():
                        break
                for text in [] if self._stopped() else stream.flush():
                    yield from self._judge(text)
        finally:
            self._tokens = together(self._tokens, writing.tokens)
        if writing.cut:
            self._notices.append(wording.CUT_AT_LIMIT)
        if writing.read_too_little:
            self._notices.append(wording.READ_TOO_LITTLE)
        return self._concluded()

    def _judge(self, text: str) -> Iterator[AnswerChunk]:
        """Screen one sentence; release it, or keep it and all that follow for a person."""
        if self._withheld:
            self._withheld.append(text)  # nothing after a held sentence is shown; the reviewer sees it whole
            return
        bare = without_marks(text).strip()
        if not bare:
            return
        with self._watch.step("output_guards"):
            screening = self._guards.sentence(bare, len(self._released) + 1, self._passages)
        if screening.decision >= Decision.HOLD:
            self._withheld.append(text)
            self._withheld_by = screening.decision
            return
        before = self._gap + text[: len(text) - len(text.lstrip())]
        lead = (before or " ") if self._released else ""
        sentence = sentence_of(text, screening, self._passages, self._guards.originals, lead)
        self._gap = text[len(text.rstrip()) :]
        self._released.append(sentence)
        self._watch.mark("first_sentence")
        yield AnswerChunk(sentences=(sentence,))

    # --- the end ------------------------------------------------------------------------------------------------

    def _concluded(self) -> Answer:
        """What came of the writing."""
        if self._withheld:
            decision = self._withheld_by
            outcome = Outcome.BLOCKED if decision is Decision.BLOCK else Outcome.HELD
            return self._finished(outcome, wording.withheld(self._guards.verdicts, decision), decision)
        said = plain_text(self._released)
        if self._stopped():
            self._notices.append(wording.STOPPED)
            return self._finished(Outcome.ANSWERED, said or wording.NOTHING_WRITTEN)
        if not said or wording.is_no_answer(said):
            return self._abstained()
        if self._model_name == "extractive":
            self._notices.append(wording.QUOTED)
        return self._finished(Outcome.ANSWERED, said)

    def _finished(self, outcome: Outcome, text: str, decision: Decision = Decision.ALLOW) -> Answer:
        self._watch.mark("total")
        shown = self._released if outcome is Outcome.ANSWERED else []
        answer = Answer(
            turn=self._question.turn,
            question=self._guards.asked,
            outcome=outcome,
            text=text,
            sentences=tuple(shown),
            passages=self._passages,
            verdicts=tuple(self._guards.verdicts),
            notice=" ".join(self._notices),
            model=self._model_name,
            prompt=self._parts.prompt.label if self._model_name else "",
            tokens=self._tokens,
            cost_usd=0.0 if self._model_name in {"", "extractive", "scripted"} else None,
            ms=self._milliseconds(),
            index_as_of=self._parts.library.as_of(self._question.asker),
            trace=self._trace,
        )
        gravest = max(decision, self._guards.gravest)
        if gravest < Decision.FLAG:
            return answer
        flag = self._parts.flags.raise_flag(answer, self._withheld_text(), self._question.asker, gravest)
        if self._withheld:  # the reviewer's snapshot keeps the words that guards quote, the asker's answer doesn't
            answer = replace(answer, verdicts=tuple(map(wording.without_quotes, answer.verdicts)))
        return replace(answer, flag=flag)

    def _withheld_text(self) -> str:
        """What a reviewer reads and the asker was not shown: the whole answer, or the question that was refused."""
        if not self._withheld:
            return ""
        return (plain_text(self._released) + self._gap + "".join(self._withheld)).strip()

    def _milliseconds(self) -> dict[str, float]:
        ms = self._watch.ms
        return {
            name: ms.get(name, 0.0)
            for name in ("input_guards", "retrieve", "context_guards", "first_sentence", "total")
        } | ms

    def _stopped(self) -> bool:
        """Whether the asker has asked to stop."""
        stop = self._config.get("configurable", {}).get(STOP)
        return stop is not None and bool(stop())

    def _child(self, name: str) -> RunnableConfig:
        return {**self._config, "run_name": name}
