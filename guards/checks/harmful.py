"""Guard `harmful`: requests that an assistant must refuse, and at output text that does harm or spreads hatred.

A learnt head for each stage (guards/harm.py) judges every window of every reading of the text; the riskiest counts.
A request that is longer than a window is also judged sentence by sentence: calm words around one would hide it.
It judges use, not mention, as far as a small head can tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from core.domain import Span, Stage, Subject
from core.errors import GuardFailure
from core.ports import Vectors
from guards import harm, normalise
from guards import options as given
from guards.guard import Finding, Guard, Kit, shown, storable
from guards.head import Numbers, fits
from guards.windows import as_written, stretches, windows

STAGES = frozenset({Stage.INPUT, Stage.OUTPUT})
DOC = "requests for help with violence, weapons, crime, abuse and the like; harmful or hateful text in an answer"
TITLE = "harmful request or text"
ADVICE = (
    "Rephrase it if it was meant harmlessly, or ask a person; if you or somebody else may be in danger, "
    "talk to someone you trust or call your local emergency services now."
)
FIRES = 0.5
MOST_VIEWS = 8
QUOTED = 0.6  # what is left of the risk of words that stand in a document just so: they are shown, not said
MOST_SENTENCES = 40  # of a reading
SHORTEST_QUOTE = 20  # characters; fewer stand in many a document by chance
_SENTENCE = re.compile(r"[^.!?\n]{1,400}[.!?]?")
_FEWEST_WORDS = 5  # of a sentence: fewer say too little

WORTH = 0.05  # risk by its words alone from which a sentence of a long request is looked at


@dataclass(frozen=True, slots=True)
class Stretch:
    """One window, or one sentence, of one reading."""

    view: normalise.View
    start: int  # first character, in the reading
    end: int  # one past the last
    sentence: bool = False  # of a long request, which is looked at as a whole too

    @property
    def text(self) -> str:
        """Its words."""
        return self.view.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Harmful:
    """Judges every window of every reading by the head of the subject's stage, or by a stronger classifier."""

    kit: Kit
    most: int  # characters that it reads
    model: str = ""  # name of a classifier in the list of trusted models that replaces the head; empty: none

    def judge(self, subject: Subject) -> Finding:
        """The risk of the riskiest window; GuardFailure when the text is too long or the classifier is missing."""
        if len(subject.text) > self.most:
            raise GuardFailure(f"a text of {len(subject.text):,} characters is more than it reads ({self.most:,})")
        readings = islice(normalise.views(subject.text), MOST_VIEWS)
        stretches = [stretch for view in readings for stretch in _stretches(view, subject.stage)]
        if not stretches:
            return Finding(0.0, _calm(subject.stage))
        texts = [stretch.text for stretch in stretches]
        stretches, texts = self._worth_a_look(stretches, texts, subject.stage)
        vectors = self._vectors([as_written(text, subject.text) for text in texts], subject.stage)
        risks = self._risks(texts, vectors, subject.stage)
        if subject.stage is Stage.OUTPUT:
            risks = risks * _weights(texts, subject.passages)
        worst = int(risks.argmax())
        risk = float(risks[worst])
        if risk < FIRES:
            return Finding(risk, _calm(subject.stage))
        kind = self._kind(texts[worst], None if vectors is None else vectors[worst])
        found = stretches[worst]
        span = Span(*found.view.span(found.start, found.end), kind or "harmful")
        return Finding(risk, _told(subject.stage, kind, found), (span,))

    def _worth_a_look(
        self, stretches: list[Stretch], texts: list[str], stage: Stage
    ) -> tuple[list[Stretch], list[str]]:
        """Without the sentences of a long request whose words alone say nothing: each vector takes its time."""
        if self.model or not any(stretch.sentence for stretch in stretches):
            return stretches, texts
        worded = harm.harm_head(stage).risks(texts, None)
        kept = [i for i, stretch in enumerate(stretches) if not stretch.sentence or worded[i] >= WORTH]
        return [stretches[i] for i in kept], [texts[i] for i in kept]

    def _vectors(self, texts: Sequence[str], stage: Stage) -> Vectors | None:
        """The embeddings of the windows; None where the embedder is not the one that the head was trained with."""
        known = not self.model and fits(harm.harm_head(stage).embedder, self.kit.embedder)
        return self.kit.embed(texts) if known else None

    def _risks(self, texts: Sequence[str], vectors: Vectors | None, stage: Stage) -> Numbers:
        if not self.model:
            return harm.harm_head(stage).risks(texts, vectors)
        if self.kit.classifier is None:
            raise GuardFailure(f"the model {self.model!r} that the policy names is not at hand")
        return np.array(self.kit.classifier(self.model).risks([storable(text) for text in texts]), np.float64)

    def _kind(self, text: str, vector: Any) -> str:
        """The kind of harm as a reason names it; empty when it can't be told."""
        if harm.of_oneself(text):
            return harm.SELF_HARM
        return "" if vector is None else harm.kinds().named(vector)


def _stretches(view: normalise.View, stage: Stage) -> Iterator[Stretch]:
    """The windows of a reading; of a long request the stretches, whose vectors are there already, and the sentences."""
    parts = list(windows(view.text))
    if stage is Stage.INPUT and len(parts) > 1:
        yield from (Stretch(view, a, b) for a, b in stretches(view.text))
        yield from islice(_sentences(view), MOST_SENTENCES)
    else:
        yield from (Stretch(view, a, b) for a, b in parts)


def _sentences(view: normalise.View) -> Iterator[Stretch]:
    """The sentences of a reading that have enough words; one without an end is cut at 400 characters."""
    for match in _SENTENCE.finditer(view.text):
        blanks = len(match.group()) - len(match.group().lstrip())
        if len(match.group().split()) >= _FEWEST_WORDS:
            yield Stretch(view, match.start() + blanks, match.end(), sentence=True)


def _weights(texts: Sequence[str], passages: Sequence[str]) -> Numbers:
    """1 for each text, less for one that a passage holds word for word: there it is mentioned, with its source."""
    held = [_plain(normalise.fold(passage).text) for passage in passages]
    return np.array([QUOTED if _quoted(_plain(text), held) else 1.0 for text in texts])


def _quoted(text: str, held: Sequence[str]) -> bool:
    return len(text) >= SHORTEST_QUOTE and any(text in passage for passage in held)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _calm(stage: Stage) -> str:
    return "No harmful request found." if stage is Stage.INPUT else "No harmful or hateful text found."


def _told(stage: Stage, kind: str, found: Stretch) -> str:
    """The reason: kind to somebody who may be in need, plain to all others."""
    words = shown(found.text) + ("”, hidden as " + found.view.how if found.view.how else "”")
    if stage is Stage.OUTPUT:
        return f"This reads as harmful or hateful text{f' ({kind})' if kind else ''}: “{words}."
    if kind == harm.SELF_HARM:
        return (
            f"This speaks of hurting oneself: “{words}. If it is about you, you are not alone, and there are people "
            "who want to help: talk to someone you trust, or call your local emergency services or a crisis line."
        )
    return f"This looks like a request that could do harm{f' ({kind})' if kind else ''}: “{words}."


def build(options: Mapping[str, Any], kit: Kit) -> Guard:
    """Options: `characters`, the longest text that is read; `model`, a classifier that replaces the head's score."""
    chosen = given.read(options, characters=20_000, model="")
    return Harmful(kit, chosen["characters"], chosen["model"])
