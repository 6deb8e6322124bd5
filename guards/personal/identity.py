"""Finding the numbers that a state gives a person. Which are known is told in numbers.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from guards.personal import beside, presidio
from guards.personal.found import Chosen, Found, Kind
from guards.personal.numbers import NUMBERS, Number

_SIGN = re.compile(r"\d(?:[A-Za-z ./+-]{0,3}\d){3}")
_BEFORE, _AFTER = 60, 25  # characters beside a number in which a word may speak of it
_NEAR = 35  # before bare digits, which could be so much else
_LONGEST = 30  # characters of a number
_GOES_ON = re.compile(r"^(?:[\w-]|[.,]\d)")
_Search = Callable[[str], list[tuple[int, int]]]


_ANY_FORM = re.compile("\\b(?:" + "|".join(number.alone for number in NUMBERS if number.alone) + ")")
_WORD = re.compile(r"[a-z]{2,}")


def find(text: str, chosen: Chosen) -> Iterator[Found]:
    """Numbers of the chosen countries that check and a word beside them prove, or a form that nothing else has."""
    if not _SIGN.search(text):
        return
    spoken, has_form = set(_WORD.findall(text.lower())), bool(_ANY_FORM.search(text))
    for number in NUMBERS:
        if number.region in chosen.regions and (has_form or not spoken.isdisjoint(_first_words(number))):
            for start, end in dict.fromkeys(_places(number, text)):
                if risk := _risk(number, text, start, end):
                    yield Found(start, end, Kind.IDENTITY, number.label, risk)


def _places(number: Number, text: str) -> Iterator[tuple[int, int]]:
    """Where numbers of this sort stand: around the words that speak of them, and everywhere in their own form."""
    for match in _words(number).finditer(text):
        yield from _within(number, text, match.start() - _AFTER - _LONGEST, match.end() + _BEFORE + _LONGEST)
    if number.alone:
        for match in re.finditer(number.alone, text):
            yield from _within(number, text, match.start(), match.end())


def _within(number: Number, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Whole numbers of this sort within these characters of the text."""
    start = max(0, start)
    for a, b in _search(number)(text[start:end]):
        if _is_apart(text, start + a, start + b):
            yield start + a, start + b


def _risk(number: Number, text: str, start: int, end: int) -> float:
    before = _NEAR if text[start:end].isdigit() else _BEFORE
    if _words(number).search(text, max(0, start - before), end + _AFTER):
        return 0.9
    alone = number.alone and re.compile(number.alone).fullmatch(text, start, end)
    return 0.7 if alone and not beside.is_other(text, start) else 0.0


@cache
def _first_words(number: Number) -> frozenset[str]:
    """The word that each of its words begins with."""
    return frozenset(match[0] for word in number.words.split(",") if (match := _WORD.match(word)))


def _words(number: Number) -> re.Pattern[str]:
    return beside.words(*number.words.split(","))


@cache
def _search(number: Number) -> _Search:
    """Where numbers of this sort stand in a text, as far as form and check tell."""
    if number.presidio is not None:
        search = presidio.searching(*number.presidio)
        return lambda text: [(start, end) for start, end, _ in search(text)]
    pattern, check = re.compile(number.pattern), number.check
    return lambda text: [m.span() for m in pattern.finditer(text) if check is None or check(m.group())]


def _is_apart(text: str, start: int, end: int) -> bool:
    """Whether nothing goes on where it begins or ends: no letter, digit, hyphen, or digit after a point."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return not (_GOES_ON.search(before[::-1]) or _GOES_ON.search(after))
