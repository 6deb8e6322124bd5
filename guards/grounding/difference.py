"""Where a sentence nearly says what a passage says and differs: another number, unit or name in its place, a denial.

A rule, and in words alone. How much a difference weighs depends on how nearly the two say the same otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.words import STOP_WORDS, content_stems, stem, words
from guards.grounding.anchors import Anchor, name_words, names, number_keys, numbers
from guards.grounding.contrast import contradicts, nearest_clause, opposable, opposites
from guards.grounding.evidence import Evidence, negated
from guards.wordlist import rarity

SAME_UNIT, SAME_KIND, SAME_NAME, DENIED = 1.0, 0.85, 0.8, 0.9  # how surely each difference is one
NEARLY = 0.85  # share of the sentence's words at which a difference counts whole
HARDLY = 0.4  # share at which it counts nothing
COMPARED = 4  # sentences of the passages that a sentence is compared with
LONGEST = 600  # characters of a sentence, on either side, that are compared
_AFTER = re.compile(r"[\s-]{0,2}(%|[^\W\d_]{1,30})")
_BEFORE = re.compile(r"([^\W\d_]{1,30}|[$€£¥#])[\s:(]{0,2}$")
_ANSWERED = re.compile(
    r"(?i)(?:no|nope|not (?:really|exactly|quite))\b[\s,;:.!–—-]{1,4}"
)  # of the question, not of what follows
_METRIC = re.compile(r"(met|lit)(?:e?r)?$")


def _plain_unit(word: str) -> str:
    """The stem of a unit, metre and meter made one."""
    return _METRIC.sub(r"\1er", stem(word.lower()))


_UNITS = tuple(
    frozenset(map(_plain_unit, group.split()))
    for group in (
        "second minute hour day week month quarter year decade century",
        "millimetre millimeter centimetre centimeter metre meter kilometre kilometer mile foot feet inch yard mm cm km",
        "gram kilogram tonne ton pound ounce kg",
        "byte kilobyte megabyte gigabyte terabyte kb mb gb tb",
        "dollar euro pound franc yen cent",
        "litre liter millilitre milliliter gallon pint ml",
        "hundred thousand million billion trillion",
        "celsius fahrenheit kelvin",
    )
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a sentence and a passage can't both be right."""

    start: int  # characters of the sentence
    end: int
    said: str  # by the sentence
    held: str  # by the passage
    risk: float  # 0 to 1
    denied: bool = False  # the whole is denied; otherwise something else stands in its place


def differences(sentence: str, evidence: Evidence) -> list[Difference]:
    """The differences from the sentence of the passages that nearly says the same; none where one agrees with it."""
    if len(sentence) > LONGEST:
        return []
    told = _matter(sentence)
    total = sum(map(rarity, told))
    if not told:
        return []
    shares = [sum(rarity(one) for one in told & piece) / total for piece in evidence.stems]
    near = sorted(range(len(shares)), key=lambda i: -shares[i])[:COMPARED]
    near = [i for i in near if shares[i] > HARDLY and shares[i] >= shares[near[0]] - 0.15]
    if len(told) < 2:  # one word in common tells nothing, unless the passage says little else
        near = [i for i in near if len(_matter(evidence.pieces[i])) < 3]
    found: list[Difference] = []
    for i in near:
        weight = min(1.0, (shares[i] - HARDLY) / (NEARLY - HARDLY))
        mine = [_weighed(one, weight) for one in _between(sentence, evidence.pieces[i], evidence)]
        if not mine and len(evidence.pieces[i]) <= LONGEST:
            return []
        found = found or mine
    return found


def _matter(sentence: str) -> frozenset[str]:
    """The stems that say what a sentence is about: without its numbers, units, names, and words that have opposites."""
    fixed = {
        one
        for anchor in (*numbers(sentence), *names(sentence))
        for one in content_stems(sentence[anchor.start : anchor.end])
    }
    units = frozenset().union(*_UNITS) if numbers(sentence) else frozenset()
    return frozenset(
        one
        for one in content_stems(sentence)
        if one not in fixed and one not in opposable() and _METRIC.sub(r"\1er", one) not in units
    )


def _weighed(one: Difference, weight: float) -> Difference:
    return Difference(one.start, one.end, one.said, one.held, one.risk * weight, one.denied)


def _between(sentence: str, piece: str, evidence: Evidence) -> Iterator[Difference]:
    """Every difference from one sentence of the passages."""
    if len(piece) > LONGEST:
        return
    for number in numbers(sentence):
        yield from _of_number(number, sentence, piece)
    for name in names(sentence):
        if not name.keys & evidence.names:
            yield from _of_name(name, sentence, piece)
    yield from _of_denial(sentence, piece)


