"""Guard `length`: a question must say something, be one that a person wrote, and not be too long. It is the gate.

It looks at the shape of a text alone, so that nothing after it meets what only costs time. What the text says is the
other guards' matter.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.domain import Span, Stage, Subject
from guards import options as given
from guards.guard import Finding, Guard, Kit

STAGES = frozenset({Stage.INPUT})
DOC = (
    "a question that is empty, shows nothing, holds broken characters, is longer than 4,000 characters or tokens, or "
    "is no writing: one word of 2,000 characters, one character over and over, brackets 100 deep"
)
TITLE = "length of the question"
ADVICE = "Ask one thing at a time, in fewer words."

LONGEST_WORD = 2_000  # characters; the longest address that browsers and servers agree on
DEEPEST = 100  # brackets within brackets
REPEATED = 40  # characters, from which one character over and over is no word, dots or emphasis
_OPEN = "([{"
_NESTING = re.compile(r"[(\[{)\]}]")
_BREAK = re.compile(r"[\s,;|、。，！？；：…]")  # where a word ends, also in scripts that write without blanks
_SHOWS_NOTHING = ("C", "Z")  # control, format, surrogate and unassigned characters; separators
_MOST_PARTS = 4  # canonical decomposition makes of one character at most this many, and a token has at least one


@dataclass(frozen=True, slots=True)
class Length:
    """Measures a question, cheapest measure first."""

    characters: int  # the most
    tokens: int  # the most
    kit: Kit

    def judge(self, subject: Subject) -> Finding:
        """1.0 for nothing to read, too much of it, or what nobody reads; else 0.0."""
        text = subject.text
        if len(text) > self.characters:
            return Finding(
                1.0,
                f"The question has {len(text):,} characters; at most {self.characters:,} are read. Please shorten it.",
                (Span(self.characters, len(text), "too long"),),
            )
        wrong = _nothing(text) or _broken(text) or _no_writing(text) or self._tokens(text)
        return wrong or Finding(0.0, "The length is fine.")

    def _tokens(self, text: str) -> Finding | None:
        if len(text) * (1 if text.isascii() else _MOST_PARTS) <= self.tokens:
            return None  # it can't have more of them
        embedder = self.kit.embedder
        tokens = estimated_tokens(text) if embedder is None else embedder.count_tokens([text])[0]
        if tokens <= self.tokens:
            return None
        about = "about " if embedder is None else ""
        return Finding(
            1.0, f"The question has {about}{tokens:,} tokens; at most {self.tokens:,} are read. Please shorten it."
        )


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has where no tokenizer is at hand: 4 ASCII characters make one, any other one each.

    For English that is close to what tokenizers of language models count; for other scripts it is the upper end.
    """
    others = len(text) - len(text.encode("ascii", "ignore"))
    return others + -(-(len(text) - others) // 4)


def _nothing(text: str) -> Finding | None:
    if not text.strip():
        return Finding(1.0, "The question is empty. Please write what you want to know.")
    if all(unicodedata.category(character).startswith(_SHOWS_NOTHING) for character in text):
        return Finding(1.0, "The question holds only characters that can't be seen. Please write it in words.")
    return None


def _broken(text: str) -> Finding | None:
    """A lone surrogate is half a character: no model reads it, no database stores it, and it can part a word unseen."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        place = error.start
        return Finding(
            1.0,
            f"The question holds half of a broken character at place {place + 1:,}. Please write that place anew.",
            (Span(place, place + 1, "broken character"),),
        )
    return None


def _no_writing(text: str) -> Finding | None:
    """What no person wrote to be read."""
    shown = "".join(text.split())
    if len(shown) >= REPEATED and shown.count(shown[0]) == len(shown):
        return Finding(
            1.0,
            f"The question is one character over and over, “{shown[0]}”. Please write what you want to know.",
            (Span(0, len(text), "repeated character"),),
        )
    longest = max(map(len, _BREAK.split(text)))
    if longest >= LONGEST_WORD:
        return Finding(
            1.0, f"The question holds one word of {longest:,} characters, which nobody reads. Please leave it out."
        )
    return _nested(text)


def _nested(text: str) -> Finding | None:
    if sum(map(text.count, _OPEN)) <= DEEPEST:
        return None
    depth = 0
    for match in _NESTING.finditer(text):
        depth = depth + 1 if match.group() in _OPEN else max(0, depth - 1)
        if depth > DEEPEST:
            return Finding(
                1.0,
                f"The question has brackets within brackets, more than {DEEPEST} deep. Please write it in sentences.",
                (Span(match.start(), len(text), "deep brackets"),),
            )
    return None


def build(options: Mapping[str, Any], kit: Kit) -> Guard:
    """Options: `characters` and `tokens`, the most that a question may have.

    Tokens are those of the embedding model; without one they are estimated (`estimated_tokens`).
    """
    return Length(**given.read(options, characters=4000, tokens=4000), kit=kit)
