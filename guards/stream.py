"""Cutting a growing text into pieces that can be judged, and nothing sooner. Judging them is the rail's matter.

One stream for each answer; nothing is shared between two. A piece is one or more whole sentences; a link, a picture or
a token that may still be growing is kept back, so that none is split between two pieces.
"""

from __future__ import annotations

import re
from itertools import pairwise

from core import sentences

MOST = 1_200  # characters without an end after which a piece is cut all the same
MOST_OPEN = 8_000  # the same, while something that must be judged whole is open

# what may not be cut: the rest of it has not come yet
_OPEN = re.compile(
    r"!?\[[^\]\n]*\Z"  # words of a link
    r"|!?\[[^\]\n]*\](?:\([^)\n]*|\[[^\]\n]*)?\Z"  # its address
    r"|<[A-Za-z/!][^<>]*\Z"  # a tag
)
# a plain word before another word, not one after which a password may be told
_TELLING = "is|was|are|to|now|bearer|passwords?|passphrase|passcode|pwd|secret|token|key|credentials?"
_WORD_END = re.compile(rf"(?<![^\W\d_])(?!(?:{_TELLING})\s)[^\W\d_A-Z]{{2,40}}[,;)]?\s+(?=[^\W\d_])")
_KEY = "PRIVATE KEY"
_BEGIN, _END = "-----BEGIN ", "-----END "
_SCRIPT = re.compile(r"(?i)<(script|style|iframe|object|svg|math)\b(?![\s\S]*</\1\s*>)")


class SentenceStream:
    """The text of one answer as it comes."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self._held = ""

    @property
    def held(self) -> str:
        """What has come and was not given out."""
        return self._held

    def feed(self, text: str) -> list[str]:
        """Take more text; the sentences that may now be judged, in order, with the white space around them."""
        self._held += text
        end = self._cut()
        return self._give(end)

    def flush(self) -> list[str]:
        """The text has ended: what is left, to be judged."""
        return self._give(len(self._held))

    def _cut(self) -> int:
        """Up to where the held text can be judged now."""
        complete = sentences.complete(self._held)
        end = _whole(self._held, complete)
        if end < complete:  # something is open: the sentence that it stands in waits whole
            end = max((a for a, _ in sentences.spans(self._held[:complete]) if a <= end), default=0)
        if end == 0 and len(self._held) > MOST:
            end = _whole(self._held, _between_words(self._held, MOST))
        if end == 0 and len(self._held) > MOST_OPEN:
            end = _between_words(self._held, MOST_OPEN)
        return end if self._held[:end].strip() else 0  # white space goes with what follows it

    def _give(self, end: int) -> list[str]:
        given, self._held = self._held[:end], self._held[end:]
        spans = sentences.spans(given)
        if not spans:
            return [given] if given else []
        # white space stays with the sentence before it, so that the pieces together are the text
        edges = [0, *(begin for begin, _ in spans[1:]), len(given)]
        pieces = [given[a:b] for a, b in pairwise(edges)]
        return _rejoined(pieces)


def _whole(text: str, end: int) -> int:
    """The cut moved forward to before anything that is open there; 0 when nothing whole is left."""
    part = text[:end]
    line = max(0, end - MOST_OPEN)
    for opened in (_OPEN.search(part, max(line, part.rfind("\n") + 1)), _SCRIPT.search(part, line)):
        if opened is not None:
            part = part[: opened.start()]
    begin = part.rfind(_BEGIN)
    if begin >= 0 and _KEY in part[begin:] and _END not in part[begin:]:
        part = part[:begin]
    return len(part)


def _between_words(text: str, most: int) -> int:
    """The last place before this many characters that lies between two plain words; 0 where there is none.

    A run without blanks and the groups of a long number are never cut: a secret might stand across the cut.
    """
    places = [match.end() for match in _WORD_END.finditer(text, 0, most) if match.end() < len(text)]
    return places[-1] if places else 0


def _rejoined(pieces: list[str]) -> list[str]:
    """The pieces, those that together hold one link, tag or key joined again."""
    joined: list[str] = []
    for piece in pieces:
        if joined and _whole(joined[-1], len(joined[-1])) < len(joined[-1]):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined
