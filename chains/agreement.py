"""Whether quoted words agree with a sentence: its numbers, its names, what it denies, and what each belongs to.

A rule, and in words alone: the meaning as a whole is weighed by the guard `groundedness`. What agrees here may still
not support the sentence; what disagrees never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.words import STOP_WORDS, content_stems, stem, words
from guards.evidence import negated
from guards.wordlist import known, rarity

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
_I = re.compile(r"(?i:(?<![\w'’.])(?:i|my|me|mine|i['’](?:m|ve|d|ll))(?![\w.'’]))")
_NO_NAME = re.compile(r"(?:ing|ed|ly|tions?|ness|ments?|ity|ies|ous|ive|[ai]ble|al|[ae]nce|ers?|ors?|ists?|isms?)$")
_STARTS = re.compile(r"(?:^|[.!?:;•|\n]|[-*] )[\s\"'“‘(*_]*$")
_LEANING = re.compile(
    r"(?i)\b(?:he|him|his|she|her|it|its|they|them|their|this|these|that|those|such|who|which|both)\b"
)
_DENYING = re.compile(
    r"(?i)\b(?:no longer|not (?:true|the case|correct)|never|false|untrue|wrong(?:ly)?|myth|den(?:y|ies|ied)|"
    r"(?:do|does|did|is|was|are|were|has|have|had|can|could|will|would|should)(?:\s+not|n['’]t))\b"
)
_FAR_APART = re.compile(
    r"[.!?;:|\n]+(?=\s|$)|,\s(?=(?:and|but|or|while|whereas|although|though)\b)|\s(?=(?:but|while|whereas)\b)"
    r"|\sand\s(?=\d|[A-Z]\w+\s[a-z])"
)
_CLAUSE_END = re.compile(
    r"[.!?;:|\n]+(?=\s|$)|,\s|\s[–—-]\s|\s(?=(?:and|but|or|while|whereas|although|though|which|who|because|if|unless)\b)"
)
_OPPOSITES = tuple(
    (frozenset(map(stem, a.split())), frozenset(map(stem, b.split())))
    for a, b in (
        ("allowed permitted may welcome", "forbidden prohibited banned disallowed"),
        ("increase rise rose grow grew raise", "decrease fall fell drop decline shrink lower"),
        ("open", "closed close"),
        ("before", "after"),
        ("first", "last"),
        ("more", "less fewer"),
        ("most maximum", "least minimum"),
        ("above over", "below under"),
        ("include", "exclude"),
        ("accept approve", "reject refuse deny"),
        ("win won", "lose lost"),
        ("enable", "disable"),
        ("start begin began", "end stop finish"),
        ("buy bought", "sell sold"),
        ("mandatory compulsory required obligatory", "optional voluntary"),
        ("north northern", "south southern"),
        ("east eastern", "west western"),
        ("early earlier", "late later"),
        ("cheap cheaper", "expensive"),
        ("arrive arrival", "depart departure leave"),
    )
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Something in a text that can't be said otherwise: a number or a name."""

    keys: frozenset[str]  # any one of them stands for it
    start: int
    end: int


def agrees(sentence: str, quote: str, context: str = "") -> bool:
    """Whether the quote holds every number and name of the sentence, each where it belongs, and denies what it denies.

    `context` is what stands over the quote: headings, a table's header, what introduces a list. Names and numbers may
    come from there.
    """
    around = f"{context}\n{quote}"
    return (
        all(_held(number, _number_keys(around)) for number in numbers(sentence))
        and all(_named(name, sentence, around) for name in names(sentence))
        and (_speaker(quote) or not _speaker(sentence))
        and not _contradicts(sentence, quote)
        and all(_belongs(anchor, sentence, quote) for anchor in anchors(sentence))
    )


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


def denies(text: str, start: int) -> bool:
    """Whether the clause of the text that goes on at this offset denies or doubts what follows, by a word before it."""
    line = text[:start]
    begin = max((match.end() for match in re.finditer(r"[.!?;:|]\s|\n\s*\n|,\s(?:but|and)\s", line)), default=0)
    return _DENYING.search(line[begin:]) is not None


def clauses(text: str, ends: re.Pattern[str] = _CLAUSE_END) -> Iterator[tuple[int, int]]:
    """Start and end of each clause of a text, by its punctuation and conjunctions; a rough cut."""
    begin = 0
    for match in ends.finditer(text):
        if text[begin : match.end()].strip():
            yield begin, match.end()
        begin = match.end()
    if text[begin:].strip():
        yield begin, len(text)


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


@lru_cache(maxsize=2048)
def _number_keys(text: str) -> frozenset[str]:
    found = {key for anchor in numbers(text) for key in anchor.keys}
    if re.search(r"(?i)\bone\b", text):
        found.add("1")
    return frozenset(found | {f"{int(hour):g}" for hour, minute in re.findall(r"\b(\d{1,2}):(\d\d)\b", text)})


def _held(anchor: Anchor, keys: frozenset[str]) -> bool:
    return bool(anchor.keys & keys)


