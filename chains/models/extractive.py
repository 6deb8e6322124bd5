"""The answerer without a language model: it quotes the sentences of the passages that answer best, with citations.

The score of a sentence follows what was measured on SQuAD: half meaning (cosine to the question), half words (the
question's words it holds, weighted by how rare they are), helped by the sentence before it, by its passage's rank,
and by whether it holds the kind of thing that was asked for (a time, a number, a name).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from langchain_core.language_models import BaseChatModel
from pydantic import ConfigDict, SkipValidation

from chains.models._evidence import Evidence, EvidencePassage
from chains.models._pieces import PieceModel
from core.ports import Embedder
from core.sentences import spans
from core.settings import Settings
from core.words import content_stems

DOC = "no language model: quotes the best-supported sentences of the documents (the default)"

MOST_SENTENCES = 3
KEEP_SHARE = 0.72  # a further sentence needs this share of the best one's score
SAME_STEMS = 0.7  # two sentences that share this much say the same
MOST_LISTED = 8  # lines of a list or block that follow a sentence ending in a colon
_MARKER = re.compile(r"(?:[-*+•]|\d{1,3}[.)])[ \t]+|>[ \t]+|#{1,6}[ \t]+")
_NOT_PROSE = re.compile(r"#{1,6}\s|```|~~~|\||!\[|<|---|===|\+\+\+|:::")
_WHEN = re.compile(r"\b(when|what (year|date|day|time)|how long|since)\b", re.IGNORECASE)
_HOW_MANY = re.compile(
    r"\b(how (many|much|old|far|large|big|tall|high|long|often)|what (percent|number|share))", re.IGNORECASE
)
_WHO_WHERE = re.compile(r"\b(who|whom|whose|where|which (country|city|person|company))\b", re.IGNORECASE)
_HOW_TO = re.compile(r"\bhow (do|can|to|does|is|are)\b", re.IGNORECASE)
_YEAR = re.compile(
    r"\b(1\d{3}|20\d\d|\d{1,2}(st|nd|rd|th)|january|february|march|april|may|june|july|august|september|october|november|december|century|years?|days?|hours?|minutes?|seconds?)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|billion|half|third)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[a-z,;(] )[A-Z]\w+")
_COMMAND = re.compile(r"`[^`]+`")
_CODE = re.compile(r"(?P<fence>```|~~~)[^\n]*\n(?P<code>.+?)\n?(?P=fence)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage that may answer."""

    passage: EvidencePassage
    order: int  # its place among the passage's sentences
    start: int
    end: int

    @property
    def text(self) -> str:
        """Exactly the words of the passage."""
        return self.passage.text[self.start : self.end]


