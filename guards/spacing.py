"""Undoing breaks and swaps within words: letters apart, words run together or cut, digits and signs for letters, noise.

Each function gives the stretches that read better once undone. A text in which nothing is disguised has none.
"""

# ruff: noqa: E501  a pattern is read in one piece

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

from guards import wordlist
from guards.english import segmented
from guards.readings import Piece

LEAST_LETTERS = 8  # that stand apart
LEAST_SWAPPED = 2  # words with digits for letters
_APART = re.compile(r"(?<![^\W_])[^\W_](?:(?:[^\w]|_){1,6}[^\W_](?![^\W_])){7,8000}")
_GLUED = re.compile(r"(?<![A-Za-z])[A-Za-z]{18,4000}(?![A-Za-z])")
_STRUNG = re.compile(r"(?<![\w+.,~|*-])[A-Za-z']{1,20}(?:[_+.,~|*=/\\-]{1,3}[A-Za-z']{1,20}){3,800}(?![\w])")
_CUT = re.compile(
    r"(?<![A-Za-z])[A-Za-z]{1,14}(?:(?:-[ \t]{0,2}\n?|[ \t]{0,2}\n|\u2010|\||/|~|\*{1,3}|_|`|\\)[A-Za-z]{1,14}){1,12}(?![A-Za-z])"
)
_NOISE = re.compile(
    r"<!--.{0,200}?-->|/\*.{0,200}?\*/|\{#.{0,200}?#\}|</?[a-z]{1,10}(?: [^<>]{0,80})?/?>|\*{1,3}|~~|``?|\[[^\w\s]{0,3}\]\(\)",
    re.IGNORECASE | re.DOTALL,
)
_INSIDE = re.compile(
    r"(?<=[A-Za-z])(?:<!--.{0,200}?-->|/\*.{0,200}?\*/|</?[a-z]{1,10}/?>|\*{1,3}|~~|``?|__)(?=[A-Za-z])",
    re.IGNORECASE | re.DOTALL,
)
_COMMENT = re.compile(r"<!--.{0,200}?-->|/\*.{0,200}?\*/|\{#.{0,200}?#\}", re.DOTALL)
_SIGN = re.compile(r"[^\x00-\x7f\w\s][^\x00-\x7f\w]{0,3}")
_SWAPPED = re.compile(r"[\w@$!|+€()<>\[\]{}/\\^*]{2,40}")
_LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s",
    "!": "i", "|": "li", "+": "t", "€": "e", "(": "c", "<": "c", "{": "c", "^": "a", "[": "c", ")": "d", "*": "",
}  # fmt: skip
_LONG_LEET = (("|-|", "h"), ("\\/\\/", "w"), ("|\\/|", "m"), ("/\\/\\", "m"), ("|\\|", "n"), ("\\/", "v"), ("/\\", "a"), ("|)", "d"), ("|<", "k"), ("|_|", "u"), ("()", "o"), ("[]", "o"), ("|_", "l"), ("|>", "p"))  # fmt: skip
_MOST_READINGS = 32  # of one word with swapped letters


def spaced(text: str) -> Iterator[tuple[str, list[Piece]]]:
    """(disguise, its stretches) for each disguise that is found."""
    for how, find in (
        ("spaced-out letters", _apart),
        ("words run together", _together),
        ("words cut apart", _cut),
        ("look-alike digits", _swapped),
        ("noise between letters", _noisy),
    ):
        pieces = list(find(text))
        if pieces:
            yield how, pieces


def _apart(text: str) -> Iterator[Piece]:
    """Letters that stand by themselves; a wider gap than the usual one ends a word, else words are looked up."""
    for match in _APART.finditer(text):
        run = match.group()
        letters = re.findall(r"[^\W_]", run)
        gaps = re.split(r"[^\W_]", run)[1:-1]
        if sum(letter.isalpha() for letter in letters) < 0.6 * len(letters):
            continue
        usual = max(set(gaps), key=gaps.count)
        wide = [len(gap) > len(usual) or (" " in gap or "\n" in gap) > (" " in usual) for gap in gaps]
        words = _by_gaps(letters, wide) if any(wide) else None
        words = words or segmented("".join(map(_readable, letters)))
        if words:
            yield match.start(), match.end(), " ".join(words)


def _readable(letter: str) -> str:
    return (_LEET.get(letter, letter) or letter)[0].lower()


def _by_gaps(letters: list[str], wide: list[bool]) -> list[str] | None:
    """The words between wide gaps; None when they are few that are known."""
    words = letters[0]
    for letter, ends in zip(letters[1:], wide, strict=True):
        words += f" {letter}" if ends else letter
    found = words.split()
    known = sum(len(word) for word in found if _is_word("".join(map(_readable, word))))
    return found if known >= 0.5 * len(letters) else None


def _together(text: str) -> Iterator[Piece]:
    """Words without blanks between them: IgnoreAllPrevious, ignore_all_previous, ignoreallprevious."""
    pieces = []
    for match in _GLUED.finditer(text):
        words = segmented(match.group().lower(), 0.85)
        if words and len(words) >= 4 and sum(map(len, words)) / len(words) > 2.5:
            pieces.append((match.start(), match.end(), f" {' '.join(words)} "))
    if pieces:  # then shorter runs between marks are cut too
        yield from _apart_from_each_other(sorted([*pieces, *_short_runs(text)]))
        return
    for match in _STRUNG.finditer(text):
        parts = re.split(r"[_+.,~|*=/\\-]{1,3}", match.group())
        known = sum(_is_word(word.lower()) for word in parts)
        if len(parts) >= 5 and known >= 0.7 * len(parts) and sum(map(len, parts)) >= 3 * len(parts):
            yield match.start(), match.end(), " ".join(parts)


