"""Guard `document_injection`: instructions to the assistant that somebody planted in a document.

Each sentence is judged by its words, its meaning and its form, and against the passage that it stands in: a request is
ordinary in a recipe or a mail and odd in a table of results. Known wordings of planted.py count whatever the head says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from core.domain import Span, Stage, Subject
from core.errors import GuardFailure
from core.ports import Vectors
from guards import head, normalise, planted, rules
from guards import options as given
from guards import sentence_features as seen
from guards.guard import Finding, Guard, Kit, shown
from guards.segment_head import segment_heads
from guards.segments import is_prose, segments
from guards.windows import windows

STAGES = frozenset({Stage.CONTEXT})
DOC = "instructions to the assistant planted in a passage; the passage is dropped"
TITLE = "instructions planted in a document"
ADVICE = "Tell the people who keep the documents; nothing needs to be done here."
TOLD = "This passage holds what looks like instructions planted for the assistant"
HEAD = "document_injection"
FIRES = 0.5
DOUBT = 5.0  # how many times less likely an attack is in a reading that undoes a disguise, as odds
SURE = 0.95  # the risk of a wording that people don't use to each other
MOST_SPANS = 5
MOST_VIEWS = 8  # readings of one passage
REMEMBERED = 1024  # passages whose finding is kept: the same ones are retrieved again and again


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What one way of looking at a passage found."""

    risk: float = 0.0
    spans: tuple[Span, ...] = ()
    words: str = ""  # the riskiest, as a reason quotes them
    how: str = ""  # the disguise, when there was one


class DocumentInjection:
    """Judges a passage by known wordings and a learnt head, or by a named classifier."""

    def __init__(self, kit: Kit, most: int, model: str) -> None:
        """`most`: characters of the longest passage that is read; `model`: a classifier's name, or empty."""
        self._kit = kit
        self._most = most
        self._model = model
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._finding)  # judging is pure

    def judge(self, subject: Subject) -> Finding:
        """The risk of the riskiest sentence; GuardFailure when the passage is too long or the model is missing."""
        if len(subject.text) > self._most:
            told = f"a passage of {len(subject.text):,} characters is more than it reads ({self._most:,})"
            raise GuardFailure(told)
        return self._remembered(subject.text)

    def _finding(self, text: str) -> Finding:
        found = [self._worded(text)]
        if self._model:
            found.append(self._classified(text))
        else:
            vectors: dict[str, Vectors] = {}
            found.extend(self._learnt(view, vectors) for view in islice(normalise.views(text), MOST_VIEWS))
        worst = max(found, key=lambda suspicion: suspicion.risk)
        if worst.risk < FIRES:
            return Finding(worst.risk, "No instructions planted for the assistant found.")
        hidden = f" (hidden as {worst.how})" if worst.how else ""
        told = f"{TOLD}: “{shown(worst.words)}”{hidden}."
        return Finding(worst.risk, told, worst.spans)

    def _worded(self, text: str) -> Suspicion:
        found = list(islice(planted.shown(text), MOST_SPANS))
        if not found:
            return Suspicion()
        spans = tuple(Span(one.start, one.end, one.what) for one in found)
        return Suspicion(SURE, spans, found[0].words, found[0].how)

    def _learnt(self, view: normalise.View, known: dict[str, Vectors]) -> Suspicion:
        parts = segments(view.text)
        if not parts:
            return Suspicion()
        texts = [view.text[a:b] for a, b in parts]
        plain = set(known)
        risks = segment_risks(texts, wordings(view.text, parts), self._vectors(texts, known))
        if view.how:  # much of what is no disguise can be read as one: only what is new counts, and has to be surer
            new = np.array([text not in plain for text in texts])
            risks = np.where(new, risks / (risks + (1 - risks) * DOUBT), 0.0)
        order = [i for i in np.argsort(-risks, kind="stable")[:MOST_SPANS] if risks[i] >= FIRES]
        spans = tuple(Span(*view.span(*parts[i]), "instruction to the assistant") for i in sorted(order))
        worst = int(risks.argmax())
        return Suspicion(float(risks[worst]), spans, texts[worst], view.how)

    def _vectors(self, texts: list[str], known: dict[str, Vectors]) -> Vectors | None:
        """The vectors of the segments, those of an earlier reading taken from it; None without a fitting embedder."""
        if not head.fits(head.text_head(HEAD).embedder, self._kit.embedder):
            return None
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, self._kit.embed(new), strict=True) if new else ())
        return np.stack([known[text] for text in texts])

    def _classified(self, text: str) -> Suspicion:
        if self._kit.classifier is None:
            raise GuardFailure(
                f"The model {self._model!r} is not at hand: install it, or take `model` out of the policy."
            )
        parts = list(windows(text))
        if not parts:
            return Suspicion()
        risks = self._kit.classifier(self._model).risks([text[a:b] for a, b in parts])
        worst = int(np.argmax(risks))
        start, end = parts[worst]
        return Suspicion(risks[worst], (Span(start, end, "instruction to the assistant"),), text[start:end])


def segment_risks(texts: list[str], worded: list[float], vectors: Vectors | None) -> head.Numbers:
    """The risk of each segment of one passage, 0 to 1; without vectors by words and form alone."""
    learnt = head.text_head(HEAD)
    said = np.array([learnt.words_logit(seen.BEGIN + text) for text in texts])
    meant = None if vectors is None else np.asarray(vectors, np.float64) @ learnt.vector + learnt.vector_bias
    judge = segment_heads(HEAD)["words" if vectors is None else "full"]
    risks = judge.risks(seen.features(texts, worded, said, meant, vectors))
    return np.where([is_prose(text) for text in texts], risks, 0.0)


def wordings(text: str, parts: list[tuple[int, int]]) -> list[float]:
    """For each segment the weight of the known wordings that touch it, joined as independent hints."""
    safe = np.ones(len(parts))
    starts, ends = np.array([a for a, _ in parts]), np.array([b for _, b in parts])
    for hint in rules.hints(text, rules.ASKED, rules.PLANTED):
        safe[(starts < hint.end) & (ends > hint.start)] *= 1 - hint.weight
    return [float(risk) for risk in 1 - safe]


def build(options: Mapping[str, Any], kit: Kit) -> Guard:
    """Options: `characters`, the longest passage that is read; `model`, a classifier to judge in the head's place."""
    chosen = given.read(options, characters=20_000, model="")
    return DocumentInjection(kit, chosen["characters"], chosen["model"])
