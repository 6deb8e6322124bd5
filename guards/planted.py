"""Instructions to the assistant that somebody planted in a whole document, shown or hidden. Words only; no model.

A document may well speak about such instructions. What stands in quotation marks or code, is reported ("it was told
to ignore …"), or stands among talk of attacks and prompts, is taken for that.
"""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from guards import normalise, rules
from guards.blocks import blocks
from guards.hidden_wordings import HIDDEN
from guards.shown_wordings import SHOWN

BLOCK = 4000  # characters that are read as one
REACH = 300  # characters around a wording in which others add to it, and that a block sees of the next
FIRES_SHOWN, FIRES_HIDDEN = 0.8, 0.6
MOST_READINGS = 12  # of one block, the plain one counted
UNSEEN = "invisible characters"  # as a reading calls that disguise
_AROUND = 1500  # characters on each side in which talk of attacks counts
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0020-\U000e007f]")
_LOOKALIKE = re.compile("[\u0370-\u03ff\u0400-\u052f\u0530-\u058f]")
_FENCE = re.compile(r"^[ \t>]{0,12}(?:```|~~~)", re.MULTILINE)
_REPORTED = re.compile(
    r"(?i)\b(?:to|can|could|may|might|will|would|which|that|who|they|it|he|we|i|attackers?|users?|of|by|for|with|as)\s{1,2}$"
)
_ORDERED = re.compile(r"(?i)\b(?:you (?:to|have to|need to|are to|must|will|should|can)|task is to|job is to)\s{1,2}$")
_TALK = re.compile(
    r"(?i)\b(?P<sure>prompt[\s-]injections?|injection attacks?|jail ?break\w{0,4}|prompt (?:hack|leak|engineer)\w{0,5}|"
    r"chat[\s-]templates?|red[\s-]team\w{0,3}|adversarial prompt\w{0,4}|guardrails?)\b|"
    r"\b(?:attack(?:er|ers|s)?|malicious|adversar\w{1,5}|vulnerab\w{1,7}|exploit\w{0,5}|mitigat\w{1,5}|payloads?|"
    r"hallucinat\w{1,5}|tokeni[sz]\w{1,4}|few-shot|zero-shot|prompting|prompts|llms?|chatgpt|gpt-\d\w{0,2})\b"
)


@dataclass(frozen=True, slots=True)
class Planted:
    """One instruction that was found."""

    what: str  # which kind of wording gave it away
    words: str  # as a person reads them, disguise undone
    how: str = ""  # the disguise, when there was one
    start: int = 0  # where it stands in the text
    end: int = 0


def shown(text: str) -> Iterator[Planted]:
    """Instructions in what a reader of the document sees."""
    fences = [match.start() for match in _FENCE.finditer(text)]
    for start, end in blocks(text, BLOCK):
        for view in _readings(text[start : end + REACH]):
            for hint in _sure(view):
                begin, stop = view.span(hint.start, hint.end)
                how = view.how or _disguise(text[start + begin : start + stop])
                unseen = how in {UNSEEN, "look-alike letters"}
                in_code = _is_fenced(fences, start + begin)
                if unseen or not (in_code or _is_talk(text, start + begin, start + stop)):
                    yield Planted(hint.what, _words(view.text, hint), how, start + begin, start + stop)


def hidden(text: str) -> Iterator[Planted]:
    """Instructions in what a reader does not see: less gives them away."""
    for start, end in blocks(text, BLOCK):
        for view in _readings(text[start : end + REACH]):
            found = [*_shown_hints(view.text), *rules.hints(view.text, HIDDEN), *_halved(view.text)]
            if found and _joined(found) >= FIRES_HIDDEN:
                heaviest = max(found, key=lambda hint: hint.weight)
                begin, stop = view.span(heaviest.start, heaviest.end)
                yield Planted(heaviest.what, _words(view.text, heaviest), view.how, start + begin, start + stop)


def _readings(text: str) -> Iterator[normalise.View]:
    return islice(normalise.views(text), MOST_READINGS)


def _shown_hints(text: str) -> Iterator[rules.Hint]:
    flat = " " + text.lower().replace("\n", " ")
    for family in SHOWN:
        if family.may_be_in(flat):
            yield from rules.hints(text, family.wordings)


