"""A question without a verb, put in place of its like in the question before: `And in 2020?`, `What about Berlin?`"""

from __future__ import annotations

import re

from chains.conversation import lexicon as lex
from chains.conversation.frames import Phrase, frame, phrases, tokens

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_NUMBER = re.compile(
    r"\b(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|twelve|hundred|thousand)\b", re.IGNORECASE
)
_QUALITIES = frozenset("first following last next other right same second third whole".split())
_PAIRS = ({"with", "without"}, {"before", "after"}, {"on", "in", "at"}, {"if", "when"})
SELF = "parapet"


def swapped(rest: str, base: str) -> str:
    """The base question with `rest` in place of what is of its kind; behind it where nothing is; empty for no words."""
    words = tokens(rest)
    if not words:
        return ""
    bare_wh = words[0].low in lex.WH and len(words) <= 2 and not any(w.is_content for w in words)
    if bare_wh:
        return ""
    if years := (_YEAR.search(rest), _YEAR.search(base)):
        said, stood = years
        if said and stood and len(words) <= 3:
            return base[: stood.start()] + said.group() + base[stood.end() :]
    if len(words) == 1 and (number := _NUMBER.fullmatch(rest)) and (stood := _NUMBER.search(base)):
        return base[: stood.start()] + number.group() + base[stood.end() :]
    first = words[0].low
    if first in {"when", "if", "while", "unless", "once", "because"} or (first in lex.PREPOSITIONS and len(words) > 1):
        return _same_opening(rest, first, base)
    return _same_kind(rest, base) or _behind(rest, base)


def _same_opening(rest: str, first: str, base: str) -> str:
    """In place of the part of the base that begins with the same preposition or conjunction."""
    like = next((pair for pair in _PAIRS if first in pair), {first})
    end = len(base.rstrip(" ?!."))
    for word in tokens(base)[1:]:
        if word.low in like:
            last = end
            if first in lex.PREPOSITIONS:
                inside = [p for p in phrases(base) if p.start >= word.end]
                last = inside[0].end if inside and inside[0].start <= word.end + 1 else end
            return f"{base[: word.start]}{rest}{base[last:]}"
    return _behind(rest, base)


def _same_kind(rest: str, base: str) -> str:
    """In place of the phrase of the base that is most like it; empty when none is."""
    if " " in rest and (deed := _deed(rest, base)):
        return deed
    said = phrases(rest)
    if len(said) != 1 or said[0].start > 0 or said[0].end < len(rest):
        one_word = re.fullmatch(r"[\w-]+", rest)
        if not one_word:
            return _relation(rest)
        said = [Phrase(rest, 0, len(rest), "", rest.lower(), False)]
    new = said[0]
    if (
        new.determiner
        and lex.singular(new.bare.split(" of ")[0].split()[-1].lower()) in lex.RELATIONAL
        and " of " in rest
    ):
        return _relation(rest)
    stood = phrases(base)
    if (rest[:1].isupper() or new.names) and (place := _name_place(rest, base, stood)):
        return base[: place[0]] + rest + base[place[1] :]
    if not new.determiner and not new.plural and re.fullmatch(r"[\w-]+", rest):
        label = next((p for p in stood if p.determiner == "the" and _labelled(p.bare)), None)
        if label is not None and _acts(label.head) == _acts(rest):
            return base[: label.end - len(label.text.split()[-1])] + rest + base[label.end :]
        if deed := _deed(rest, base):
            return deed
    for old in reversed(stood):
        if old.head == new.head:
            return base[: old.end - len(old.bare)] + new.bare + base[old.end :]
    for old in reversed(stood):
        if _alike(old, new):
            end = old.start + len(old.text.split(" of ")[0]) if " of " in old.text and " of " not in rest else old.end
            return base[: old.start] + rest + base[end:]
    return ""


def _labelled(bare: str) -> bool:
    """Whether a phrase is a noun and a label: `action flag`, `guard length`."""
    words = bare.split()
    return len(words) == 2 and words[0].lower() not in _QUALITIES and not words[1].endswith("ing")


def _deed(rest: str, base: str) -> str:
    """A verb, and what belongs to it, in place of that of the base: `And uphold?`; empty when it is none."""
    built = frame(base)
    if rest.split(maxsplit=1)[0].lower() not in lex.VERBS or built is None or not built.predicate:
        return ""
    at = base.rfind(built.predicate)
    old = built.predicate if " " in rest else built.predicate.split()[0]
    return base[:at] + rest + base[at + len(old) :]


def _acts(word: str) -> bool:
    """Whether a word is a verb or a participle by itself."""
    low = word.lower()
    return low in lex.VERBS or low in lex.PARTICIPLES or low.endswith("ed")


def _alike(old: Phrase, new: Phrase) -> bool:
    """Whether two phrases could stand in the same place: the same sort of article, the same number."""
    if old.determiner in {"which", "what", "how", "many", "much", "whose"} or old.head == SELF:
        return False
    sort = {"a": "a", "an": "a", "": ""}
    return sort.get(old.determiner, "the") == sort.get(new.determiner, "the") and old.plural == new.plural


def _name_place(rest: str, base: str, stood: list[Phrase]) -> tuple[int, int] | None:
    """Where the base names something of the same looks: the last name that is not the assistant's own."""
    found = []
    for phrase in stood:
        for word in tokens(phrase.text):
            at = phrase.start + word.start
            capital = word.text[0].isupper() and at > 0 and word.low != SELF and word.is_content
            if capital or word.text[0] in '`"“':
                found.append((at, at + len(word.text)))
    shape = [span for span in found if base[slice(*span)].isupper() == rest.isupper()]
    return next(reversed(shape or found), None)


def _relation(rest: str) -> str:
    """`the default of --max-pages` is a question of its own."""
    head = re.match(r"(?:the |a |an )?((?:\w+ )?\w+) of\b", rest, re.IGNORECASE)
    if head and lex.singular(head[1].split()[-1].lower()) in lex.RELATIONAL:
        return f"What is {rest}?"
    return ""


def _behind(rest: str, base: str) -> str:
    """Behind the base question, before its mark."""
    first = tokens(rest)[0].low
    end = len(base.rstrip(" ?!."))
    joined = " " if first in lex.PREPOSITIONS | lex.CONJUNCTIONS else ", "
    return f"{base[:end]}{joined}{rest}?"
