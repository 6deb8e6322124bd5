"""Undoing disguises before text is judged: what a person or a model would read in it, with the way back to its offsets.

`fold` makes look-alike characters equal and drops invisible ones. `views` adds further readings (decoded, reversed,
spaced out) of which a guard takes the riskiest. Nothing here judges.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from guards import wordlist

MOST_DECODED = 4000  # characters of one encoded stretch
PLAINLY_ENGLISH = 0.6  # the share of letters in frequent words from which nothing reads better turned around
_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Mn", "Me"}
_KEPT_CONTROLS = "\n\t\r"
_CONFUSABLE = str.maketrans(
    # Cyrillic, Greek and other letters that are drawn like Latin ones
    "АВЕЅІЈКМНОРСТУХаеіјоргсухѕһԁԛԝӏɡΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχɑıոսօցհԍꓲ",
    "ABESIJKMHOPCTYXaeijoprcyxshdqwlgABEZHIKMNOPTYXaeiknoptuxainuoghGI",
)
_LEET = str.maketrans("013457@$!", "oieastasi")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{16,4000}={0,2}(?![A-Za-z0-9+/=_-])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x)?((?:[0-9a-fA-F]{2}[ :]?){12,2000})(?![0-9A-Za-z])")
_SPACED = re.compile(r"(?<!\S)(?:\S[ \t.*_|-]){7,4000}\S(?!\S)")
_LETTERS = re.compile(r"[a-z]{2,}")
_DIGIT_IN_WORD = re.compile(r"[A-Za-z][013457@$!]+[A-Za-z]|[013457@$!][A-Za-z]{2}")
_TAG = re.compile("[\U000e0020-\U000e007e]")
_ODD = re.compile(r"[^\t\n\r\x20-\x7e]")  # all but the characters that look like themselves


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a text: `offsets[i]` is where its i-th character came from in the original."""

    text: str
    offsets: tuple[int, ...] | range
    end: int  # length of the original
    how: str = ""  # the disguise that was undone; empty for the plain reading

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where characters of this reading stand in the original."""
        if not self.text or start >= len(self.text):
            return (self.end, self.end)
        last = min(end, len(self.text)) - 1
        a, b = self.offsets[start], self.offsets[max(start, last)]
        return (min(a, b), max(a, b) + 1)


def fold(text: str) -> View:
    """The text as it looks: compatibility forms, look-alikes and invisible characters undone."""
    if text.isascii():
        return View(text, range(len(text)), len(text))
    parts: list[str] = []
    offsets: list[int] = []
    done = 0
    for match in _ODD.finditer(text):
        at = match.start()
        plain = _plain(match.group())
        parts += (text[done:at], plain)
        offsets.extend(range(done, at))
        offsets.extend([at] * len(plain))
        done = at + 1
    parts.append(text[done:])
    offsets.extend(range(done, len(text)))
    return View("".join(parts), tuple(offsets), len(text))


def views(text: str) -> Iterator[View]:
    """The plain reading, then every other one that reads like English where the plain one does not."""
    plain = fold(text)
    yield plain
    yield from _tags(text)
    yield from _decoded(plain)
    yield from _respaced(plain)
    usual = _englishness(plain.text)
    for how, changed, turned in _changed(plain.text, usual):
        if len(changed) == len(plain.text) and _englishness(changed) > usual + 0.15:
            yield View(changed, plain.offsets[::-1] if turned else plain.offsets, plain.end, how)


def _changed(text: str, usual: float) -> Iterator[tuple[str, str, bool]]:
    """(disguise, the text without it, whether it now runs backwards) where there may be one: most texts have none."""
    if _DIGIT_IN_WORD.search(text):
        yield "look-alike digits", text.lower().translate(_LEET), False
    if usual < PLAINLY_ENGLISH:
        yield "rotated letters", codecs.encode(text, "rot13"), False
        yield "reversed text", text[::-1], True


@cache
def _plain(character: str) -> str:
    """What one character looks like; empty when it shows nothing."""
    if character in _KEPT_CONTROLS:
        return character
    simple = unicodedata.normalize("NFKD", character).translate(_CONFUSABLE)
    # a letter with marks keeps its base letter: é reads e, and stacked marks fall away
    return "".join(c for c in simple if unicodedata.category(c) not in _INVISIBLE)


def _tags(text: str) -> Iterator[View]:
    """Text written in invisible Unicode tag characters."""
    found = [(chr(ord(match.group()) - 0xE0000), match.start()) for match in _TAG.finditer(text)]
    if len(found) >= 4:
        yield View("".join(c for c, _ in found), tuple(i for _, i in found), len(text), "invisible characters")


def _decoded(plain: View) -> Iterator[View]:
    """Stretches that are base64 or hexadecimal and decode to readable text."""
    for pattern, decode, how in ((_BASE64, _from_base64, "base64"), (_HEX, _from_hex, "hexadecimal")):
        for match in pattern.finditer(plain.text):
            decoded = decode(match.group())
            if decoded and _readable(decoded):
                begin, end = plain.span(*match.span())
                # every decoded character points at the whole stretch
                yield View(decoded, _across(begin, end, len(decoded)), plain.end, how)


def _across(begin: int, end: int, length: int) -> tuple[int, ...]:
    """Offsets that run evenly over a stretch, so that a part of the decoded text points at its place in the code."""
    return tuple(begin + (end - 1 - begin) * i // max(1, length - 1) for i in range(length))


def _respaced(plain: View) -> Iterator[View]:
    """Words whose letters stand apart, joined again; two blanks or a line break end a word."""
    for match in _SPACED.finditer(plain.text):
        letters = [(c, match.start() + i) for i, c in enumerate(match.group()) if c.isalnum()]
        joined = "".join(c for c, _ in letters)
        words = _segmented(joined.lower())
        if words is None:
            continue
        text, offsets = "", []
        place = iter(letters)
        for word in words:
            at = [plain.offsets[next(place)[1]] for _ in word]
            text += word + " "
            offsets += [*at, at[-1]]
        yield View(text, tuple(offsets), plain.end, "spaced-out letters")


def _segmented(letters: str) -> list[str] | None:
    """The letters cut into known words by the fewest pieces; None when they don't make any."""
    if len(letters) > MOST_DECODED:
        return None
    known = wordlist.known()
    best: list[tuple[int, int] | None] = [(0, 0)] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for size in range(1, min(16, end) + 1):
            before = best[end - size]
            if before is None:
                continue
            cost = before[0] + (2 if letters[end - size : end] in known else 5 * size)
            if best[end] is None or cost < best[end][0]:  # type: ignore[index]
                best[end] = (cost, size)
    words, end = [], len(letters)
    while end:
        size = best[end][1]  # type: ignore[index]
        words.append(letters[end - size : end])
        end -= size
    hits = sum(len(word) for word in words if word in known)
    return words[::-1] if hits >= 0.6 * len(letters) else None


def _from_base64(text: str) -> str | None:
    body = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def _from_hex(text: str) -> str | None:
    try:
        return bytes.fromhex(re.sub(r"^0x|[ :]", "", text)).decode("utf-8")
    except (UnicodeDecodeError, ValueError):
        return None


def _readable(text: str) -> bool:
    printable = sum(c.isprintable() or c.isspace() for c in text)
    return printable >= 0.95 * len(text) and (_englishness(text) > 0.2 or " " in text)


def _englishness(text: str) -> float:
    """The share of letters that stand in frequent English words."""
    words = _LETTERS.findall(text[:MOST_DECODED].lower())
    known, letters = wordlist.known(), sum(map(len, words))
    return sum(len(word) for word in words if word in known) / letters if letters else 0.0