class ExtractiveModel(PieceModel):
    """Quotes its evidence; the same question over the same passages always gives the same answer."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    embedder: SkipValidation[Embedder]

    @property
    def _llm_type(self) -> str:
        return "extractive"

    def pieces(self, evidence: Evidence) -> Iterator[str]:
        """Each quoted sentence with its citation."""
        return compose(evidence, self.embedder)


def build(settings: Settings, name: str, embedder: Embedder) -> BaseChatModel:
    """The extractive model over this embedder."""
    return ExtractiveModel(embedder=embedder)


def compose(evidence: Evidence, embedder: Embedder) -> Iterator[str]:
    """The answer piece by piece: each quoted sentence, its citation behind it."""
    candidates = [c for passage in evidence.passages for c in _candidates(passage)]
    if not candidates:
        return
    chosen = _choose(candidates, _scores(evidence, candidates, embedder))
    before: Candidate | None = None
    for candidate in chosen:
        for text, is_block in _with_list(candidate):
            apart = before is not None and (is_block or before.passage is not candidate.passage)
            lead = "" if before is None else "\n\n" if apart else " "
            yield f"{lead}{text} [{candidate.passage.number}]"
            before = candidate


def _candidates(passage: EvidencePassage) -> list[Candidate]:
    found = []
    for order, (start, end) in enumerate(spans(passage.text)):
        text = passage.text[start:end]
        if _NOT_PROSE.match(text):
            continue
        marker = _MARKER.match(text)
        begin = start + (marker.end() if marker else 0)
        if len(content_stems(passage.text[begin:end])) >= 2:
            found.append(Candidate(passage, order, begin, end))
    return found


def _scores(evidence: Evidence, candidates: Sequence[Candidate], embedder: Embedder) -> list[float]:
    texts = [candidate.text for candidate in candidates]
    vectors = embedder.embed([evidence.question, *texts])
    cosine = (vectors[1:] @ vectors[0]).tolist()
    words = _word_shares(evidence, candidates)
    best = max((p.score for p in evidence.passages), default=1.0) or 1.0
    scores = []
    for i, candidate in enumerate(candidates):
        follows = i > 0 and candidates[i - 1].passage is candidate.passage
        before = cosine[i - 1] if follows else cosine[i]
        kind = _kind_fits(evidence.question, candidate.text)
        scores.append(
            0.3 * cosine[i] + 0.3 * words[i] + 0.15 * before + 0.2 * candidate.passage.score / best + 0.12 * kind
        )
    return scores


def _word_shares(evidence: Evidence, candidates: Sequence[Candidate]) -> list[float]:
    """Share of the question's words that a sentence holds (its headings: half), rare words weighing more."""
    asked = set(content_stems(evidence.question))
    held = [set(content_stems(c.text)) for c in candidates]
    above = [set(content_stems(" ".join(c.passage.heading))) for c in candidates]
    weight = {stem: np.log(1 + len(held) / (0.5 + sum(stem in h for h in held))) for stem in asked}
    total = sum(weight.values()) or 1.0
    return [
        float(sum(w * (1.0 if s in h else 0.5 if s in a else 0.0) for s, w in weight.items()) / total)
        for h, a in zip(held, above, strict=True)
    ]


def _kind_fits(question: str, sentence: str) -> float:
    for asked, wanted in ((_WHEN, _YEAR), (_HOW_MANY, _NUMBER), (_HOW_TO, _COMMAND), (_WHO_WHERE, _NAME)):
        if asked.search(question):
            return 1.0 if wanted.search(sentence) else 0.0
    return 0.0


def _choose(candidates: Sequence[Candidate], scores: Sequence[float]) -> list[Candidate]:
    """The best sentence and the few that come close without repeating it, in reading order."""
    order = sorted(range(len(candidates)), key=lambda i: (-scores[i], i))
    chosen: list[int] = []
    for i in order:
        if len(chosen) == MOST_SENTENCES or scores[i] < KEEP_SHARE * scores[order[0]]:
            break
        if all(_overlap(candidates[i].text, candidates[j].text) < SAME_STEMS for j in chosen):
            chosen.append(i)
    lead = candidates[order[0]].passage.number  # the passage of the best sentence is read first
    chosen.sort(key=lambda i: (candidates[i].passage.number != lead, candidates[i].passage.number, candidates[i].order))
    return [candidates[i] for i in chosen]


def _overlap(one: str, other: str) -> float:
    a, b = set(content_stems(one)), set(content_stems(other))
    return len(a & b) / (min(len(a), len(b)) or 1)


def _with_list(candidate: Candidate) -> Iterator[tuple[str, bool]]:
    """The sentence, and the list or block of code that it announces with a colon; True marks a block of its own."""
    yield " ".join(candidate.text.split()), False  # documents wrap their lines; the citation keeps the exact words
    if not candidate.text.rstrip("*_ ").endswith(":"):
        return
    text = candidate.passage.text
    following = [span for span in spans(text) if span[0] >= candidate.end]
    for listed, (start, end) in enumerate(following):
        line = text[start:end]
        if code := _CODE.fullmatch(line):
            yield code["code"], True
            return
        if not _MARKER.match(line) or line.startswith("#") or listed == MOST_LISTED:
            return
        yield line, True
