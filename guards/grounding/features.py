"""What speaks for or against a sentence being supported by passages, as named numbers that a learnt head weighs.

By words: how much of the sentence the passages hold, together or near one another, and which of its numbers and names.
By meaning, with an embedding model: how near it comes to a sentence, and how well each of its words is met by a word of
the sentences nearest to it (recall of BERTScore, Zhang et al. 2020).
"""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

from core.words import STOP_WORDS, content_stems, stem
from guards.grounding.anchors import names, numbers
from guards.grounding.evidence import Evidence, absent, negated
from guards.grounding.reading import Reader, Reading
from guards.wordlist import rarity

# Shares only: with counts beside them (of missing words, of all words) a head did better on short replies and worse on
# long passages, and its threshold carried over less from one source to another.
LEXICAL = ("window_coverage", "far", "pairs", "numbers", "names", "negation", "speaker", "opinion")
FULL = (*LEXICAL, "unmet", "cosine")
COMPARED = 24  # sentences of the passages that are read for one sentence: those that share most words with it
ALIGNED = 6  # of those, the ones whose words are compared with its words
_SPEAKER = re.compile(r"(?i)(?<![\w'’.])(?:i|my|me|mine|we|our|us|i['’](?:m|ve|d|ll))(?![\w.'’])")
_OPINION = re.compile(
    r"(?i)\b(?:think|guess|wonder|hope|lov(?:e|ed)|liked?|bet|believe|enjoy(?:ed)?|favou?rite|wow|cool|awesome|amazing|"
    r"crazy|great|sure|feel|heard|wish|lol|haha|interesting|nice|definitely|maybe|probably|imagine|remember|agree)\b"
)


def features(sentence: str, evidence: Evidence, reader: Reader | None = None) -> dict[str, float]:
    """The numbers for one sentence, all of LEXICAL, and with a reader those of FULL."""
    stems = content_stems(sentence)
    weights = {one: rarity(one) for one in stems}
    total = sum(weights.values()) or 1.0
    shares = [sum(weights[one] for one in weights if one in piece) / total for piece in evidence.stems]
    found = _by_words(sentence, stems, weights, shares, evidence)
    if reader is not None:
        found |= _by_meaning(sentence, weights, shares, evidence, reader)
    return found


def _by_words(
    sentence: str, stems: tuple[str, ...], weights: dict[str, float], shares: list[float], evidence: Evidence
) -> dict[str, float]:
    total = sum(weights.values()) or 1.0
    pairs = list(pairwise(stems))
    window = max(
        (sum(weights[one] for one in weights if one in held) / total for held in evidence.window_stems), default=0.0
    )
    best = max(range(len(shares)), key=lambda i: shares[i], default=None)
    return {
        "window_coverage": window,
        "far": max(0.0, 1 - 2 * window),
        "pairs": sum(pair in evidence.pairs for pair in pairs) / len(pairs) if pairs else float(window == 1.0),
        "numbers": _risen(len(absent(numbers(sentence), evidence.numbers)), len(numbers(sentence))),
        "names": _risen(len(absent(names(sentence), evidence.names)), len(names(sentence))),
        "negation": float(best is not None and negated(sentence) != negated(evidence.pieces[best])),
        "speaker": float(_SPEAKER.search(sentence) is not None),
        "opinion": min(1.0, len(_OPINION.findall(sentence)) / 3),
    }


def _by_meaning(
    sentence: str, weights: dict[str, float], shares: list[float], evidence: Evidence, reader: Reader
) -> dict[str, float]:
    likely = sorted(range(len(shares)), key=lambda piece: -shares[piece])[:COMPARED]
    if not likely:
        return {"cosine": 0.0, "unmet": 1.0}
    mine, *theirs = reader.read([sentence, *(evidence.pieces[piece] for piece in likely)])
    cosines = np.stack([one.vector for one in theirs]) @ mine.vector
    nearest = np.argsort(-(cosines + np.array([shares[piece] for piece in likely])), kind="stable")[:ALIGNED]
    unmet = _unmet(sentence, mine, [theirs[i] for i in nearest], evidence)
    return {"cosine": float(cosines.max()), "unmet": min(1.0, unmet / (sum(weights.values()) or 1.0))}


def _unmet(sentence: str, mine: Reading, theirs: list[Reading], evidence: Evidence) -> float:
    """How much the words tell that no passage holds and that no word of the nearest sentences comes near to."""
    words = [(row, sentence[a:b].lower()) for row, (a, b) in enumerate(mine.places)]
    lacking = [
        (row, one) for row, word in words if word not in STOP_WORDS and (one := stem(word)) not in evidence.every
    ]
    if not lacking:
        return 0.0
    others = np.concatenate([one.words for one in theirs]).astype(np.float32)
    rows = mine.words[[row for row, _ in lacking]].astype(np.float32)
    met = (rows @ others.T).max(axis=1) if len(others) else np.zeros(len(rows))
    weights = np.array([rarity(one) for _, one in lacking])
    return float((weights * np.clip(1 - met, 0, 1)).sum())


def _risen(missing: int, all_of_them: int) -> float:
    """The share that is missing, risen so that one of many still counts."""
    return (missing / all_of_them) ** 0.5 if missing else 0.0
