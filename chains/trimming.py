"""Passages that fit: where they are too long together, their sentences far from the question are left out.

Only what a model is shown is trimmed; citations are resolved against the whole passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chains.tokens import Count
from core.domain import Passage
from core.sentences import spans
from core.words import content_stems

MARK = "[…]"
MARK_TOKENS = 4  # of a mark and the spaces around it, at most
GAP_TOKENS = 1  # of the white space between two sentences that both stay
NEIGHBOUR = 0.8  # of what a sentence is worth is worth what stands beside it


@dataclass(frozen=True, slots=True)
class Sentences:
    """A passage by its sentences: where they stand, what each is worth for the question, what it costs in tokens."""

    passage: Passage
    spans: tuple[tuple[int, int], ...]
    worth: tuple[float, ...]
    cost: tuple[int, ...]
    frame: int  # tokens of the lines around the passage

    def core(self, room: int) -> int | None:
        """Index of the sentence that is worth most among those that fit; None when none does."""
        fit = [i for i in range(len(self.cost)) if self.cost_of_core(i) <= room]
        return max(fit, key=lambda i: (self.worth[i], -i), default=None)

    def cost_of_core(self, core: int) -> int:
        """Tokens of the passage with this sentence alone, cut on both sides."""
        return self.frame + self.cost[core] + 2 * MARK_TOKENS

    def cost_of(self, i: int, kept: Sequence[int]) -> int:
        """Tokens that one more sentence adds: beside one that is kept it needs no further mark."""
        return self.cost[i] + (GAP_TOKENS if i - 1 in kept or i + 1 in kept else MARK_TOKENS)

    def only(self, kept: Sequence[int]) -> Passage:
        """The passage with these sentences, each cut marked."""
        if len(kept) == len(self.spans):
            return self.passage
        text, before = self.passage.chunk.text, -1
        shown = ""
        for i in sorted(kept):
            start, end = self.spans[i]
            if i == before + 1:
                shown += text[self.spans[before][1] if before >= 0 else start : end]
            else:
                shown += (f" {MARK} " if shown else f"{MARK} ") + text[start:end]
            before = i
        if before < len(self.spans) - 1:
            shown += f" {MARK}"
        return replace(self.passage, chunk=replace(self.passage.chunk, text=shown))


def fitted(
    passages: Sequence[Passage], question: str, room: int, count: Count, frame_tokens: int = 48
) -> tuple[Passage, ...]:
    """The passages within `room` tokens, their best sentences and those beside them kept, never half of one.

    `frame_tokens` is what the lines around a passage cost beside its title and headings. When even one sentence of each
    is too much, the weakest passages are left out; none is left when not one sentence fits.
    """
    if sum(len(p.chunk.text.encode()) + _framed(p, len) + frame_tokens for p in passages) <= room:
        return tuple(passages)  # a token has a byte at least
    whole = sum(count(p.chunk.text) + _framed(p, count) + frame_tokens for p in passages)
    if whole <= room:
        return tuple(passages)
    parts = [_sentences(p, question, count, frame_tokens) for p in passages]
    cores = {at: core for at, part in enumerate(parts) if (core := part.core(room)) is not None}
    while cores and _cost(parts, cores) > room:
        del cores[max(cores, key=lambda at: (-parts[at].passage.score, at))]
    kept = {at: [core] for at, core in cores.items()}
    left = room - _cost(parts, cores)
    others = [(at, i) for at in kept for i in range(len(parts[at].spans)) if i not in kept[at]]
    # of equal worth what is nearer to the best sentence goes first
    for at, i in sorted(others, key=lambda p: (-parts[p[0]].worth[p[1]], abs(p[1] - cores[p[0]]), p)):
        if (cost := parts[at].cost_of(i, kept[at])) <= left:
            kept[at].append(i)
            left -= cost
    return tuple(parts[at].only(chosen) for at, chosen in sorted(kept.items()))


def _framed(passage: Passage, count: Count) -> int:
    chunk = passage.chunk
    return count(" > ".join((chunk.title, *chunk.heading)))


def _cost(parts: Sequence[Sentences], cores: dict[int, int]) -> int:
    return sum(parts[at].cost_of_core(core) for at, core in cores.items())


def _sentences(passage: Passage, question: str, count: Count, frame_tokens: int) -> Sentences:
    text = passage.chunk.text
    places = spans(text)
    near = (
        list(passage.cosines)
        if len(passage.cosines) == len(places)
        else [_shared(question, text[a:b]) for a, b in places]
    )
    beside = [max(near[max(0, i - 1) : i] + near[i + 1 : i + 2], default=0.0) for i in range(len(near))]
    worth = [passage.score * max(own, NEIGHBOUR * other) for own, other in zip(near, beside, strict=True)]
    cost = [count(text[a:b]) for a, b in places]
    return Sentences(passage, tuple(places), tuple(worth), tuple(cost), _framed(passage, count) + frame_tokens)


def _shared(question: str, sentence: str) -> float:
    """Share of the question's words of content that a sentence holds."""
    asked = set(content_stems(question))
    return len(asked & set(content_stems(sentence))) / len(asked) if asked else 0.0
