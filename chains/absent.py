"""The words of a question that no document holds: what an asker may put otherwise when nothing answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.words import content_stems, stem

MOST = 6  # words that are named
# what asks and not what is asked about: that no document holds it tells nothing
_ASKING = frozenset(
    map(
        stem,
        "please thanks tell explain show know want need find give say describe mean ask bring get use make let help "
        "may might must many much long often happen exist possible".split(),
    )
)
_EDGE = ".,;:!?…\"'“”‘’«»()[]{}<>`*_"

Frequency = Callable[[Sequence[str]], Sequence[int]]  # stems -> in how many chunks each stands


def absent_words(question: str, frequency: Frequency) -> tuple[str, ...]:
    """The words as they were written, in order, each once; of a compound, only when none of its parts stands anywhere.

    A word that has another ending in the documents is not absent: stems are compared.
    """
    written = dict.fromkeys(word.strip(_EDGE) for word in question.split())
    stems = {word: content_stems(word) for word in written}
    asked = {word: found for word, found in stems.items() if found and found[0] not in _ASKING}
    every = list(dict.fromkeys(part for found in asked.values() for part in found))
    counts = dict(zip(every, frequency(every), strict=True)) if every else {}
    return tuple(word for word, found in asked.items() if not any(counts[part] for part in found))[:MOST]