def _of_number(number: Anchor, sentence: str, piece: str) -> Iterator[Difference]:
    unit, before = _unit(sentence, number), _before(sentence, number)
    same = [other for other in numbers(piece) if _kept(other.keys, number.keys)]
    if same:
        units = {_unit(piece, other) for other in same}
        group = next((group for group in _UNITS if unit in group), frozenset())
        if group and units <= group and unit not in units:
            yield _difference(sentence, number, piece, same[0], SAME_UNIT)
        return
    is_month = _kind(sentence, number) == "month"  # its keys are also those of a day
    if number.keys & number_keys(piece) and not is_month:
        return
    said = number_keys(sentence)
    for other in numbers(piece):
        if (other.keys & said and not is_month) or _kind(sentence, number) != _kind(piece, other):
            continue
        if unit and unit == _unit(piece, other) and _kind(sentence, number) != "year":
            yield _difference(sentence, number, piece, other, SAME_UNIT)
            return
        if _kind(sentence, number) != "plain" or (before and before == _before(piece, other)):
            yield _difference(sentence, number, piece, other, SAME_KIND)
            return


def _kept(theirs: frozenset[str], mine: frozenset[str]) -> bool:
    """Whether both stand for the same number; months by their names, as May is no fifth."""
    worded = [{key for key in keys if key.isalpha()} for keys in (theirs, mine)]
    return bool(worded[0] & worded[1]) if all(worded) else bool(theirs & mine) and not any(worded)


def _of_name(name: Anchor, sentence: str, piece: str) -> Iterator[Difference]:
    """Another name in the same place: after or before the same word."""
    mine = name_words(sentence)
    for other in names(piece):
        if other.keys & mine:
            continue
        after, before = _unit(sentence, name), _before(sentence, name)
        if (after and after == _unit(piece, other)) or (before and before == _before(piece, other)):
            yield _difference(sentence, name, piece, other, SAME_NAME)
            return


def _of_denial(sentence: str, piece: str) -> Iterator[Difference]:
    answered = _ANSWERED.match(sentence)
    if not contradicts(sentence[answered.end() :] if answered else sentence, piece):
        return
    near = nearest_clause(sentence, piece)
    told, held = set(map(stem, words(sentence))), set(map(stem, words(near)))
    turned = opposites(told, held)
    if turned and negated(sentence) == negated(near):
        start, end = _place(sentence, turned[0][0])
        yield Difference(start, end, sentence[start:end], _word(near, turned[0][1]), DENIED)
    else:
        yield Difference(0, len(sentence), sentence, near.strip() or piece, DENIED, denied=True)


def _difference(sentence: str, mine: Anchor, piece: str, theirs: Anchor, risk: float) -> Difference:
    return Difference(mine.start, mine.end, _with_unit(sentence, mine), _with_unit(piece, theirs), risk)


def _kind(text: str, number: Anchor) -> str:
    """What a number counts, by what stands around it: money, percent, a time, a month, a year, or something plain."""
    written = text[number.start : number.end]
    if text[number.start - 1 : number.start] in ("$", "€", "£", "¥"):
        return "money"
    if ":" in written:
        return "time"
    if written.isalpha() and any(key.isalpha() for key in number.keys):
        return "month"
    if re.match(r"\s?(?:%|percent\b|per cent\b)", text[number.end : number.end + 9]):
        return "percent"
    if re.fullmatch(r"1[5-9]\d\d|20\d\d", written):
        return "year"
    return "plain"


def _unit(text: str, anchor: Anchor) -> str:
    """The stem of the word that follows; empty where none does or it is a stop word."""
    match = _AFTER.match(text, anchor.end)
    if match is None or match[1].lower() in STOP_WORDS:
        return ""
    return _plain_unit(match[1])


def _before(text: str, anchor: Anchor) -> str:
    """The stem of the word that stands before, stop words too; empty at a beginning."""
    match = _BEFORE.search(text[max(0, anchor.start - 40) : anchor.start])
    return stem(match[1].lower()) if match else ""


def _with_unit(text: str, anchor: Anchor) -> str:
    """A number or name as it stands, with the sign before it and the word after a number."""
    start = anchor.start - 1 if text[anchor.start - 1 : anchor.start] in ("$", "€", "£", "¥") else anchor.start
    match = _AFTER.match(text, anchor.end) if text[anchor.start].isdigit() else None
    named = match is not None and match[1].lower() not in STOP_WORDS
    return text[start : match.end() if match is not None and named else anchor.end]


def _place(text: str, stems: frozenset[str] | set[str]) -> tuple[int, int]:
    for match in re.finditer(r"[^\W_]{1,40}", text):
        if stem(match.group().lower()) in stems:
            return match.span()
    return 0, len(text)


def _word(text: str, stems: frozenset[str] | set[str]) -> str:
    start, end = _place(text, stems)
    return text[start:end]
