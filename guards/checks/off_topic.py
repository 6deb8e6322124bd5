"""Guard `off_topic`: questions about something else than the documents, or than the topics of an owner's choice.

Nearness decides: that of the nearest chunks, and that to the topics described (guards/topics.py). A question that is
near to either is on topic. A wrong refusal is dear: 0.5 stands where one in a hundred questions on topic is refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.domain import Span, Stage, Subject
from core.ports import Nearness
from core.words import content_stems
from guards import languages, topics
from guards import options as given
from guards.guard import Finding, Guard, Kit, shown
from guards.normalise import fold
from guards.topics import Curve, Likeness, Topic

STAGES = frozenset({Stage.INPUT})
DOC = "a question that is about neither what the documents are about nor the topics that `topics` describes"
TITLE = "question about something else"
ADVICE = "Ask about what the documents hold, or name the thing that you mean."

# Fitted by `python -m eval.off_topic`, which prints what they lead to: risk by the cosine of the nearest chunk and the
# mean of the five nearest; by the cosine to a topic's description, and to a description with examples.
BEST, MEAN, BIAS = -23.27, 0.08, 5.50
DESCRIBED, EXEMPLIFIED = Curve(-20.0, 0.09), Curve(-25.0, 0.15)
NEAREST = 5
LEAST_WORDS = 2  # that carry content: “and in May?” says too little to be held against anybody
_STEEPEST = 30.0
_NAMED = 3  # topics that a reason names


@dataclass(frozen=True, slots=True)
class OffTopic:
    """Compares a question with documents and with topics."""

    kit: Kit
    nearness: Nearness | None  # None: documents are not looked at
    topics: tuple[Topic, ...]
    likeness: Likeness | None  # to the topics, where there are any

    def judge(self, subject: Subject) -> Finding:
        """The risk that it is about something else: the lowest of what was compared; 0 where nothing can be."""
        text = fold(subject.text).text
        if len(content_stems(text)) < LEAST_WORDS:
            return Finding(0.0, "There is too little to tell what it is about, so it is not held against it.")
        if languages.writing(subject.text, ("en",)).risk >= 0.5:
            return Finding(0.0, "Only questions in English can be compared with the topics here.")
        topics.check_model(self.kit)
        risks = [*self._by_documents(text, subject), *self._by_topics(text)]
        if not risks:
            return Finding(0.0, "There are no documents and no topics to compare with.")
        if min(risks) < 0.5:
            return Finding(min(risks), "This is about what is answered here.")
        return Finding(min(risks), self._reason(subject.text), (Span(0, len(subject.text), "about something else"),))

    def _by_documents(self, text: str, subject: Subject) -> list[float]:
        if self.nearness is None:
            return []
        near = sorted(self.nearness(text, subject.asker, subject.collections), reverse=True)[:NEAREST]
        return [risk_of(near)] if near else []

    def _by_topics(self, text: str) -> list[float]:
        if self.likeness is None:
            return []
        row = self.likeness.cosines([text])[0]
        return [
            (EXEMPLIFIED if topic.examples else DESCRIBED).at(float(cosine))
            for topic, cosine in zip(self.topics, row, strict=True)
        ]

    def _reason(self, text: str) -> str:
        what = ["the documents"] if self.nearness is not None else []
        what += [f"“{shown(topic.description, 40)}”" for topic in self.topics[:_NAMED]]
        more = " or the other topics answered here" if len(self.topics) > _NAMED else ""
        return f"This does not seem to be about {' or '.join(what)}{more}: “{shown(text)}”."


def risk_of(cosines: Sequence[float]) -> float:
    """The risk that a question is off topic by the cosines of the nearest chunks, the nearest first; at least one."""
    near = cosines[:NEAREST]
    logit = BEST * near[0] + MEAN * sum(near) / len(near) + BIAS
    return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, logit))))


def build(options: Mapping[str, Any], kit: Kit) -> Guard:
    """Options: `topics` that are answered, and `documents` (false: the topics alone decide).

    Each topic is a description, or a table with a `description` and a list of `examples` (questions about it).
    """
    chosen = given.read({k: v for k, v in options.items() if k != "topics"}, topics=(), documents=True)
    wanted = topics.read(options.get("topics", ()), allowed=("examples",))
    likeness = Likeness(kit, wanted) if wanted else None
    return OffTopic(kit, kit.nearness if chosen["documents"] else None, wanted, likeness)
