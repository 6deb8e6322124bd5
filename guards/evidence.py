"""What speaks for or against a sentence being supported by passages, as named numbers. Heads and policy weigh them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core import sentences
from core.words import content_stems, words
from guards.guard import Kit
from guards.wordlist import rarity

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)(?<![\w'’])[A-Z][\w'’-]+")
_NEGATION = re.compile(
    r"(?i)\b(?:no|not|never|none|nobody|nothing|neither|nor|without|cannot|\w+n['’]t|un(?:able|likely))\b"
)
_SPACE = re.compile(r"\s+")
LEXICAL = ("coverage", "best_coverage", "pairs", "numbers", "names", "negation")
NEAREST = 3
COMPARED = 24  # sentences of the passages that are embedded for one sentence: those that share most words with it


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passages, cut and counted once for all sentences of a text."""

    passages: tuple[str, ...]
    flat: tuple[str, ...]  # passages in lower case with single blanks
    pieces: tuple[str, ...]  # their sentences
    stems: tuple[frozenset[str], ...]  # of each piece
    every: frozenset[str]  # stems of all
    pairs: frozenset[tuple[str, str]]  # neighbouring stems
    raw: frozenset[str]  # words and numbers of all


def gather(passages: Sequence[str]) -> Evidence:
    """What the passages hold."""
    pieces = tuple(piece for passage in passages for piece in sentences.split(passage))
    stems = [content_stems(piece) for piece in pieces]
    whole = [content_stems(passage) for passage in passages]
    return Evidence(
        passages=tuple(passages),
        flat=tuple(flat(passage) for passage in passages),
        pieces=pieces,
        stems=tuple(map(frozenset, stems)),
        every=frozenset(stem for part in whole for stem in part),
        pairs=frozenset(pair for part in whole for pair in pairwise(part)),
        raw=frozenset(word for passage in passages for word in words(passage))
        | {_plain(number) for passage in passages for number in _NUMBER.findall(passage)},
    )


def flat(text: str) -> str:
    """The text in lower case, its white space and quotation marks made equal: for finding exact quotes."""
    straight = text.translate(str.maketrans("“”‘’–—", "\"\"''--"))
    return _SPACE.sub(" ", straight).strip().strip("\"'").lower()


def quoted(sentence: str, evidence: Evidence) -> bool:
    """Whether the sentence stands word for word in a passage."""
    sought = flat(sentence)
    return len(sought) > 1 and any(sought in passage or sought.rstrip(".!?… ") in passage for passage in evidence.flat)


def features(sentence: str, evidence: Evidence, kit: Kit) -> dict[str, float]:
    """The numbers for one sentence; `cosine` and `cosine_next` only with an embedder."""
    stems = content_stems(sentence)
    weights = {stem: rarity(stem) for stem in stems}
    total = sum(weights.values()) or 1.0
    shares = [sum(weights[stem] for stem in weights if stem in piece) / total for piece in evidence.stems]
    pairs = list(pairwise(stems))
    best = int(np.argmax(shares)) if shares else -1
    found: dict[str, float] = {
        "coverage": sum(weight for stem, weight in weights.items() if stem in evidence.every) / total,
        "best_coverage": max(shares, default=0.0),
        "pairs": sum(pair in evidence.pairs for pair in pairs) / len(pairs) if pairs else 1.0,
        "numbers": _missing([_plain(number) for number in _NUMBER.findall(sentence)], evidence.raw),
        "names": _missing([word for name in _NAME.findall(sentence) for word in words(name)], evidence.raw),
        "negation": float(best >= 0 and negated(sentence) != negated(evidence.pieces[best])),
    }
    if kit.embedder is not None:
        likely = sorted(range(len(shares)), key=lambda piece: -shares[piece])[:COMPARED]
        cosines = _cosines(sentence, [evidence.pieces[piece] for piece in likely], kit)
        found |= {"cosine": cosines[0], "cosine_next": sum(cosines) / len(cosines)}
    return found


def pointed(sentence: str, evidence: Evidence) -> Mapping[str, list[tuple[int, int]]]:
    """Where the sentence holds numbers and names that stand in no passage."""
    return {
        "number": [m.span() for m in _NUMBER.finditer(sentence) if _plain(m.group()) not in evidence.raw],
        "name": [m.span() for m in _NAME.finditer(sentence) if not set(words(m.group())) <= evidence.raw],
    }


def _cosines(sentence: str, pieces: Sequence[str], kit: Kit) -> list[float]:
    if not pieces:
        return [0.0]
    rows = kit.embed([sentence, *pieces])
    return [float(value) for value in np.sort(rows[1:] @ rows[0])[::-1][:NEAREST]]


def _missing(items: list[str], held: frozenset[str]) -> float:
    """The share that the passages don't hold, risen so that one of many still counts."""
    missing = sum(item not in held for item in items)
    return (missing / len(items)) ** 0.5 if missing else 0.0


def _plain(number: str) -> str:
    return number.replace(",", "")


def negated(text: str) -> bool:
    """Whether the text denies something, by one of the usual words."""
    return _NEGATION.search(text) is not None