def _halved(text: str) -> list[rules.Hint]:
    """The wordings for questions and passages, which weigh half in a document."""
    found = rules.hints(text, rules.ASKED, rules.PLANTED)
    return [replace(hint, weight=hint.weight / 2) for hint in found]


def _joined(found: Iterable[rules.Hint]) -> float:
    """The weight of all together, as independent hints; a wording counts once, and so do the same characters."""
    counted: list[rules.Hint] = []
    for hint in sorted(found, key=lambda hint: -hint.weight):
        if all(hint.wording != other.wording and _is_apart(hint, other) for other in counted):
            counted.append(hint)
    return 1 - math.prod(1 - hint.weight for hint in counted)


def _is_apart(one: rules.Hint, other: rules.Hint) -> bool:
    return one.end <= other.start or one.start >= other.end


def _sure(view: normalise.View) -> Iterator[rules.Hint]:
    """Wordings that weigh enough together with what stands around them, one a neighbourhood."""
    found = [hint for hint in _shown_hints(view.text) if not _is_reported(view.text, hint)]
    past = -1
    for hint in sorted(found, key=lambda hint: hint.start):
        if hint.start < past:
            continue
        near = [other for other in found if abs(other.start - hint.start) <= REACH]
        begin, end = max(0, hint.start - REACH), hint.end + REACH
        kinds = {other.what for other in near}
        further = [other for other in _halved(view.text[begin:end]) if other.what not in kinds]
        if _joined([*near, *further]) >= FIRES_SHOWN:
            past = hint.end + REACH
            yield max(near, key=lambda other: other.weight)


def _is_reported(text: str, hint: rules.Hint) -> bool:
    """Whether the words tell what somebody does rather than what to do."""
    if hint.what not in {rules.OVERRIDE, rules.EXTRACT}:
        return False
    before = text[max(0, hint.start - 40) : hint.start]
    return bool(_REPORTED.search(before)) and not _ORDERED.search(before)


def _disguise(raw: str) -> str:
    """How the words were kept from being seen or found, when they were."""
    if _INVISIBLE.search(raw):
        return UNSEEN
    return "look-alike letters" if _LOOKALIKE.search(raw) else ""


def _is_fenced(fences: list[int], at: int) -> bool:
    """Whether this place stands in a block of code; a fence that nobody closes opens none."""
    before = bisect(fences, at)
    return before % 2 == 1 and before < len(fences)


def _is_talk(text: str, start: int, end: int) -> bool:
    """Whether the document speaks about such words instead of saying them."""
    return _is_quoted(text, start, end) or _is_discussed(text, start, end)


def _is_quoted(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - REACH) : start], text[end : end + 2 * REACH]
    before, after = before.rpartition("\n\n")[2], after.partition("\n\n")[0]
    pairs = (("“", "”"), ("«", "»"), ("„", "“"), ("‘", "’"), ("<code>", "</code>"))
    if any(before.rfind(a) > before.rfind(b) and b in after for a, b in pairs):
        return True
    line = before.rpartition("\n")[2]
    if any((before.count(mark) % 2 or line.count(mark) % 2) and mark in after for mark in ('"', "`")):
        return True
    opened = re.search(r"(?<!\w)'(?![\s'])(?:(?!'(?!\w)).)*$", before, re.DOTALL)
    return bool(opened) and "'" in after


def _is_discussed(text: str, start: int, end: int) -> bool:
    """Whether attacks or prompts are what the text around is about."""
    begin = max(text.rfind(mark, max(0, start - REACH), start) for mark in (". ", "\n", "! ", "? "))
    around = text[max(0, start - _AROUND) : max(begin, start - REACH, 0)] + " | " + text[end + REACH : end + _AROUND]
    found = {match.group().lower(): match["sure"] for match in _TALK.finditer(around)}
    return any(found.values()) or len(found) >= 2


def _words(text: str, hint: rules.Hint) -> str:
    """The wording with the rest of its sentence."""
    begin = max(text.rfind(mark, max(0, hint.start - 120), hint.start) + 1 for mark in ".!?\n")
    stops = [at for at in (text.find(mark, hint.end) for mark in (". ", "! ", "? ", "\n")) if at >= 0]
    return text[max(begin, hint.start - 120, 0) : min([*stops, hint.end + 180])].strip()
