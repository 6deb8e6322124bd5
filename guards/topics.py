"""Topics that an owner describes, and how near a text is to them. Guards decide what follows.

A topic is a description with a few examples, or without: its vector is the mean of the examples' vectors plus the
description's (a prototype, Snell et al. 2017), and nearness is the cosine to it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from core.errors import GuardFailure, SettingsError
from core.ports import Vectors
from core.words import stem
from guards.guard import Kit
from guards.normalise import fold

CALIBRATED = "all-MiniLM-L6-v2@53aa5117"  # the weights that every curve here and in the guards was fitted to
LISTS = ("words", "patterns", "examples")
MOST_TOPICS, MOST_ENTRIES, MOST_CHARACTERS = 100, 200, 1_000
_STEEPEST = 30.0
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Curve:
    """A logistic curve from a cosine to a probability."""

    slope: float  # a unit of cosine
    middle: float  # the cosine at which it is one half

    def at(self, cosine: float) -> float:
        """The probability, 0 to 1."""
        logit = self.slope * (cosine - self.middle)
        return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, logit))))


@dataclass(frozen=True, slots=True)
class Topic:
    """What an owner says of a topic."""

    description: str  # such as: salaries of named people
    words: tuple[tuple[str, ...], ...] = ()  # words and phrases that belong to it alone, as stems
    patterns: tuple[str, ...] = ()  # regular expressions
    examples: tuple[str, ...] = ()  # sentences of it
    where: str = field(default="topics", compare=False)  # where it stands in the options

    @property
    def has_words(self) -> bool:
        """Whether it can be told without an embedding model."""
        return bool(self.words or self.patterns)


class Likeness:
    """How near texts are to topics. The topics are embedded at the first text, once."""

    def __init__(self, kit: Kit, topics: Sequence[Topic]) -> None:
        """Borrow the kit's embedding model for these topics."""
        self._kit = kit
        self._topics = topics

    def cosines(self, texts: Sequence[str]) -> Vectors:
        """One row a text, one column a topic; GuardFailure without the embedding model that the curves fit."""
        check_model(self._kit)
        return np.asarray(self._kit.embed(texts) @ self.prototypes.T)

    @cached_property
    def prototypes(self) -> Vectors:
        """One row of length 1 a topic."""
        texts = [text for topic in self._topics for text in (topic.description, *topic.examples)]
        rows, made, place = self._kit.embed(texts), [], 0
        for topic in self._topics:
            mine = rows[place : place + 1 + len(topic.examples)]
            place += len(mine)
            middle = mine[0] + (mine[1:].mean(axis=0) if topic.examples else 0)
            made.append(middle / max(float(np.linalg.norm(middle)), 1e-9))
        return np.array(made, dtype=np.float32)


def words_of(text: str) -> list[tuple[str, int, int]]:
    """Every word of a text in lower case without disguise, with its first character and one past its last."""
    view = fold(text)
    return [(match.group().lower(), *view.span(*match.span())) for match in _WORD.finditer(view.text)]


def check_model(kit: Kit) -> None:
    """GuardFailure when cosines are of another embedding model than the curves were fitted to."""
    if kit.embedder is not None and kit.embedder.name.partition("/")[0] != CALIBRATED:
        raise GuardFailure(f"its cosines were calibrated for {CALIBRATED}, not for {kit.embedder.name}")


def read(given: Any, allowed: Sequence[str] = LISTS, where: str = "topics") -> tuple[Topic, ...]:
    """The topics of an option: a list of descriptions or tables, or tables by name. SettingsError tells every fault.

    A table has a `description` (where it has a name, that is the default) and lists of texts called as in `allowed`.
    """
    entries: list[tuple[str, str, Any]]
    if isinstance(given, Mapping):
        entries = [(f"{where}.{name}", str(name).replace("_", " "), entry) for name, entry in given.items()]
    elif isinstance(given, list | tuple):
        entries = [(f"{where}[{place}]", "", entry) for place, entry in enumerate(given)]
    else:
        raise SettingsError([f"{where}: must be a list of topics, or tables by name, not {given!r}"])
    faults: list[str] = []
    if len(entries) > MOST_TOPICS:
        faults.append(f"{where}: at most {MOST_TOPICS} topics, not {len(entries)}")
    topics = [_topic(at, name, entry, allowed, faults) for at, name, entry in entries]
    if faults:
        raise SettingsError(faults)
    return tuple(topics)


def _topic(where: str, name: str, entry: Any, allowed: Sequence[str], faults: list[str]) -> Topic:
    """The topic of one entry; its faults are added."""
    table = {"description": entry} if isinstance(entry, str) else entry
    if not isinstance(table, Mapping):
        faults.append(f"{where}: must be a description or a table, not {entry!r}")
        return Topic(name)
    known = ("description", *allowed)
    faults += [f"{where}.{key}: no such key (known: {', '.join(known)})" for key in table if key not in known]
    description = table.get("description", name)
    if not isinstance(description, str) or not description.strip() or len(description) > MOST_CHARACTERS:
        faults.append(f"{where}.description: must be a text of 1 to {MOST_CHARACTERS} characters, not {description!r}")
        description = name
    lists = {key: _texts(f"{where}.{key}", table.get(key, ()), faults) for key in LISTS}
    words = tuple(tuple(stem(word) for word, _, _ in words_of(text)) for text in lists["words"])
    faults += [
        f"{where}.words[{place}]: holds no word: {lists['words'][place]!r}"
        for place, found in enumerate(words)
        if not found
    ]
    return Topic(description, words, lists["patterns"], lists["examples"], where)


def _texts(where: str, given: Any, faults: list[str]) -> tuple[str, ...]:
    """A list of texts; its faults are added."""
    if not isinstance(given, list | tuple):
        faults.append(f"{where}: must be a list of texts, not {given!r}")
        return ()
    if len(given) > MOST_ENTRIES:
        faults.append(f"{where}: at most {MOST_ENTRIES} texts, not {len(given)}")
    for place, text in enumerate(given):
        if not isinstance(text, str) or not text.strip() or len(text) > MOST_CHARACTERS:
            faults.append(f"{where}[{place}]: must be a text of 1 to {MOST_CHARACTERS} characters, not {text!r}")
    return tuple(text for text in given if isinstance(text, str))
