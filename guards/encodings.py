"""Undoing encodings: base64, base32, hexadecimal, binary and decimal codes, escapes of the web, Morse, invisible tags.

Each function takes a text and gives the stretches that are in its code and decode to readable text. Ordinary text has
none: dates, numbers, hashes, keys and addresses decode to nothing that reads.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from guards.english import englishness
from guards.readings import Piece

LEAST_ESCAPES = 4  # letters that were escaped without need, or blanks in an address, from which it is a disguise
_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{12,30000}={0,2}(?:[ \t]?\r?\n[ \t]{0,8}[A-Za-z0-9+/_-]{1,200}={0,2}){0,800}"
    r"(?![A-Za-z0-9+/=_-])"
)
_BASE32 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Z2-7]{16,30000}={0,6}(?![A-Za-z0-9+/=])")
_CHUNKS = re.compile(r"(?<!\S)(?:[A-Za-z0-9+/_-]{2,76}={0,2}[ \t\r\n]{1,3}){2,2000}[A-Za-z0-9+/_-]{2,76}={0,2}(?!\S)")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:(?:0x|\\x|&#x|%)?[0-9a-fA-F]{2}[ :,;\n-]{0,2}){8,15000}(?![0-9A-Za-z])")
_BITS = re.compile(
    r"(?<![0-9A-Za-z])(?:[01]{8}[ ,\n]{0,2}){4,8000}(?![0-9A-Za-z])|(?:(?<!\d)[01]{7}[ ,\n]{1,2}){4,8000}[01]{7}(?!\d)"
)
_CODES = re.compile(r"(?<!\d)(?:[1-9]\d{1,2}[ ,;\n]{1,2}){8,8000}[1-9]\d{1,2}(?!\d)")
_MORSE = re.compile(r"(?<!\S)(?:[.\-\u2022\u00b7_]{1,7}[ /|\n]{1,4}){8,8000}(?:[.\-\u2022\u00b7_]{1,7})?")
_ESCAPE = re.compile(
    r"\\u\{([0-9a-fA-F]{1,6})\}|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\x([0-9a-fA-F]{2})|U\+([0-9a-fA-F]{4,6})\s?|"
    r"&#x([0-9a-fA-F]{1,6});?|=([0-9A-F]{2})(?![0-9A-Za-z=])"
)
_DECIMAL = re.compile(r"&#(\d{1,7});?")
_OCTAL = re.compile(r"\\([0-3][0-7]{2})")
_PERCENT = re.compile(r"(?<![^\s\"'=(:,])[^\s%]{0,200}(?:%[0-9a-fA-F]{2}[^\s%]{0,60}){3,8000}")
_MORSE_CODE = dict(
    zip(
        ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. "
        "----- .---- ..--- "
        "...-- ....- ..... -.... --... ---.. ----. .-.-.- --..-- ..--.. .----. -.-.-- -..-. ---... -....-".split(),
        "abcdefghijklmnopqrstuvwxyz0123456789.,?'!/:-",
        strict=True,
    )
)
_TAGS = re.compile("(?<!\U0001f3f4)[\U000e0020-\U000e007e]{4,}")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")


def invisible(text: str) -> Iterator[Piece]:
    """Stretches of tag characters or variation selectors that spell a text; this reads the text before it is folded."""
    for pattern, decode in ((_TAGS, _from_tags), (_SELECTORS, _from_selectors)):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), f" {decode(match.group())} "


def encoded(text: str) -> Iterator[tuple[str, list[Piece]]]:
    """(name of the code, its stretches) for each code that is found."""
    for how, find in _CODES_BY_NAME:
        pieces = list(find(text))
        if pieces:
            yield how, pieces


def _matches(pattern: re.Pattern[str], decode: Callable[[str], str | None]) -> Callable[[str], Iterator[Piece]]:
    def find(text: str) -> Iterator[Piece]:
        for match in pattern.finditer(text):
            found = decode(match.group())
            if found and readable(found):
                tail = match.group()[len(match.group().rstrip()) :]
                yield match.start(), match.end(), found + tail

    return find


def readable(text: str) -> bool:
    """Whether decoded bytes read as a text: printable, and words of English or blanks between letters."""
    printable = sum(c.isprintable() or c.isspace() for c in text)
    letters = sum(c.isalpha() or c == " " for c in text)
    return printable >= 0.95 * len(text) and letters >= 0.6 * len(text) and (englishness(text) > 0.2 or " " in text)


def _from_base64(text: str) -> str | None:
    body = re.sub(r"[\s=]", "", text).replace("-", "+").replace("_", "/")
    body = body[: len(body) - 1] if len(body) % 4 == 1 else body
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def _from_chunks(text: str) -> str | None:
    """Words that were encoded one by one: each decodes for itself."""
    read = []
    for part in text.split():
        word = _from_base64(part)
        if not word or not word.isprintable():
            return None
        read.append(word)
    return " ".join(read) if englishness(" ".join(read)) > 0.4 else None


def _from_base32(text: str) -> str | None:
    body = text.rstrip("=")
    try:
        return base64.b32decode(body + "=" * (-len(body) % 8)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def _from_hex(text: str) -> str | None:
    try:
        return bytes.fromhex(re.sub(r"0x|\\x|&#x|[% :,;\n-]", "", text)).decode("utf-8")
    except (UnicodeDecodeError, ValueError):
        return None


def _from_bits(text: str) -> str | None:
    groups = re.findall(r"[01]{7,8}", text) if re.search(r"[ ,\n]", text) else re.findall(r"[01]{8}", text)
    return _from_numbers(int(group, 2) for group in groups)


def _from_codes(text: str) -> str | None:
    found = re.findall(r"\d+", text)
    read = _from_numbers(map(int, found))
    if read is None and all(set(number) <= set("01234567") for number in found):
        read = _from_numbers(int(number, 8) for number in found)
    return read if read and englishness(read) > 0.4 else None


def _from_numbers(numbers: Iterator[int]) -> str | None:
    try:
        return bytes(numbers).decode("utf-8")
    except (UnicodeDecodeError, ValueError):
        return None


def _from_morse(text: str) -> str | None:
    words = re.split(r"\s{2,4}|\s?[/|\n]\s?", re.sub("[\u2022\u00b7]", ".", text).replace("_", "-").strip())
    letters = [[_MORSE_CODE.get(sign) for sign in word.split()] for word in words]
    if any(letter is None for word in letters for letter in word):
        return None
    return " ".join("".join(filter(None, word)) for word in letters)


def _from_tags(text: str) -> str:
    return "".join(chr(ord(c) - 0xE0000) for c in text)


def _from_selectors(text: str) -> str:
    numbers = (ord(c) - 0xFE00 if ord(c) <= 0xFE0F else ord(c) - 0xE0100 + 16 for c in text)
    return bytes(numbers).decode("utf-8", "replace")


def _escapes(text: str) -> Iterator[Piece]:
    """Characters written by their numbers where they could stand themselves."""
    pieces = []
    for pattern, base in ((_ESCAPE, 16), (_DECIMAL, 10), (_OCTAL, 8)):
        for match in pattern.finditer(text):
            number = int(next(group for group in match.groups() if group), base)
            if 0x20 <= number < 0x110000 and not 0xD800 <= number < 0xE000:
                pieces.append((match.start(), match.end(), chr(number)))
    needless = sum(piece[2].isascii() and piece[2].isalpha() for piece in pieces)
    if needless >= LEAST_ESCAPES:
        yield from sorted(pieces)


def _percent(text: str) -> Iterator[Piece]:
    """Addresses' escapes: letters that need none, or several words within one."""
    for match in _PERCENT.finditer(text):
        read = unquote(match.group())
        needless = len(re.findall(r"%(?:4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A])", match.group(), re.IGNORECASE))
        if (needless >= LEAST_ESCAPES or match.group().count("%20") >= LEAST_ESCAPES) and readable(read):
            yield match.start(), match.end(), read


def _entities(text: str) -> Iterator[Piece]:
    """Named entities of letters and marks, only beside others: `&amp;` alone is no disguise."""
    found = [(m.start(), m.end(), html.unescape(m.group())) for m in re.finditer(r"&[A-Za-z]{2,12};", text)]
    if sum(piece[2].isalnum() for piece in found) >= LEAST_ESCAPES:
        yield from found


_CODES_BY_NAME: tuple[tuple[str, Callable[[str], Iterator[Piece]]], ...] = (
    ("base64", _matches(_BASE64, _from_base64)),
    ("base64", _matches(_CHUNKS, _from_chunks)),
    ("base32", _matches(_BASE32, _from_base32)),
    ("hexadecimal", _matches(_HEX, _from_hex)),
    ("binary digits", _matches(_BITS, _from_bits)),
    ("character codes", _matches(_CODES, _from_codes)),
    ("Morse code", _matches(_MORSE, _from_morse)),
    ("escaped characters", _escapes),
    ("escaped characters", _percent),
    ("escaped characters", _entities),
)
