"""Undoing shifts and turns of letters: Caesar shifts with ROT13, atbash, ROT47, reversed text and words, pig latin.

They are looked for only in stretches whose words are not English, and kept only where they make English of them.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

from guards import wordlist
from guards.english import englishness
from guards.readings import Piece

LEAST_LETTERS, LEAST_WORDS = 12, 3  # of a stretch that is tried
MOST_STRETCHES = 40  # that are tried, the longest first
NEARLY_ALL = 0.6  # share of a text that stands for all of it
SAMPLE = 400  # characters by which a reading is chosen
READS = 0.6  # englishness from which a stretch reads
GAIN = 0.35  # by which it must read better than before
_TOKEN = re.compile(r"\S{1,400}")
_WORD = re.compile(r"[A-Za-z]{2,40}")
_LOWER, _UPPER = string.ascii_lowercase, string.ascii_uppercase
_PRINTED = "".join(chr(33 + i) for i in range(94))
_ROT47 = str.maketrans(_PRINTED, _PRINTED[47:] + _PRINTED[:47])
_TURNED = str.maketrans("bqdpnu", "qbpdun")
_ATBASH = str.maketrans(_LOWER + _UPPER, _LOWER[::-1] + _UPPER[::-1])
# pairs of words that English has in this order and hardly ever in the other
_IN_ORDER = frozenset(
    (
        "of the,in the,to the,on the,for the,with the,from the,at the,by the,all the,as a,"
        "will be,to be,of all,the following,your system,system prompt,previous instructions,all previous,if you,"
        "your instructions,want you,to do,to say,how to,such as,from now,now on,tell me,show me,give me,me your,"
        "me the,of your,in your,all of,any of,must not,should not,have been,that you,about your,your initial"
    ).split(",")
)


def ciphered(text: str) -> Iterator[tuple[str, list[Piece], bool]]:
    """(disguise, its stretches, whether they run backwards) for each cipher that makes English of a stretch."""
    found: dict[tuple[str, bool], list[Piece]] = {}
    for start, end in strange(text):
        part = text[start:end]
        choice = _best(part)
        if choice is not None:
            how, undo, turned = choice
            found.setdefault((how, turned), []).append((start, end, undo(part)))
    for (how, turned), pieces in found.items():
        yield how, pieces, turned
    reordered = _reordered(text)
    if reordered is not None:
        yield "words in reverse order", [(0, len(text), reordered)], True


def strange(text: str) -> list[tuple[int, int]]:
    """Stretches of words that are not English, in order; words of up to three letters may stand between them."""
    stretches: list[tuple[int, int]] = []
    start = end = words = 0
    for match in _TOKEN.finditer(text):
        state = _known(match.group())
        if state is False:
            start = match.start() if not words else start
            end, words = match.end(), words + 1
        elif state is True and words:
            stretches += [(start, end)] if words >= LEAST_WORDS and end - start >= LEAST_LETTERS else []
            words = 0
    if words >= LEAST_WORDS and end - start >= LEAST_LETTERS:
        stretches.append((start, end))
    if stretches:
        first, last = stretches[0][0], stretches[-1][1]
        if sum(b - a for a, b in stretches) >= NEARLY_ALL * (
            last - first
        ):  # words that happen to be known don't part it
            stretches = [(first, last)]
    longest = sorted(stretches, key=lambda stretch: stretch[0] - stretch[1])[:MOST_STRETCHES]
    return sorted(_widened(text, longest))


def _widened(text: str, stretches: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """A stretch that is nearly all of the text is all of it: short words at its ends belong to it."""
    for start, end in stretches:
        whole = end - start >= NEARLY_ALL * len(text.strip())
        yield (0, len(text)) if whole else (start, end)


def _known(token: str) -> bool | None:
    """Whether a token is an English word; None for what is too short to tell."""
    word = token.lower().strip(string.punctuation)
    if word in wordlist.readable():
        return True
    if not word.isalpha():
        return False if len(word) > 2 and re.search(r"[a-z]", word) else None
    if len(word) <= 3:
        return None
    return len(word) > 5 and (word.rstrip("s") in wordlist.readable() or word[:-2] in wordlist.readable())


def _best(part: str) -> tuple[str, Callable[[str], str], bool] | None:
    """The cipher by which a stretch reads best; None when none makes English of it."""
    sample = part[:SAMPLE]
    usual = englishness(sample)
    if usual >= READS:
        return None
    scored = [(_reads(undo(_sample(part, turned))), how, undo, turned) for how, undo, turned in _CIPHERS]
    best = max(scored, key=lambda row: row[0])
    return best[1:] if best[0] >= READS and best[0] >= usual + GAIN else None


def _reads(text: str) -> float:
    """How English a text reads; 0 when it is mostly no letters."""
    letters = sum(map(str.isalpha, text))
    return englishness(text) if letters >= 0.6 * len(text.replace(" ", "")) else 0.0


def _sample(part: str, turned: bool) -> str:
    return part[-SAMPLE:] if turned else part[:SAMPLE]


def _shifted(text: str, by: int) -> str:
    table = str.maketrans(_LOWER + _UPPER, _LOWER[by:] + _LOWER[:by] + _UPPER[by:] + _UPPER[:by])
    return text.translate(table)


def _words_turned(text: str) -> str:
    return re.sub(r"\S{1,400}", lambda match: match.group()[::-1], text)


def _reversed(text: str) -> str:
    return text[::-1]


def _upside_down(text: str) -> str:
    """Turned letters from the end, once they are folded: those that turn into each other change places."""
    return text[::-1].translate(_TURNED)


def _rot47(text: str) -> str:
    return text.translate(_ROT47)


def _atbash(text: str) -> str:
    return text.translate(_ATBASH)


def _shifted_and_turned(text: str) -> str:
    return _shifted(text, 13)[::-1]


def _from_pig_latin(text: str) -> str:
    return _WORD.sub(lambda match: _unpigged(match.group()), text)


def _unpigged(word: str) -> str:
    """`eviouspray` reads previous, `allway` all."""
    lower = word.lower()
    if not lower.endswith("ay") or len(lower) < 4:
        return word
    body = lower[:-2]
    known = wordlist.readable()
    turned = [body[-n:] + body[:-n] for n in range(1, 5) if n < len(body)]
    readings = [body[:-1], *turned] if body[-1] in "wy" else turned
    return next((reading for reading in readings if reading in known), readings[0] if readings else word)


def _reordered(text: str) -> str | None:
    """The words from last to first, when pairs of words that English has in one order stand in the other."""
    words = text.split()
    if len(words) < 5:
        return None
    lower = [word.lower().strip(string.punctuation) for word in words[:600]]
    forward = sum(f"{a} {b}" in _IN_ORDER for a, b in pairwise(lower))
    backward = sum(f"{b} {a}" in _IN_ORDER for a, b in pairwise(lower))
    return " ".join(reversed(words)) if backward >= 1 and backward > 3 * forward else None


_CIPHERS: tuple[tuple[str, Callable[[str], str], bool], ...] = (
    *((f"letters shifted by {26 - by}", partial(_shifted, by=by), False) for by in range(1, 26)),
    ("reversed text", _reversed, True),
    ("upside-down letters", _upside_down, True),
    ("words written backwards", _words_turned, False),
    ("shifted and reversed letters", _shifted_and_turned, True),
    ("letters of the reversed alphabet", _atbash, False),
    ("ROT47", _rot47, False),
    ("pig latin", _from_pig_latin, False),
)
