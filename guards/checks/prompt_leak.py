"""Guard `prompt_leak`: an answer that gives away the instructions that the model was given.

The mark of this turn's prompt is certain. Else it goes by words in a row that stand in the instructions, by sentences
that mean the same (`instructions.py`, and the embedding model when there is one), and by sentences that announce them.
"""
# ruff: noqa: E501  a pattern is read in one piece

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

from core import sentences
from core.domain import Span, Stage, Subject
from core.ports import Vectors
from core.words import content_stems
from guards import canary, normalise
from guards import options as given
from guards.guard import Finding, Guard, Kit, shown
from guards.instructions import LEAST_WORDS, Instructions, known_words, placed_words, words

STAGES = frozenset({Stage.OUTPUT})
DOC = "the instructions that the model was given: their mark, their words, sentences that say the same"
TITLE = "hidden instructions"
ADVICE = "Ask about the documents; how the assistant is instructed is not part of them."

LABEL = "hidden instructions"
NEAR, NEAR_WITH_CUE = 0.70, 0.60  # cosine similarity from which a sentence says the same as one of the instructions
MOST_SENTENCES = 40  # of one text that are compared by meaning
KNOWN_SHARE = 0.6  # of a sentence's content words in the passages from which it is theirs
# a sentence about what the speaker was told
_CUE = re.compile(
    r"(?i)\b(?:I(?:'m| am| was|'ve been| have been)? (?:was |am |been )?(?:told|instructed|asked|supposed|programmed|configured|required|not allowed|not permitted)|"
    r"I (?:must|have to|should|may only|can only|need to|shall)\b|my (?:rules|instructions?|guidelines|system prompt|prompt|directives?|constraints?)|(?:these|the) (?:system )?(?:instructions|prompt) (?:say|are|is|read|tell)|system (?:prompt|message))"
)
# what announces the instructions themselves, in several languages
_ANNOUNCED = re.compile(
    r"(?i)(?:\b(?:my|the|these are my|here (?:is|are) (?:my|the)) (?:hidden |full |exact |original |initial |system )*(?:system prompt|instructions|prompt|system message|directives)\s?(?:is|are|says?|reads?|was|were)?\s?(?::|that I|to (?:answer|use|never|only)|as follows)|"
    r"\b(?:meine (?:system-?)?(?:anweisungen|instruktionen|vorgaben)|mein system-?prompt) (?:lauten|lautet|sind|ist|sagen|sagt)|"
    r"\bmes instructions (?:sont|disent)|\bmis instrucciones (?:son|dicen)|\ble mie istruzioni (?:sono|dicono)|\bminhas instruções (?:são|dizem)|\bmijn instructies (?:zijn|luiden|zeggen))"
)
_DUTY = re.compile(
    r"(?i)\b(?:ich (?:soll|muss|darf|habe)|je (?:dois|ne dois|suis censé)|(?:no )?debo|tengo que|devo|non devo|ik (?:moet|mag))\b[^.!?\n]{0,160}"
    r"\b(?:passagen|abschnitte[n]?|anweisungen|klammern|textstellen|passages|instructions|crochets|pasajes|fragmentos|instrucciones|corchetes|passaggi|brani|istruzioni|trechos|passagens|instruções|colchetes|haken|instructies)\b"
)
_REFUSED = re.compile(
    r"(?i)\b(?:can(?:'|’|no)?t|cannot|can not|won(?:'|’)t|will not|unable to|not able to|not allowed to|may not|kann|darf|puedo|peux)\b[^.!?\n]{0,40}\b(?:share|reveal|disclose|show|discuss|tell you|give you|repeat|print|output|verraten|mitteilen|revelar|compartir|partager|révéler)\b"
)
_ABSTAINED = re.compile(
    r"(?i)\b(?:documents?|passages?)\b[^.!?\n]{0,30}\b(?:do|does|did)(?: not|n['’]t)\b|\bnot (?:in|answered by) the (?:documents|passages)\b"
)
_NOTHING = Finding(0.0, "Nothing of the hidden instructions found.")


@dataclass(slots=True)
class _Meaning:
    """The vectors of the instructions, made when they are first needed."""

    kit: Kit
    units: tuple[str, ...]
    lock: Lock = field(default_factory=Lock)
    vectors: Vectors | None = None

    def nearest(self, texts: list[str]) -> list[tuple[float, str]]:
        """For each text how near it is to the nearest of the instructions, and which one that is."""
        with self.lock:
            if self.vectors is None:
                self.vectors = self.kit.embed(self.units)
        near = self.kit.embed(texts) @ self.vectors.T
        return [(float(row.max()), self.units[int(row.argmax())]) for row in near]


@dataclass(frozen=True, slots=True)
class PromptLeak:
    """Compares an answer with the instructions; without any it looks for the mark and announcements alone."""

    instructions: Instructions
    meaning: _Meaning | None  # None: no embedding model, or nothing to compare with

    def judge(self, subject: Subject) -> Finding:
        """The risk of the surest leak."""
        views = tuple(normalise.views(subject.text))
        at = canary.find(views, subject.canary)
        if at is not None:
            return Finding(1.0, "This holds the secret mark of the assistant's instructions.", (Span(*at, LABEL),))
        known = known_words(subject.passages, subject.question)
        found = [*self._verbatim(views, known), *self._announced(subject.text, known)]
        if max((risk for risk, _, _ in found), default=0) < 0.5:
            found += self._alike(subject, known)
        if not found:
            return _NOTHING
        risk, quote, _ = max(found, key=lambda each: each[0])
        return Finding(
            risk,
            f"This seems to repeat the assistant's own instructions: “{shown(quote)}”.",
            tuple(sorted((span for _, _, span in found), key=lambda span: span.start)),
        )

    def _verbatim(self, views: Iterable[normalise.View], known: str) -> Iterator[tuple[float, str, Span]]:
        """Words in a row that stand in the instructions, in any reading of the text."""
        for view in views:
            placed = placed_words(view.text)
            plain = [word for word, _, _ in placed]
            for run in self.instructions.runs(plain, known):
                whole = self.instructions.holds_unit(plain[run.first : run.first + run.words])
                start, end = placed[run.first][1], placed[run.first + run.words - 1][2]
                risk = _risk(run.words, whole=whole)
                if risk >= 0.3:
                    yield risk, view.text[start:end], Span(*view.span(start, end), LABEL)

    def _announced(self, text: str, known: str) -> Iterator[tuple[float, str, Span]]:
        """Sentences that say what the speaker's instructions are."""
        for start, end in sentences.spans(text):
            sentence = text[start:end]
            told = _ANNOUNCED.search(sentence) or _DUTY.search(sentence)
            if (
                told
                and not _REFUSED.search(sentence)
                and len(words(sentence)) >= LEAST_WORDS
                and not _theirs(sentence, known)
            ):
                yield 0.6, sentence, Span(start, end, LABEL)

    def _alike(self, subject: Subject, known: str) -> Iterator[tuple[float, str, Span]]:
        """Sentences that mean the same as one of the instructions."""
        if self.meaning is None:
            return
        chosen = [
            (a, b)
            for a, b in sentences.spans(subject.text)
            if self._may_tell(subject.text[a:b]) and not _theirs(subject.text[a:b], known)
        ][:MOST_SENTENCES]
        if not chosen:
            return
        near = self.meaning.nearest([subject.text[a:b] for a, b in chosen])
        for (start, end), (cosine, _) in zip(chosen, near, strict=True):
            sentence = subject.text[start:end]
            least = NEAR_WITH_CUE if _CUE.search(sentence) else NEAR
            if cosine >= least:
                yield min(0.9, 0.5 + cosine - least), sentence, Span(start, end, LABEL)

    def _may_tell(self, sentence: str) -> bool:
        """Whether a sentence is long enough and says something else than that nothing was found or will be told."""
        plain = words(sentence)
        if not LEAST_WORDS <= len(plain) <= 120 or _REFUSED.search(sentence):
            return False
        if " ".join(plain) in {" ".join(words(said)) for said in self.instructions.said}:
            return False
        if _ABSTAINED.search(sentence) is None:
            return True
        return _CUE.search(sentence) is not None and not {"when", "if", "whenever"}.isdisjoint(plain)


def build(options: Mapping[str, Any], kit: Kit) -> Guard:
    """No options; compares with the kit's hidden texts, by meaning too when it has an embedding model."""
    given.read(options)
    instructions = Instructions.of(kit.hidden)
    compares = kit.embedder is not None and bool(instructions.units)
    return PromptLeak(instructions, _Meaning(kit, instructions.units) if compares else None)


def _risk(run: int, *, whole: bool) -> float:
    """How sure a run of this many words is a leak; six are enough when they are a whole sentence of the instructions."""
    if run >= 12:
        return 0.95
    if whole and run >= 6:
        return min(0.9, 0.3 + 0.05 * run)
    return max(0.0, min(0.9, 0.5 + 0.1 * (run - 8)))


def _theirs(sentence: str, known: str) -> bool:
    """Whether a sentence says what the passages or the question say."""
    told = set(content_stems(sentence))
    return bool(told) and len(told & _stems(known)) >= KNOWN_SHARE * len(told)


@lru_cache(maxsize=16)
def _stems(known: str) -> frozenset[str]:
    """The content stems of the words that are no secret."""
    return frozenset(content_stems(known))
