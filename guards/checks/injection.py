"""Guard `injection`: questions that try to change how the assistant works or to get at its hidden instructions.

Two views of every reading of the text (normalise.py): known wordings, which explain themselves, and a learnt head or,
where the policy names one, a stronger classifier of the trusted models.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.domain import Span, Stage, Subject
from core.errors import GuardFailure
from guards import normalise, rules
from guards import options as given
from guards.guard import Finding, Guard, Kit, shown
from guards.head import fits
from guards.question_head import question_head
from guards.windows import as_written, stretches, windows

STAGES = frozenset({Stage.INPUT})
DOC = "attempts to override the assistant's instructions, to read them out, or to give it a role without limits"
TITLE = "attempt to take over the assistant"
ADVICE = "Ask for the fact itself, without telling the assistant how to behave, or ask a person."
TOLD = "This looks like an attempt to change how the assistant works"
HEAD = "injection"
FIRES = 0.5
HIDDEN = 1.5  # added to the logit of a reading that was disguised: who asks for a fact does not hide the question
PADDED = 10  # times the characters that it reads may come in: invisible ones, codes and stacked marks fall away


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The riskiest stretch that a view of the text showed."""

    risk: float
    spans: tuple[Span, ...] = ()
    words: str = ""  # as a reason quotes them
    how: str = ""  # the disguise, when there was one


@dataclass(frozen=True, slots=True)
class Injection:
    """Judges every reading of a text by wordings and by a learnt head, or by a named classifier instead of the head."""

    kit: Kit
    most: int  # characters that it reads, once they are folded
    model: str = ""  # name of a trusted classifier; empty: the learnt head

    def judge(self, subject: Subject) -> Finding:
        """The risk of the riskiest reading; GuardFailure when the text is too long or the classifier is missing."""
        text = subject.text
        if len(text) > self.most * PADDED or len(normalise.fold(text).text) > self.most:
            raise GuardFailure(f"a text of {len(text):,} characters is more than it reads ({self.most:,})")
        worst = told = Suspicion(0.0)
        for view in normalise.views(text):
            worded = self._worded(view)
            told = max(told, worded, key=_risk)
            worst = max(worst, worded, self._seen(view, text), key=_risk)
        if worst.risk < FIRES:
            return Finding(worst.risk, "No attempt to take over the assistant found.")
        why = told if told.risk >= FIRES else worst  # a known wording explains more than a learnt resemblance
        hidden = f" (hidden as {why.how})" if why.how else ""
        return Finding(worst.risk, f"{TOLD}: “{shown(why.words)}”{hidden}.", why.spans)

    def _worded(self, view: normalise.View) -> Suspicion:
        found = sorted(rules.hints(view.text, rules.ASKED), key=lambda hint: -hint.weight)
        if not found:
            return Suspicion(0.0)
        spans = tuple(Span(*view.span(hint.start, hint.end), hint.what) for hint in found[:5])
        words = view.text[found[0].start : found[0].end]
        return Suspicion(_stricter(rules.joined(found), view.how), spans, words, view.how)

    def _seen(self, view: normalise.View, written: str) -> Suspicion:
        """What the head, or the classifier, makes of the view."""
        parts = list(windows(view.text) if self.model else stretches(view.text))
        texts = [view.text[a:b] for a, b in parts]
        if not texts:
            return Suspicion(0.0)
        risks = self._classified(texts) if self.model else self._learnt(texts, written)
        at = max(range(len(risks)), key=risks.__getitem__)
        span = Span(*view.span(*parts[at]), "reads like an attack")
        return Suspicion(_stricter(risks[at], view.how), (span,), texts[at], view.how)

    def _learnt(self, texts: list[str], written: str) -> list[float]:
        learnt = question_head(HEAD)
        known = fits(learnt.embedder, self.kit.embedder)
        vectors = self.kit.embed([as_written(text, written) for text in texts]) if known else None
        return list(map(float, learnt.risks(texts, vectors)))

    def _classified(self, texts: list[str]) -> list[float]:
        if self.kit.classifier is None:
            raise GuardFailure(f"the policy names the classifier {self.model}, but there are none at hand here")
        return self.kit.classifier(self.model).risks(texts)


def _stricter(risk: float, how: str) -> float:
    """The risk of words that were hidden, which counts for more."""
    if not how or not 0 < risk < 1:
        return risk
    return 1 / (1 + math.exp(-(math.log(risk / (1 - risk)) + HIDDEN)))


def _risk(suspicion: Suspicion) -> float:
    return suspicion.risk


def build(options: Mapping[str, Any], kit: Kit) -> Guard:
    """Options: `characters`, the longest text that is read; `model`, a trusted classifier in place of the head."""
    found = given.read(options, characters=20_000, model="")
    return Injection(kit, found["characters"], found["model"])
