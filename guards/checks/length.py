"""Guard `length`: a question must say something and must not be too long. What it says is the other guards' matter."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.domain import Span, Stage, Subject
from guards import options as given
from guards.guard import Finding, Guard, Kit

STAGES = frozenset({Stage.INPUT})
DOC = "a question that is empty, shows nothing, or is longer than 4,000 characters"
TITLE = "length of the question"
ADVICE = "Ask one thing at a time, in fewer words."

_SHOWS_NOTHING = ("C", "Z")  # control, format, surrogate and unassigned characters; separators


@dataclass(frozen=True, slots=True)
class Length:
    """Counts characters."""

    most: int

    def judge(self, subject: Subject) -> Finding:
        """1.0 for nothing to read or too much of it, else 0.0."""
        text = subject.text
        if len(text) > self.most:
            return Finding(
                1.0,
                f"The question has {len(text):,} characters; at most {self.most:,} are read. Please shorten it.",
                (Span(self.most, len(text), "too long"),),
            )
        if not text.strip():
            return Finding(1.0, "The question is empty. Please write what you want to know.")
        if all(unicodedata.category(character).startswith(_SHOWS_NOTHING) for character in text):
            return Finding(1.0, "The question holds only characters that can't be seen. Please write it in words.")
        return Finding(0.0, "The length is fine.")


def build(options: Mapping[str, Any], kit: Kit) -> Guard:  # noqa: ARG001  every guard is built alike
    """Options: `characters`, the most that a question may have."""
    return Length(given.read(options, characters=4000)["characters"])