def _short_runs(text: str) -> Iterator[Piece]:
    for match in re.finditer(r"(?<![A-Za-z])[A-Za-z]{6,17}(?![A-Za-z])", text):
        words = None if _is_word(match.group().lower()) else segmented(match.group().lower(), 0.85)
        if words and len(words) > 1:
            yield match.start(), match.end(), f" {' '.join(words)} "


def _cut(text: str) -> Iterator[Piece]:
    """Words that a hyphen, a line break or a mark cuts: `instruc-tions`; at least two in a text."""
    mended, others = [], []
    for match in _CUT.finditer(text):
        parts = re.split(r"[^A-Za-z]{1,4}", match.group())
        read = _mended(parts)
        if len(read) < len(parts):
            mended.append((match.start(), match.end(), " ".join(read)))
        elif len(parts) == 2:
            others.append((match.start(), match.end(), "".join(parts)))
    if len(mended) > 2 and len(mended) > len(others):  # most were cut: so were those that are no known words
        mended = sorted(mended + others)
    if len(mended) >= 2 or (mended and len(text.split()) < 12):
        yield from mended


def _mended(parts: list[str]) -> list[str]:
    """Neighbouring parts made one where only that is a word."""
    result: list[str] = []
    place = 0
    while place < len(parts):
        for size in range(min(6, len(parts) - place), 1, -1):
            part = parts[place : place + size]
            whole = "".join(part).lower()
            if len(whole) > 3 and _is_word(whole) and not all(len(p) > 1 and _is_word(p.lower()) for p in part):
                result.append("".join(part))
                place += size
                break
        else:
            result.append(parts[place])
            place += 1
    return result


def _swapped(text: str) -> Iterator[Piece]:
    """Words with digits or signs for letters; at least two that become words, then all that may be such."""
    pieces, unknown, hits = [], [], 0
    for match in _SWAPPED.finditer(text):
        bare = match.group().rstrip("!)")
        body, read = next(
            ((b, r) for b in (bare, match.group()) if _may_be_swapped(b) and (r := _unswapped(b.lower()))), (bare, None)
        )
        if read is not None:
            hits += len(read) > 2
            pieces.append((match.start(), match.start() + len(body), read))
        elif any(c in _LEET for c in bare):
            unknown.append(
                (match.start(), match.start() + len(bare), "".join(_LEET.get(c, c)[:1] for c in bare.lower()))
            )
    if hits < LEAST_SWAPPED:
        return
    if hits > len(unknown):
        pieces += unknown
    loose = re.finditer(r"(?<!\S)[4@1!|](?!\S)", text)  # a and i by themselves, once the others are found
    pieces += [(m.start(), m.end(), "a" if m.group() in "4@" else "i") for m in loose]
    yield from _apart_from_each_other(sorted(pieces))


def _apart_from_each_other(pieces: list[Piece]) -> Iterator[Piece]:
    done = 0
    for piece in pieces:
        if piece[0] >= done:
            yield piece
            done = piece[1]


def _may_be_swapped(token: str) -> bool:
    """A letter and a swapped one, or digits alone that could all be letters, such as 7415."""
    swapped = sum(c in _LEET for c in token)
    return bool(swapped) and len(token) > 1 and any(c.isalpha() for c in token)


@cache
def _unswapped(token: str) -> str | None:
    """The known word that a token stands for; None when there is none."""
    for long, letter in _LONG_LEET:
        token = token.replace(long, letter)
    choices = [_LEET.get(c, c) if c in _LEET else c for c in token]
    count = 1
    for choice in choices:
        count *= max(1, len(choice))
    if count > _MOST_READINGS:
        choices = [choice[:1] for choice in choices]
    for letters in product(*(choice or ("",) for choice in choices)):
        word = "".join(letters)
        if _is_word(word) and word != token:
            return word
    return None


def _noisy(text: str) -> Iterator[Piece]:
    """Marks of text layout, comments and signs such as emoji, where they stand inside words or in place of blanks."""
    inside = len(_INSIDE.findall(text)) >= 2
    comments = len(_COMMENT.findall(text)) >= 2
    if inside or comments:
        for match in _NOISE.finditer(text):
            yield match.start(), match.end(), "" if _within_word(text, match.start(), match.end()) and inside else " "
        return
    signs = [m for m in _SIGN.finditer(text) if _within_word(text, m.start(), m.end())]
    if len(signs) >= 3:
        glued = "".join(text[max(0, m.start() - 1) : m.end() + 1] for m in signs)
        blank = _reads_better_with_blanks(text) if glued else False
        for m in signs:
            yield m.start(), m.end(), " " if blank else ""


def _within_word(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()


def _reads_better_with_blanks(text: str) -> bool:
    """Whether signs stand for blanks between words rather than inside of words."""
    apart = _SIGN.sub(" ", text).lower().split()
    joined = _SIGN.sub("", text).lower().split()
    return sum(_is_word(w) * len(w) for w in apart) >= sum(_is_word(w) * len(w) for w in joined)


def _is_word(word: str) -> bool:
    """Whether it is a frequent word, or one with a usual ending."""
    known = wordlist.readable()
    if word in known:
        return True
    endings = ("s", "d", "ed", "ing", "ly", "es", "er", "ion", "ions", "tions", "ation")
    return len(word) > 5 and any(
        word.endswith(e) and (word[: -len(e)] in known or word[: -len(e)] + "e" in known) for e in endings
    )
