"""Earlier turns within a budget of tokens: the newest word for word, those before them as notes.

Notes are written by the language model where there is one, each time from the notes before and the turns since; without
one they are the questions and the first sentence of each answer. What the guards refused never gets here (earlier.py).
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from threading import Lock

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig

from chains.prompt import Prompt, fenced, load_prompt, new_boundary
from chains.tokens import Count
from chains.writing import has_language, short_text
from core.domain import Tokens
from core.sentences import split
from core.words import content_stems, words

MOST_TURNS = 12  # that are looked back to; what a program sends is judged first, which takes time
SECONDS = 8.0  # for writing notes; the asker waits
VERBATIM_SHARE = 0.5  # of the budget for turns word for word, once they don't fit all; the rest is for notes and growth
PAIR_TOKENS = 8  # marks around a question and its answer
LEAST_KNOWN = 0.9  # of the words of content of the notes that stand in what they are notes of
TOKENS_A_WORD = 1.6  # asked of a model in words, which it counts better than tokens
# words by which notes tell who said what
_TELLING = frozenset(
    content_stems(
        "asker user assistant ask asked answer answered question want know say said tell told learn also then"
    )
)
MOST_KEPT = 64  # notes of conversations that are remembered by this process

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Recollection:
    """What of the earlier turns a prompt holds."""

    turns: tuple[Pair, ...] = ()  # (question, answer) word for word, oldest first
    notes: str = ""  # of the turns before those; empty when all are there
    tokens: Tokens = field(default_factory=Tokens)  # what a model read and wrote for the notes


class Memory:
    """Recalls conversations; safe to share between threads."""

    def __init__(self, model: BaseChatModel, count: Count) -> None:
        """Notes are written by this model, tokens are counted so."""
        self._model = model
        self._count = count
        self._notes: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def recall(self, earlier: Sequence[Pair], room: int, config: RunnableConfig) -> Recollection:
        """The earlier turns within `room` tokens."""
        turns = tuple(earlier)[-MOST_TURNS:]
        if not turns or room <= 0:
            return Recollection()
        if self._cost(turns) <= room:
            return Recollection(turns)
        for number in range(1, len(turns)):  # the fewest turns of which there are notes already
            notes = self._known(turns[:number])
            if notes and self._cost(turns[number:]) + self._count(notes) <= room:
                return Recollection(turns[number:], notes)
        kept = self._newest(turns, int(room * VERBATIM_SHARE))
        return self._noted(turns[: len(turns) - len(kept)], kept, room - self._cost(kept), config)

    def _noted(
        self, older: tuple[Pair, ...], kept: tuple[Pair, ...], room: int, config: RunnableConfig
    ) -> Recollection:
        """The turns kept, with notes of the older ones."""
        notes, tokens = "", Tokens()
        if older and has_language(self._model):
            notes, tokens = self._written(older, room, config)
        return Recollection(kept, notes or digest(older, room, self._count), tokens)

    def _newest(self, turns: tuple[Pair, ...], room: int) -> tuple[Pair, ...]:
        """The newest turns that fit; of the very newest at least the beginning, in whole sentences."""
        kept: list[Pair] = []
        for turn in reversed(turns):
            if self._cost((turn, *kept)) > room:
                break
            kept.insert(0, turn)
        return tuple(kept) or self._begun(turns[-1], room)

    def _begun(self, turn: Pair, room: int) -> tuple[Pair, ...]:
        asked, answered = turn
        said: list[str] = []
        for sentence in split(answered):
            if self._cost(((asked, " ".join((*said, sentence))),)) > room:
                break
            said.append(sentence)
        return ((asked, " ".join(said)),) if said else ()

    def _written(self, older: tuple[Pair, ...], room: int, config: RunnableConfig) -> tuple[str, Tokens]:
        """Notes by the model; empty when they can't be used."""
        at = next((n for n in range(len(older) - 1, 0, -1) if self._known(older[:n])), 0)
        before = self._known(older[:at]) if at else ""
        said = [
            *([f"Notes so far: {before}"] if before else []),
            *(f"Asked: {q}\nAnswered: {a}" for q, a in older[at:]),
        ]
        boundary = new_boundary(*said)
        messages = _prompt().template.format_messages(
            conversation="\n\n".join(fenced(text, "turn", "turn", boundary) for text in said),
            boundary=boundary,
            most_words=max(20, int(room / TOKENS_A_WORD)),
        )
        notes, tokens = short_text(self._model, messages, config, seconds=SECONDS, most_characters=8 * room)
        notes = " ".join(notes.split())
        if not notes or self._count(notes) > room or not is_of(notes, " ".join(said)):
            return "", tokens
        self._keep(older, notes)
        return notes, tokens

    def _cost(self, turns: Sequence[Pair]) -> int:
        return sum(self._count(asked) + self._count(answered) + PAIR_TOKENS for asked, answered in turns)

    def _known(self, turns: tuple[Pair, ...]) -> str:
        with self._lock:
            return self._notes.get(_key(turns), "")

    def _keep(self, turns: tuple[Pair, ...], notes: str) -> None:
        with self._lock:
            self._notes[_key(turns)] = notes
            while len(self._notes) > MOST_KEPT:
                self._notes.popitem(last=False)


def digest(turns: Sequence[Pair], room: int, count: Count) -> str:
    """Notes without a model: each question with the first sentence of its answer, the newest that fit."""
    lines: list[str] = []
    for asked, answered in reversed(turns):
        line = f"Asked: {' '.join(asked.split())} Answered: {' '.join(next(iter(split(answered)), '').split())}"
        if count("\n".join((line, *lines))) > room:
            break
        lines.insert(0, line)
    return "\n".join(lines)


def is_of(notes: str, source: str) -> bool:
    """Whether notes say hardly a word, and no number, that their source does not."""
    said, known = content_stems(notes), set(content_stems(source)) | _TELLING
    numbers = {word for word in words(notes) if word[0].isdigit()}
    if not said or not numbers <= set(words(source)):
        return False
    return sum(stem in known for stem in said) >= LEAST_KNOWN * len(said)


def _key(turns: Sequence[Pair]) -> str:
    """Of exactly these turns: notes of one conversation are never those of another."""
    return hashlib.sha256(json.dumps(turns).encode()).hexdigest()


@cache
def _prompt() -> Prompt:
    return load_prompt("memory", frozenset({"conversation", "boundary", "most_words"}))
