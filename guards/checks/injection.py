"""Guard `injection`: questions that try to change how the assistant works or to get at its hidden instructions.

Two views of every reading of the text (normalise.py): known wordings, which explain themselves, and a learnt head.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from core.domain import Span, Stage, Subject
from core.errors import GuardFailure
from guards import head, normalise, rules
from guards import options as given
from guards.guard import Finding, Guard, Kit, shown
from guards.windows import windows

STAGES = frozenset({Stage.INPUT})
DOC = "attempts to override the assistant's instructions, to read them out, or to give it a role without limits"
TITLE = "attempt to take over the assistant"
ADVICE = "Ask for the fact itself, without telling the assistant how to behave, or ask a person."
FIRES = 0.5
MOST_VIEWS = 8


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The riskiest stretch that a view of the text showed."""

    risk: float
    spans: tuple[Span, ...] = ()
    words: str = ""  # as a reason quotes them
    how: str = ""  # the disguise, when there was one


@dataclass(frozen=True, slots=True)
class Injection:
    """Judges every reading of a text by wordings and by a learnt head."""

    kit: Kit
    head: str  # which of guards/heads
    groups: tuple[Any, ...]  # which wordings
    most: int  # characters that it reads
    told: str  # what a reason says before the words it quotes

    def judge(self, subject: Subject) -> Finding:
        """The risk of the riskiest reading."""
        text = subject.text
        if len(text) > self.most:
            raise GuardFailure(f"a text of {len(text):,} characters is more than it reads ({self.most:,})")
        worst = told = Suspicion(0.0)
        for view in islice(normalise.views(text), MOST_VIEWS):
            worded = self._worded(view)
            told = max(told, worded, key=_risk)
            worst = max(worst, worded, self._learnt(view), key=_risk)
        if worst.risk < FIRES:
            return Finding(worst.risk, "No attempt to take over the assistant found.")
        why = told if told.risk >= FIRES else worst  # a known wording explains more than a learnt resemblance
        hidden = f" (hidden as {why.how})" if why.how else ""
        return Finding(worst.risk, f"{self.told}: “{shown(why.words)}”{hidden}.", why.spans)

    def _worded(self, view: normalise.View) -> Suspicion:
        found = sorted(rules.hints(view.text, *self.groups), key=lambda hint: -hint.weight)
        if not found:
            return Suspicion(0.0)
        spans = tuple(Span(*view.span(hint.start, hint.end), hint.what) for hint in found[:5])
        return Suspicion(rules.joined(found), spans, view.text[found[0].start : found[0].end], view.how)

    def _learnt(self, view: normalise.View) -> Suspicion:
        parts = list(windows(view.text))
        if not parts:
            return Suspicion(0.0)
        texts = [view.text[a:b] for a, b in parts]
        learnt = head.text_head(self.head)
        vectors = None
        if self.kit.embedder is not None and _weights(self.kit.embedder.name) == _weights(learnt.embedder):
            vectors = self.kit.embed(texts)
        risks = learnt.risks(texts, vectors)
        worst = int(risks.argmax())
        span = Span(*view.span(*parts[worst]), "reads like an attack")
        return Suspicion(float(risks[worst]), (span,), texts[worst], view.how)


def _weights(embedder: str) -> str:
    """Model and hash of its weights: a head fits every form of them, in 32 bits or in 8, as its card shows."""
    return embedder.partition("/")[0]


def _risk(suspicion: Suspicion) -> float:
    return suspicion.risk


def build(options: Mapping[str, Any], kit: Kit) -> Guard:
    """Options: `characters`, the longest text that is read."""
    most = given.read(options, characters=20_000)["characters"]
    told = "This looks like an attempt to change how the assistant works"
    return Injection(kit, "injection", (rules.ASKED,), most, told)
