"""The words of a question that lean on what was said before.

A pronoun whose noun stands in the question itself does not lean (`What happens to a document when it is refused?`), nor
does an `it` that stands for nothing (`Is it possible to …`), a `that` that joins (`Does it say that …`), or a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from chains.conversation import lexicon as lex
from chains.conversation.frames import Phrase, Token, lex_verb, phrases, tokens


class Kind(StrEnum):
    """What a leaning word may stand for."""

    THING = "it"
    THINGS = "they"
    PERSON = "she"
    ONE = "one"
    ONES = "ones"
    MATTER = "that"  # a thing, or all that was spoken of
    NAMED = "that one"  # `that setting`: the noun is said, which one is not
    REST = "the other"  # told only by all that was said


@dataclass(frozen=True, slots=True)
class Mention:
    """A leaning word with its place in the question."""

    kind: Kind
    start: int
    end: int
    possessive: bool = False


_THING = {"it": False, "its": True, "it's": False}
_THINGS = {"they": False, "them": False, "their": True, "theirs": True, "they're": False}
_PERSON = {"he": False, "him": False, "his": True, "she": False, "her": True, "hers": True}
_EXPLETIVE = re.compile(
    r"\b(?:is|was|isn't|wasn't|be|would|will) it (?:\w+ly )?(?:be )?(?:not )?(?:a |an |the |any )?"
    r"(?:raining|snowing|\w+ time|(?:possible|impossible"
    r"|necessary|true|safe|allowed|ok|okay|required|worth|better|best|enough|legal|needed"
    r"|important|easy|hard|difficult|dangerous|wise|normal|common|sensible|useful|good|bad|fine|right|wrong|problem"
    r"|idea|permitted|forbidden|recommended|advisable|risky|clear|known|planned|intended|\w+er(?: or \w+er)?)\b"
    r" (?:\w+ )?(?:to|that|for|if|when|whether|[a-z]+ing) \w|\w+ed that\b)"
    r"|\b(?:does|did|will|would|can) it (?:take|matter|mean|cost|help|hurt|happen|make sense|follow|work)"
    r" (?:\w+ ){0,3}?(?:to|that|if|when|which|whether|what|how|who|where)\b"
    r"|\bit (?:is|was|takes|seems|happens|follows|makes sense|matters) (?:\w+ ){0,2}?(?:to|that|if|when|whether)\b",
    re.IGNORECASE,
)
# nouns of time and circumstance, which a noun of the question itself can have brought in
_CIRCUMSTANCES = frozenset("case day moment period point reason situation time way year".split())
_DEICTIC = frozenset(
    "app application assistant case chat company computer conversation day documentation house library machine manual"
    " moment month morning organisation page product program project site system time today tool version way week year"
    " server sort kind".split()
)
_SAYING = frozenset(
    "say says said know knows mean means tell tells see sees sure think show shows ensure check checks prove proves"
    " claim believe assume true possible find so given except provided fact likely certain case promise"
    " guarantee".split()
)
_REST = re.compile(
    r"\bof (?:the two|both)\b"
    r"|\bthe (?:latter|former|two|others?|rest|first|second|third|last)(?=\s*(?:[?.!]|$|ones?\b))"
    r"|(?<!anyone )(?<!anything )(?<!anywhere )(?<!everyone )"
    r"\b(?:the same|else|otherwise|instead|afterwards|then|there)"
    r"(?=\s*(?:[?.!]|$))",
    re.IGNORECASE,
)
_MEMBERS = frozenset("who that which of in with".split())  # `those who …`, `that of …`
_MOST_REST = 8  # words of a question that leans by one of those: a longer one says what it is the rest of


def mentions(question: str) -> tuple[Mention, ...]:
    """The leaning words of a question, in order; empty when every word is understood by itself."""
    words = tokens(question)
    nouns = phrases(question)
    idle = [match.span() for match in _EXPLETIVE.finditer(question)]
    found = []
    for i, word in enumerate(words):
        mention = _mention(words, i)
        if mention is None or any(a <= word.start < b and word.low == "it" for a, b in idle):
            continue
        if not _has_noun_here(words, i, nouns, mention):
            found.append(mention)
    rest = [] if len(words) > _MOST_REST else [Mention(Kind.REST, *match.span()) for match in _REST.finditer(question)]
    is_there = re.search(r"\b(?:is|are|was|were) there\W*$", question, re.IGNORECASE)
    return tuple(sorted(found + ([] if is_there else rest), key=lambda mention: mention.start))


def _mention(words: list[Token], i: int) -> Mention | None:
    word = words[i]
    low, before, after = word.low, words[i - 1] if i else None, words[i + 1] if i + 1 < len(words) else None
    for kind, forms in ((Kind.THING, _THING), (Kind.THINGS, _THINGS), (Kind.PERSON, _PERSON)):
        if low in forms:
            noun_follows = after is not None and after.is_content
            owns = forms[low] and (noun_follows or low in {"its", "their", "his"})
            return Mention(kind, word.start, word.end, owns or (low == "it's" and i > 0 and noun_follows))
    if low == "ones":
        told = after is not None and after.low in {"who", "that", "which"}
        return None if told else Mention(Kind.ONES, word.start, word.end)
    if low == "one" and (before is None or before.low not in {"this", "that"}):
        alone = after is None or not (after.is_content or after.low == "of")
        leans_on = before is not None and (before.is_content or before.low in lex.DETERMINERS | {"be", "been"})
        if before is not None and before.low == "which" and any(w.low == "or" for w in words):
            return None  # the choices are named
        return Mention(Kind.ONE, word.start, word.end) if alone and leans_on else None
    if low in {"this", "that", "these", "those"}:
        return _demonstrative(words, i, before, after)
    return None


def _demonstrative(words: list[Token], i: int, before: Token | None, after: Token | None) -> Mention | None:
    word = words[i]
    pronoun = Mention(Kind.THINGS if word.low in {"these", "those"} else Kind.MATTER, word.start, word.end)
    if after is None and before is not None and before.low in _SAYING - {"find", "check", "show"}:
        return Mention(Kind.REST, word.start, word.end)  # what was said, not what it was about
    if after is None or after.text in ",;:":
        return pronoun
    if after.low == "one" and (before is None or not before.is_content):
        return Mention(Kind.THING, word.start, after.end)
    if before is not None and before.low in lex.BE and i + 2 == len(words):
        return pronoun  # `Is that right?`
    if _points_within(words, i, after) or (
        word.low == "that" and before is not None and _joins(words, i, before, after)
    ):
        return None
    if after.is_content and not _acts(words, i):
        return Mention(Kind.NAMED, word.start, after.end)
    return pronoun


def _points_within(words: list[Token], i: int, after: Token) -> bool:
    """Whether a demonstrative is explained by what follows or by what everybody sees: `those who`, `this page`."""
    word = words[i]
    if word.low == "those" and (after.low in _MEMBERS or _is_participle(after.low)):
        return True
    if after.low in _CIRCUMSTANCES and any(w.is_content for w in words[:i]):
        return True
    return after.is_content and lex.singular(after.low) in _DEICTIC and word.low != "that"


def _joins(words: list[Token], i: int, before: Token, after: Token) -> bool:
    """Whether a `that` begins a clause or compares: `the page that …`, `Does it say that …`, `that of an engine`."""
    if after.low == "of" or after.low in (lex.DETERMINERS | lex.PRONOUNS) - {"one", "there", "here"}:
        return True
    if not (before.is_content or before.low in lex.CLAUSE_OPENERS):
        return False
    if before.low in _SAYING or not lex_is_verb(before):
        return True
    follows = words[i + 2] if i + 2 < len(words) else None
    closed = after.is_content and (follows is None or follows.low in lex.PREPOSITIONS)
    return not closed and after.low not in lex.PREPOSITIONS  # `Change that setting`, `Explain that in detail`


def _is_participle(low: str) -> bool:
    return low in lex.PARTICIPLES or (low.endswith("ing") and len(low) > 5)


def lex_is_verb(word: Token) -> bool:
    """Whether a word may be a verb in its base form."""
    return word.low in lex.VERBS


def _acts(words: list[Token], i: int) -> bool:
    """Whether the word behind a demonstrative is what it does, not what it is: `Does that work?`"""
    asked = i > 0 and words[i - 1].low in lex.DO | lex.MODALS
    done = (
        i > 0
        and words[i - 1].low in lex.BE
        and (words[i + 1].low in lex.STATES | lex.PARTICIPLES or words[i + 1].low.endswith("ed"))
    )
    after = words[i + 2] if i + 2 < len(words) else None
    verb = words[i + 1].low in lex.VERBS and (after is None or not lex_is_verb(after))
    many = words[i].low in {"these", "those"}
    disagrees = lex.is_plural(words[i + 1].low) != many and (many or not asked)  # `this represents`, `these affect`
    return (asked and verb) or done or (disagrees and (lex_verb(words[i + 1]) or not many))


def _has_noun_here(words: list[Token], i: int, nouns: list[Phrase], mention: Mention) -> bool:
    """Whether the question itself holds the noun: in another clause; for a possessive or a person, anywhere before."""
    before = [noun for noun in nouns if noun.end <= words[i].start]
    if mention.kind in {Kind.ONE, Kind.NAMED, Kind.REST}:
        return False
    if mention.kind is Kind.ONES:
        return any(noun.plural for noun in before)
    if mention.kind is Kind.PERSON:
        asked_who = any(w.low in {"who", "whom", "whose", "someone", "somebody"} for w in words[:i])
        return asked_who or any(noun.person or noun.names or noun.full_name for noun in before)
    if mention.possessive:
        return any(mention.kind is Kind.THINGS or not noun.person for noun in before)
    opened = bool(words) and words[0].low in lex.CLAUSE_OPENERS - lex.WH | {"when", "while"}
    for noun in before:
        if not agrees(noun, mention.kind):
            continue
        nearest = i - 1 if mention.kind is Kind.MATTER else i  # `after that`: no clause of its own
        between = [w for w in words[:nearest] if w.start >= noun.end]
        apart = any(w.low in lex.CLAUSE_OPENERS or w.text in ",;" for w in between)
        if apart or (opened and any(w.low in lex.DO | lex.MODALS for w in between)):
            return True
    return False


def agrees(noun: Phrase, kind: Kind) -> bool:
    """Whether a noun phrase can be what such a word stands for."""
    if kind in {Kind.THINGS, Kind.ONES}:
        return noun.plural or noun.person
    if kind is Kind.PERSON:
        return noun.person or noun.full_name
    return not noun.plural and not noun.person
