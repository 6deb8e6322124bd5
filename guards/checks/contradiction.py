"""Guard `contradiction`: whether a sentence of an answer says something else than the passage that it stands on.

Where a sentence of the passages nearly says the same, another number, unit or name in the same place, and a denial, are
told with both wordings. Words alone: what leaves the passages altogether is the matter of `groundedness`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core import sentences
from core.domain import Span, Stage, Subject
from core.errors import GuardFailure
from guards import options as given
from guards.grounding.claims import claims_nothing
from guards.grounding.difference import Difference, differences
from guards.grounding.evidence import Evidence, gather, quoted
from guards.guard import Finding, Guard, Kit, shown

STAGES = frozenset({Stage.OUTPUT})
DOC = "numbers, units, names and denials that differ from the passage which nearly says the same"
TITLE = "contradiction of the documents"
ADVICE = "Read the passage that is quoted, or wait for the person who looks at it."
AGREES = "It contradicts no passage."
FIRES = 0.5


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Judges sentence by sentence; the worst one counts."""

    most: int  # characters that it reads

    def prepare(self, subject: Subject) -> None:
        """Cut the passages before the sentences of the answer come."""
        gather(subject.passages)

    def judge(self, subject: Subject) -> Finding:
        """How surely a sentence contradicts a passage."""
        if len(subject.text) > self.most:
            raise GuardFailure(f"a text of {len(subject.text):,} characters is more than it reads ({self.most:,})")
        evidence = gather(subject.passages)
        found = [(a, one) for a, b in sentences.spans(subject.text) for one in _differing(subject.text[a:b], evidence)]
        if not found:
            return Finding(0.0, AGREES)
        worst = max((one for _, one in found), key=lambda one: one.risk)
        spans = tuple(Span(a + one.start, a + one.end, "contradicts") for a, one in found if one.risk >= FIRES)
        return Finding(worst.risk, _why(worst), spans)


def build(options: Mapping[str, Any], kit: Kit) -> Guard:  # noqa: ARG001  every guard is built alike
    """Options: `characters`, the longest text that is read."""
    return Contradiction(given.read(options, characters=40_000)["characters"])


def _differing(sentence: str, evidence: Evidence) -> list[Difference]:
    return [] if claims_nothing(sentence) or quoted(sentence, evidence) else differences(sentence, evidence)


def _why(one: Difference) -> str:
    if one.denied:
        return f"The answer says “{shown(one.said)}”, the passage denies it: “{shown(one.held)}”."
    return f"The answer says “{shown(one.said, 40)}”, the passage says “{shown(one.held, 40)}”."