def _name_keys(word: str) -> frozenset[str]:
    plain = word.replace(".", "")
    return frozenset({stem(plain.lower()), *(stem(part) for part in words(plain) if part)})


def _named(anchor: Anchor, sentence: str, text: str) -> bool:
    """Whether a name stands in the text: the word, the initials that it is made of, or the family name alone."""
    if anchor.keys & (_name_words(text) | _initials(text)):
        return True
    family = next((other for other in names(sentence) if sentence[anchor.end : other.start] == " "), None)
    if family is None or not family.keys & _name_words(text):
        return False
    held = [other for other in names(text) if other.keys & family.keys]
    return not any(text[other.end : name.start] == " " for name in held for other in names(text))


def _speaker(text: str) -> bool:
    """Whether someone speaks of himself: `I` and `my`."""
    return _I.search(text) is not None


@lru_cache(maxsize=2048)
def _name_words(text: str) -> frozenset[str]:
    plain = re.sub(r"\b((?:[A-Za-z]\.){2,})", lambda match: match[1].replace(".", ""), text)
    return frozenset(content_stems(plain)) | {stem(word) for word in words(plain)}


@lru_cache(maxsize=2048)
def _initials(text: str) -> frozenset[str]:
    """Abbreviations that the text's names in several words would have, and the words of names behind abbreviations."""
    runs = re.findall(r"\b(?!The\s)[A-Z]\w+(?:\s+(?:of\s+|the\s+|for\s+|and\s+)*[A-Z]\w+)+", text)
    return frozenset(stem("".join(word[0] for word in run.split() if word[0].isupper()).lower()) for run in runs)


@lru_cache(maxsize=1)
def _known_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in known())


def _contradicts(sentence: str, quote: str) -> bool:
    """Whether one of them denies what the other says, by a negation or by an opposite word."""
    near = _nearest_clause(sentence, quote)
    said, held = set(map(stem, words(sentence))), set(map(stem, words(near)))
    turned = sum(
        bool(said & a and held & b and not held & a) or bool(said & b and held & a and not held & b)
        for a, b in _OPPOSITES
    )
    return (negated(sentence) != negated(near)) != bool(turned % 2)


def _nearest_clause(sentence: str, quote: str) -> str:
    """The clauses of the quote that the sentence speaks of: those that hold its words."""
    said = set(content_stems(sentence))
    parts = [quote[a:b] for a, b in clauses(quote)]
    shares = [len(said & set(content_stems(part))) for part in parts]
    best = max(shares, default=0)
    return " ".join(part for part, share in zip(parts, shares, strict=True) if share and share >= 0.5 * best)


def _belongs(anchor: Anchor, sentence: str, quote: str) -> bool:
    """Whether a number or name stands in the quote with the words that it stands with in the sentence.

    It does not when those words rather stand in another clause of the quote, beside another number or name.
    """
    parts = [quote[a:b] for a, b in clauses(quote, _FAR_APART)]
    home = [part for part in parts if anchor.keys & terms(part)]
    if len(home) != 1 or len(parts) < 2 or _LEANING.search(quote):
        return True
    mine = _said(home[0])
    beside = {key for other in anchors(home[0]) for key in other.keys}
    if len(mine - beside) < 2:  # an apposition or the end of a list, no clause of its own
        return True
    around = _around(anchor, sentence) - {key for other in _run(anchor, sentence) for key in other.keys}
    for part in parts:
        if part is home[0] or not any(not other.keys & anchor.keys for other in anchors(part)):
            continue
        theirs = _said(part)
        if _weight(around & theirs - mine) > _weight(around & mine - theirs):
            return False
    return True


def anchors(text: str) -> tuple[Anchor, ...]:
    """The numbers and the names of a text."""
    return numbers(text) + names(text)


@lru_cache(maxsize=2048)
def terms(text: str) -> frozenset[str]:
    """What a text holds, for finding what another says: stems, numbers by their value, names and their initials."""
    return _name_words(text) | _initials(text) | _number_keys(text)


def _weight(stems: set[str]) -> float:
    return sum(map(rarity, stems))


def _run(anchor: Anchor, sentence: str) -> list[Anchor]:
    """The names that it stands together with, such as a first and a family name; itself among them."""
    found = [anchor]
    if anchor not in names(sentence):
        return found
    for other in names(sentence):
        if sentence[found[-1].end : other.start] == " ":
            found.append(other)
    for other in reversed(names(sentence)):
        if sentence[other.end : found[0].start] == " ":
            found.insert(0, other)
    return found


def _around(anchor: Anchor, sentence: str) -> set[str]:
    """What stands with it in its clause of the sentence."""
    a, b = next(((a, b) for a, b in clauses(sentence, _FAR_APART) if a <= anchor.start < b), (0, len(sentence)))
    return _said(sentence[a:b])


def _said(text: str) -> set[str]:
    """The stems of a text, numbers by their value."""
    numeric = {stem for number in numbers(text) for stem in content_stems(text[number.start : number.end])}
    return set(content_stems(text)) - numeric | {min(number.keys) for number in numbers(text)}
