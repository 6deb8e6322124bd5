"""The fixed points of a text, by which two texts are compared: its numbers by their value, its names, its stems.

Whether texts agree in them is the matter of `contrast.py` here and of `chains/agreement.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from core.words import STOP_WORDS, content_stems, stem, words
from guards.wordlist import known

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = (
    {word: float(value) for value, word in enumerate(_UNITS)}
    | {word: 10.0 * value for value, word in enumerate(_TENS, 2)}
    | dict(
        zip(
            "third fourth fifth sixth seventh eighth ninth tenth twelfth".split(),
            (3, 4, 5, 6, 7, 8, 9, 10, 12),
            strict=True,
        )
    )
    | {"dozen": 12.0, "twice": 2.0}
)
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = re.compile(rf"\b(?:{'|'.join(map(str.title, _MONTHS))})\b")
_WORDED = "|".join((*sorted(_VALUES, key=len, reverse=True), *_SCALES))
_NUMBER = re.compile(
    rf"(?P<clock>(?<![\d.,:])\d{{1,2}}:\d\d(?![\d:]))"
    rf"|(?P<figure>\d+(?:[.,]\d+)*)(?:st|nd|rd|th)?(?:\s?(?P<scale>{'|'.join(_SCALES)}|[kKmM](?![\w])))?"
    rf"|(?i:(?<![\w-])(?P<worded>(?:{_WORDED})(?:[\s-](?:and[\s-])?(?:{_WORDED}))*)s?(?![\w-]))"
)
_NAME = re.compile(r"(?<![\w'’-])[A-Z][\w'’-]+|(?<![\w'’-])(?:[A-Z]\.){2,}")
# endings by which a word at a beginning is none, though it is not among the frequent ones
_NO_NAME = re.compile(r"(?:ing|ed|ly|tions?|ness|ments?|ity|ies|ous|ive|[ai]ble|al|[ae]nce|ers?|ors?|ists?|isms?)$")
_STARTS = re.compile(r"(?:^|[.!?:;•|\n]|[-*] )[\s\"'“‘(*_]*$")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Something in a text that can't be said otherwise: a number or a name."""

    keys: frozenset[str]  # any one of them stands for it
    start: int
    end: int


def anchors(text: str) -> tuple[Anchor, ...]:
    """The numbers and the names of a text."""
    return numbers(text) + names(text)


@lru_cache(maxsize=2048)
def numbers(text: str) -> tuple[Anchor, ...]:
    """The numbers of a text by their value, in figures or in words; a month counts as one. `one` counts nothing."""
    found = []
    for match in _NUMBER.finditer(text):
        keys = _values(match)
        if keys and match.group().lower() not in {"one", "ones"}:
            found.append(Anchor(frozenset(keys), *match.span()))
    found += [
        Anchor(frozenset({month := match.group().lower(), f"{_MONTHS.index(month) + 1}"}), *match.span())
        for match in _MONTH.finditer(text)
    ]
    return tuple(found)


@lru_cache(maxsize=2048)
def names(text: str) -> tuple[Anchor, ...]:
    """The names of a text: words in capitals where none is called for, and uncommon ones at a beginning.

    None in a text that is mostly in capitals, such as a title, or German: there they tell nothing.
    """
    found = []
    capital = 0
    for match in _NAME.finditer(text):
        word = re.sub(r"['’]s?$", "", match.group())
        lower = word.lower()
        starts = _STARTS.search(text[: match.start()]) is not None
        capital += not starts
        if lower in STOP_WORDS or lower in _MONTHS or lower in _VALUES or lower in _SCALES:
            continue
        if starts and (lower in known() or stem(lower) in _known_stems() or _NO_NAME.search(word)):
            continue
        found.append(Anchor(_name_keys(word), match.start(), match.start() + len(word)))
    return () if capital > 3 and capital > 0.45 * len(text.split()) else tuple(found)


@lru_cache(maxsize=2048)
def terms(text: str) -> frozenset[str]:
    """What a text holds, for finding what another says: stems, numbers by their value, names and their initials."""
    return name_words(text) | initials(text) | number_keys(text)


def said(text: str) -> set[str]:
    """The stems of a text, numbers by their value."""
    numeric = {stem for number in numbers(text) for stem in content_stems(text[number.start : number.end])}
    return set(content_stems(text)) - numeric | {min(number.keys) for number in numbers(text)}


@lru_cache(maxsize=2048)
def number_keys(text: str) -> frozenset[str]:
    """Every number that stands in a text, in each way in which it may be said; the hours of times of day too."""
    found = {key for anchor in numbers(text) for key in anchor.keys}
    if re.search(r"(?i)\bone\b", text):
        found.add("1")
    return frozenset(found | {f"{int(hour):g}" for hour, minute in re.findall(r"\b(\d{1,2}):(\d\d)\b", text)})


@lru_cache(maxsize=2048)
def name_words(text: str) -> frozenset[str]:
    """The stems of every word of a text, abbreviations without their full stops."""
    plain = re.sub(r"\b((?:[A-Za-z]\.){2,})", lambda match: match[1].replace(".", ""), text)
    return frozenset(content_stems(plain)) | {stem(word) for word in words(plain)}


@lru_cache(maxsize=2048)
def initials(text: str) -> frozenset[str]:
    """Abbreviations that the text's names in several words would have, and the words of names behind abbreviations."""
    runs = re.findall(r"\b(?!The\s)[A-Z]\w+(?:\s+(?:of\s+|the\s+|for\s+|and\s+)*[A-Z]\w+)+", text)
    return frozenset(stem("".join(word[0] for word in run.split() if word[0].isupper()).lower()) for run in runs)


def _values(match: re.Match[str]) -> set[str]:
    """The ways in which a number may be written, as comparable keys."""
    if match["clock"]:
        hour, minute = match["clock"].split(":")
        return {f"{int(hour)}:{minute}"} | ({f"{int(hour):g}"} if minute == "00" else set())
    if match["worded"]:
        return {f"{_worded(match['worded']):g}"}
    figure = match["figure"]
    plain = figure.replace(",", "") if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", figure) else figure
    scale = {"k": 1e3, "m": 1e6}.get((match["scale"] or "").lower(), _SCALES.get(match["scale"] or "", 1.0))
    try:
        return {f"{float(plain) * scale:.12g}"}
    except ValueError:
        return {plain}


def _worded(text: str) -> float:
    """The value of a number in words, such as `two hundred and five`."""
    total = current = 0.0
    for word in re.split(r"[\s-]+", text.lower()):
        if word in _SCALES:
            current = max(current, 1.0) * _SCALES[word]
            if word != "hundred":
                total, current = total + current, 0.0
        else:
            current += _VALUES.get(word, 0.0)
    return total + current


def _name_keys(word: str) -> frozenset[str]:
    """A name as a whole, and the parts of a compound one."""
    plain = word.replace(".", "")
    return frozenset({stem(plain.lower()), *(stem(part) for part in words(plain) if part)})


@lru_cache(maxsize=1)
def _known_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in known())
