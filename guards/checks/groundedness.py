"""Guard `groundedness`: whether each sentence of an answer is supported by the passages that were found.

Exact words of a passage are supported; a sentence that claims nothing has nothing to support; the rest is weighed by a
learnt head over the numbers of grounding/features.py, or, where the policy says so, by a language model. No passages
means no support, never a pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core import sentences
from core.domain import Span, Stage, Subject
from core.errors import GuardFailure, SettingsError
from guards import head
from guards import options as given
from guards.grounding import evidence as weigh
from guards.grounding.asking import risk_by
from guards.grounding.claims import bare, claims_nothing
from guards.grounding.features import features
from guards.grounding.reading import MOST_KEPT, Reader
from guards.guard import Finding, Guard, Kit, shown

__all__ = ["NO_CLAIM", "Groundedness", "build", "claims_nothing"]

STAGES = frozenset({Stage.OUTPUT})
DOC = "sentences of an answer that the passages don't support"
TITLE = "support by the documents"
ADVICE = "Ask for one fact at a time, or wait for the person who looks at it."
NO_CLAIM = "This makes no claim."
QUOTED_RISK = 0.01
WRONG_NUMBER_RISK = 0.75
FIRES = 0.5
MOST_ASKED = 8  # sentences of one text that a language model is asked about


@dataclass(frozen=True, slots=True)
class Groundedness:
    """Judges sentence by sentence; the worst one counts."""

    kit: Kit
    reader: Reader | None  # None: no embedding model is at hand, and words alone count
    most: int  # characters that it reads
    asks: bool  # whether a language model is asked
    doubtful: tuple[float, float]  # the risks by the head between which it is asked

    def prepare(self, subject: Subject) -> None:
        """Read the sentences of the passages, as many as are remembered, before those of the answer come."""
        evidence = weigh.gather(subject.passages)
        if self.reader is not None:
            self.reader.read(evidence.pieces[: MOST_KEPT // 2])

    def judge(self, subject: Subject) -> Finding:
        """The risk that a sentence of the text is not supported."""
        if len(subject.text) > self.most:
            raise GuardFailure(f"a text of {len(subject.text):,} characters is more than it reads ({self.most:,})")
        evidence = weigh.gather(subject.passages)
        judged = [(a, b, self._risk(subject.text[a:b], evidence)) for a, b in sentences.spans(subject.text)]
        claims = self._asked(subject, [(a, b, risk) for a, b, risk in judged if risk is not None])
        if not claims:
            return Finding(0.0, NO_CLAIM)
        worst = max(claims, key=lambda claim: claim[2])
        spans = tuple(Span(a, b, "not supported") for a, b, risk in claims if risk >= FIRES)
        if not subject.passages:
            return Finding(worst[2], "There is no passage that could support this.", spans)
        if worst[2] < FIRES:
            return Finding(worst[2], "The passages support this.")
        return Finding(worst[2], _why(subject.text[worst[0] : worst[1]], evidence), spans)

    def _risk(self, sentence: str, evidence: weigh.Evidence) -> float | None:
        """The risk of one sentence; None when it claims nothing."""
        plain = bare(sentence)
        if claims_nothing(plain):
            return None
        if weigh.quoted(plain, evidence):
            return QUOTED_RISK
        if not evidence.pieces:
            return 1.0
        found = features(plain, evidence, self.reader)
        risk = head.feature_heads("groundedness")["lexical" if self.reader is None else "full"].risk(found)
        # The head weighs the sentence as a whole and misses a single wrong number.
        return max(risk, WRONG_NUMBER_RISK) if found["numbers"] > 0 else risk

    def _asked(self, subject: Subject, claims: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
        """The claims, those that are in doubt with the risk that a language model tells."""
        low, high = self.doubtful
        doubted = [c for c in claims if low <= c[2] <= high and c[2] != QUOTED_RISK] if self.asks else []
        if not doubted or not subject.passages:
            return claims
        if self.kit.judge is None:
            raise GuardFailure("there is no language model that could be asked; set its option judge to false")
        if len(doubted) > MOST_ASKED:
            raise GuardFailure(f"a language model would be asked about {len(doubted)} sentences (at most {MOST_ASKED})")
        told = {c: risk_by(self.kit.judge, subject.text[c[0] : c[1]], subject.passages) for c in doubted}
        return [(c[0], c[1], told.get(c, c[2])) for c in claims]


def build(options: Mapping[str, Any], kit: Kit) -> Guard:
    """Options: `characters`, the longest text that is read; `judge`, whether a language model is asked about sentences
    whose risk lies from `judge_from` to `judge_to`.
    """
    read = given.read(options, characters=40_000, judge=False, judge_from=0.0, judge_to=1.0)
    if not 0 <= read["judge_from"] <= read["judge_to"] <= 1:
        raise SettingsError(["judge_from, judge_to: must be two numbers from 0 to 1, the smaller first"])
    reader = None if kit.embedder is None else Reader(kit.embedder)
    return Groundedness(kit, reader, read["characters"], read["judge"], (read["judge_from"], read["judge_to"]))


def _why(sentence: str, evidence: weigh.Evidence) -> str:
    """What in the sentence is not supported, in plain words."""
    missing = [
        f"the {kind} “{shown(sentence[a:b], 30)}”"
        for kind, places in weigh.pointed(sentence, evidence).items()
        for a, b in places
    ]
    if missing:
        return f"The passages don't hold {', '.join(missing[:3])}: “{shown(sentence)}”."
    return f"The passages don't support this sentence: “{shown(sentence)}”."
